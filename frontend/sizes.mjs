// Checks the first-load and chunk sizes of a build against their bounds. Reads
// the gzip copies that compress.mjs leaves.
import { readFileSync, statSync } from 'node:fs';

const bounds = { 'index.html': 220, 'f.html': 100 };
const chunkBound = 260;
const folder = process.env.DIST ?? 'dist';
const manifest = JSON.parse(readFileSync(`${folder}/.vite/manifest.json`, 'utf8'));
const gz = (file) => statSync(`${folder}/${file}.gz`).size / 1024;

function firstLoad(entry, seen = new Set()) {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const next of manifest[entry].imports ?? []) firstLoad(next, seen);
  return seen;
}

let failed = false;
for (const [entry, bound] of Object.entries(bounds)) {
  const files = [...firstLoad(entry)].map((key) => manifest[key].file);
  const size = files.reduce((sum, file) => sum + gz(file), 0);
  const ok = size <= bound;
  failed ||= !ok;
  console.log(`${ok ? 'ok  ' : 'OVER'} ${entry}: ${size.toFixed(1)} KB gz of ${bound} in ${files.length} files`);
  if (process.argv.includes('--list')) for (const file of files) console.log(`       ${gz(file).toFixed(1)} ${file}`);
}
for (const chunk of Object.values(manifest)) {
  if (!chunk.file.endsWith('.js')) continue;
  if (gz(chunk.file) > chunkBound) {
    failed = true;
    console.log(`OVER ${chunk.file}: ${gz(chunk.file).toFixed(1)} KB gz of ${chunkBound}`);
  }
}
process.exit(failed ? 1 : 0);
