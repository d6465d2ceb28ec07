// Builds the binary the journeys drive, unless TENON_E2E_BINARY names one.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export default function build() {
  if (process.env.TENON_E2E_BINARY) return;
  if (!existsSync(join(root, 'frontend/dist/index.html.gz'))) throw new Error('build the UI first: npm run build');
  const folder = mkdtempSync(join(tmpdir(), 'tenon-journeys-'));
  const binary = join(folder, process.platform === 'win32' ? 'tenon.exe' : 'tenon');
  execFileSync('go', ['build', '-o', binary, './cmd/tenon'], { cwd: root, stdio: 'inherit' });
  // The workers inherit it.
  process.env.TENON_E2E_BINARY = binary;
  return () => rmSync(folder, { recursive: true, force: true });
}
