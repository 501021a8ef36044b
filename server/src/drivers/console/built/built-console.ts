/**
 * The console as it was built: files in memory, each with its compressed twin, served with a policy that lets nothing from elsewhere in.
 *
 * Names under `assets/` carry a hash of their content and are kept for good; the page itself is asked for every time. Whatever is no
 * file is a place in the console, so the page is the answer and shows it.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

export type Handle = (request: IncomingMessage, response: ServerResponse) => void;
type Built = { readonly content: Buffer; readonly packed: Buffer | null; readonly headers: Readonly<Record<string, string>> };

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** PatternFly and React set styles through the object model, which `style-src 'self'` allows; no markup carries one. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const always = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Reads the built console; where there is none, every place says how to build it. */
export async function openConsole(folder: string): Promise<Handle> {
  const files = await readAll(folder).catch(() => new Map<string, Built>());
  const page = files.get('/index.html') ?? null;
  return (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const found = files.get(path) ?? (isFile(path) ? null : page);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(response, 405, 'The console is only read.', { allow: 'GET, HEAD' });
    if (page === null) return refuse(response, 503, 'The console is not built. Run `./beluga up` in the checkout, it builds it.');
    if (found === null) return refuse(response, 404, 'There is no such file.');
    answer(request, response, found);
  };
}

async function readAll(folder: string): Promise<ReadonlyMap<string, Built>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const plain = paths.filter((path) => types[extname(path)] !== undefined);
  const built = plain.map(async (path): Promise<[string, Built]> => {
    const content = await readFile(path);
    const packed = paths.includes(`${path}.gz`) ? await readFile(`${path}.gz`) : null;
    const name = path.slice(folder.length).replace(/^\/?/, '/');
    return [name, { content, packed, headers: headersOf(name, content, packed !== null) }];
  });
  return new Map(await Promise.all(built));
}

function headersOf(name: string, content: Buffer, packed: boolean): Readonly<Record<string, string>> {
  const kept = name.startsWith('/assets/');
  return {
    ...always,
    'content-type': types[extname(name)] ?? 'application/octet-stream',
    'cache-control': kept ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
    ...(packed ? { vary: 'accept-encoding' } : {}),
  };
}

function isFile(path: string): boolean {
  return path.startsWith('/assets/') || types[extname(path)] !== undefined;
}

function answer(request: IncomingMessage, response: ServerResponse, { content, packed, headers }: Built): void {
  if (request.headers['if-none-match'] === headers['etag']) {
    response.writeHead(304, headers).end();
    return;
  }
  const small = packed !== null && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  const body = small ? packed : content;
  response.writeHead(200, { ...headers, 'content-length': body.length, ...(small ? { 'content-encoding': 'gzip' } : {}) });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function refuse(response: ServerResponse, status: number, sentence: string, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { ...always, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers });
  response.end(`${sentence}\n`);
}
