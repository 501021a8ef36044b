/** A request with its answer, and what every endpoint works with. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity } from './authentication.ts';
import type { BlobStore } from './blob-store.ts';
import type { Locks } from './locks.ts';
import type { ManifestStore } from './manifest-store.ts';
import { RegistryProblem } from './problem.ts';
import type { RepositoryStore } from './repository-store.ts';
import type { Route } from './routes.ts';
import type { TagRules } from './tag-rules.ts';
import type { UploadStore } from './upload-store.ts';

export type Parts = {
  readonly folder: string;
  readonly blobs: BlobStore;
  readonly repositories: RepositoryStore;
  readonly manifests: ManifestStore;
  readonly uploads: UploadStore;
  readonly locks: Locks;
  /** Digests linked to a repository since the collection under way began; null while there is none. */
  readonly collection: { linked: Set<string> | null };
  readonly tagRules: TagRules;
  /** A transfer on which nothing moves for so long is given up. */
  readonly idleMs: number;
  /** How often at most the time of being asked for is written down. */
  readonly touchEveryMs: number;
  readonly nowMs: () => number;
};

export type Exchange = Route & {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly identity: Identity;
};

export type Handler = (parts: Parts, exchange: Exchange) => Promise<void>;

export function reply(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string | number>> = {},
  body?: string | Buffer,
): void {
  response.writeHead(status, { 'Content-Length': body === undefined ? 0 : Buffer.byteLength(body), ...headers });
  response.end(body);
}

export function replyJson(response: ServerResponse, value: unknown, headers: Readonly<Record<string, string>> = {}): void {
  reply(response, 200, { 'Content-Type': 'application/json', ...headers }, JSON.stringify(value));
}

/** The `n` of a listing, at most `most`; refuses what is not a whole number. */
export function pageRequest({ query }: Exchange, most: number | null): { n: number | null; last: string | null } {
  const n = query.get('n');
  if (n !== null && !/^\d{1,9}$/.test(n))
    throw new RegistryProblem('UNSUPPORTED', `n is "${n.slice(0, 50)}"; give a whole number.`, { status: 400 });
  const asked = n === null ? most : Number(n);
  return { n: asked === null || most === null ? asked : Math.min(asked, most), last: query.get('last') };
}

/** The header that points at the next page of a listing (RFC 5988), or none. */
export function nextPage(path: string, query: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { Link: `<${path}?${new URLSearchParams(query).toString()}>; rel="next"` };
}

export function lockOfRepository(name: string): string {
  return `repository ${name}`;
}

export function lockOfBlob(digest: { readonly text: string }): string {
  return `blob ${digest.text}`;
}
