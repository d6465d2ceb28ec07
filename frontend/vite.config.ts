import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

type Modules = { getModuleInfo(id: string): { importedIds: readonly string[] } | null };

const src = fileURLToPath(new URL('./src', import.meta.url));

// Libraries that many lazy chunks share get files of their own, so that a change
// of our code never invalidates them in a browser's cache.
const shared: [name: string, test: RegExp][] = [
  ['react', /node_modules\/(react|react-dom|scheduler)\//],
  ['codemirror', /node_modules\/(@codemirror|@lezer|style-mod|w3c-keyname|crelt)\//],
  ['xyflow', /node_modules\/(@xyflow|@dagrejs|d3-[a-z]+)\//],
  ['echarts', /node_modules\/(echarts|zrender)\//],
  ['editor', /node_modules\/(@tiptap|prosemirror-[a-z]+|orderedmap|rope-sequence|linkifyjs)\//],
];

// The small parts that every page shares travel in one file. Those that wrap the
// component library or the router stay out: public pages start without either.
const wrapping =
  /\/kit\/(MantineScope|KitProvider|theme\.ts|mantine|Tooltip|IconButton|Menu|Popover|Dialog|Drawer|Overlay|Select|SidePanel|confirm|DateInput|Breadcrumbs|LinkButton|index\.ts)/;

function isPlain(id: string): boolean {
  return /\/src\/(kit\/|api\/client|locales\/(index|text|format))/.test(id) && !wrapping.test(id);
}

const loaded = new Map<string, Set<string>>();

/** The modules that come with a file of ours. */
function loadedBy(file: string, modules: Modules): Set<string> {
  let all = loaded.get(file);
  if (!all) {
    all = new Set([`${src}/${file}`]);
    for (const id of all) for (const next of modules.getModuleInfo(id)?.importedIds ?? []) all.add(next);
    loaded.set(file, all);
  }
  return all;
}

// Public pages load nothing of what the rest of the product starts with, and a
// public form nothing that only members use.
function atStart(id: string, modules: Modules): string | null {
  if (/\/src\/main\.tsx$|\.html/.test(id) || loadedBy('public/main.tsx', modules).has(id)) return null;
  return 'start';
}

function inPublicForm(id: string, modules: Modules): string | null {
  return loadedBy('public/PublicForm.tsx', modules).has(id) ? 'form' : null;
}

// Every file costs a request and a task of the browser, so what at least two lazy
// chunks share travels in few files. Each group builds on those before it.
const layers: [name: string, test: RegExp][] = [
  ['kit', /\/src\/(api|kit)\/(?!DateInput)|node_modules\/(@mantine\/(core|hooks)|@floating-ui|@tanstack)\//],
  ['shell', /\/src\/(pages\/(shell|inbox|errors)|runtime\/app)\/|\/src\/(runtime|pages)\/[^/]+$/],
  ['filter', /\/src\/runtime\/filter\//],
  ['record', /\/src\/runtime\/record\//],
  ['list', /\/src\/(runtime\/list|views)\//],
  ['build', /\/src\/builder\//],
];

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: [
      { find: '@', replacement: src },
      { find: /^\.{1,2}\/use-id\/use-id\.mjs$/, replacement: `${src}/kit/use-id.ts` },
    ],
  },
  build: {
    target: 'es2022',
    manifest: true,
    // The content security policy allows no data: fonts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      input: {
        index: fileURLToPath(new URL('./index.html', import.meta.url)),
        f: fileURLToPath(new URL('./f.html', import.meta.url)),
      },
      output: {
        codeSplitting: {
          groups: [
            // A group takes what its modules import along; what others use too stays out of it.
            { name: 'tslib', test: /node_modules\/tslib\//, priority: 20 },
            ...shared.map(([name, test]) => ({ name, test, priority: 10 })),
            { name: 'base', test: isPlain, minShareCount: 2, priority: 5 },
            { name: atStart, tags: ['$initial'], priority: 4 },
            { name: inPublicForm, minShareCount: 2, priority: 3 },
            ...layers.map(([name, test], i) => ({ name, test, minShareCount: 2, priority: 2 - i / 10 })),
          ],
        },
      },
    },
  },
  server: { port: 5173, proxy: { '/api': 'http://127.0.0.1:8080' } },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test/setup.ts'],
    css: { modules: { classNameStrategy: 'non-scoped' } },
    maxWorkers: 2,
    // The laws that read every source file take long on a machine that is busy elsewhere.
    testTimeout: 30_000,
  },
});
