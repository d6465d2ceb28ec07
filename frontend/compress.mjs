// Replaces the text files of the build by a brotli and a gzip copy each, which
// is all the binary embeds. The output depends on the input only. The folder is
// the argument, dist by default.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const text = /\.(js|css|html|svg|json|webmanifest|txt)$/;
let raw = 0;
let packed = 0;

function walk(folder) {
  for (const name of readdirSync(folder).sort()) {
    const file = join(folder, name);
    if (statSync(file).isDirectory()) {
      // The manifest serves the size check only; hidden folders are not served.
      if (!name.startsWith('.')) walk(file);
      continue;
    }
    if (!text.test(name)) continue;
    const body = readFileSync(file);
    const br = brotliCompressSync(body, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
    });
    const gz = gzipSync(body, { level: 9 });
    writeFileSync(`${file}.br`, br);
    writeFileSync(`${file}.gz`, gz);
    rmSync(file);
    raw += body.length;
    packed += br.length;
  }
}

const folder = process.argv[2] ?? 'dist';
walk(folder);
if (folder === 'dist') writeFileSync('dist/.keep', '');
console.log(`compressed ${(raw / 1024).toFixed(0)} KB to ${(packed / 1024).toFixed(0)} KB (brotli)`);
