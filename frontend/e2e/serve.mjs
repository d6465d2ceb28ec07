// Serves the built UI for browser tests under the rules of embed.go: gzip
// copies, the same policy header, pages for routes and 404 for missing files.
// DIST and PORT choose another build and port.
// At /test/axe.js lies the judge of accessibility.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = process.env.DIST ?? fileURLToPath(new URL('../dist/', import.meta.url));
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const forever = 'public, max-age=31536000, immutable';
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};
const policy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'";

createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname));
  if (path === '/test/axe.js') {
    response.writeHead(200, { 'Content-Type': types['.js'], 'Cache-Control': forever });
    response.end(readFileSync(axe));
    return;
  }
  const found = (name) =>
    existsSync(join(dist, `${name}.gz`)) ? `${name}.gz` : extname(name) && existsSync(join(dist, name)) ? name : null;
  const page = /^\/f(\/|$)/.test(path) ? 'f.html' : 'index.html';
  const name =
    found(path) ?? (path.startsWith('/api') || path.startsWith('/assets') || extname(path) ? null : found(page));
  if (!name) {
    response.writeHead(404).end('not found');
    return;
  }
  const type = types[extname(name.replace(/\.gz$/, ''))] ?? 'application/octet-stream';
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': path.startsWith('/assets/') ? forever : 'no-cache',
    ...(name.endsWith('.gz') ? { 'Content-Encoding': 'gzip' } : {}),
  });
  response.end(readFileSync(join(dist, name)));
}).listen(Number(process.env.PORT ?? 4173), '127.0.0.1');
