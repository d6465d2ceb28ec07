import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

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

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': src } },
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
