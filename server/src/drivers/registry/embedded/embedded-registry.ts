/**
 * Beluga's own registry: the OCI distribution specification 1.1 over a folder on disk.
 *
 * On disk: `blobs/sha256/ab/<hex>` the bytes, once for all repositories; `repositories/<name>/_layers` which blobs a repository holds;
 * `repositories/<name>/_manifests` its manifests, tags and referrers; `uploads` what is on its way in; `quarantine` what was found corrupt.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Images } from '../distribution/images.ts';
import type { Registry } from '../registry.ts';
import { openAccessTokens } from './access-token.ts';
import { type Authenticate, actionOf, identify, refuseForbidden, tokenPath } from './authentication.ts';
import { deleteBlob, getBlob, headBlob } from './blob-answers.ts';
import { BlobStore } from './blob-store.ts';
import { collect } from './collect.ts';
import { ensureFolder } from './durable-files.ts';
import type { Handler, Parts } from './exchange.ts';
import { holds, keep } from './holds.ts';
import { answerBase, listReferrers, listRepositories, listTags } from './listing-answers.ts';
import { Locks } from './locks.ts';
import { deleteManifest, getManifest, putManifest } from './manifest-answers.ts';
import { ManifestStore } from './manifest-store.ts';
import { openOwnImages } from './own-images.ts';
import { RegistryProblem } from './problem.ts';
import { RepositoryStore } from './repository-store.ts';
import { type Endpoint, routeOf } from './routes.ts';
import { defaultTagRules, type TagRules } from './tag-rules.ts';
import { answerToken, type Door } from './token-answers.ts';
import { appendToUpload, beginUpload, cancelUpload, finishUpload, statusOfUpload } from './upload-answers.ts';
import { UploadStore } from './upload-store.ts';

export type EmbeddedRegistryOptions = {
  /** Where everything is kept; created when it is not there. One process at a time. */
  readonly folder: string;
  /** `host:port` under which clients reach it. */
  readonly host: string;
  readonly authenticate: Authenticate;
  readonly tagRules?: TagRules;
  /** An upload that nobody has written to for so long is discarded, at start and every so often; an hour unless given. */
  readonly uploadAgeMs?: number;
  /** A transfer on which nothing moves for so long is given up; a minute unless given. */
  readonly idleMs?: number;
  /** What was pushed, or asked for in order to push, so recently is never collected; an hour unless given. */
  readonly graceMs?: number;
  /** Told what an operator should know: a corrupt blob, an unexpected error. */
  readonly warn?: (fields: object, message: string) => void;
  readonly now?: () => Temporal.Instant;
};

export type EmbeddedRegistry = {
  readonly registry: Pick<Registry, 'host' | 'namespace' | 'kind' | 'plainHttp' | 'holds' | 'keep' | 'collect'>;
  /** The same from within this process. */
  readonly images: Images;
  /** Answers a request whose path begins with `/v2`; never throws. The HTTP server must set no limit on the time of a whole request. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Stops its timer; requests under way end by themselves. */
  close(): void;
};

const hourMs = 3_600_000;

const endpoints: Readonly<Record<Endpoint, Readonly<Partial<Record<string, Handler>>>>> = {
  base: { GET: answerBase, HEAD: answerBase },
  catalog: { GET: listRepositories },
  tags: { GET: listTags },
  manifest: { GET: getManifest, HEAD: getManifest, PUT: putManifest, DELETE: deleteManifest },
  blob: { GET: getBlob, HEAD: headBlob, DELETE: deleteBlob },
  uploads: { POST: beginUpload },
  upload: { GET: statusOfUpload, PATCH: appendToUpload, PUT: finishUpload, DELETE: cancelUpload },
  referrers: { GET: listReferrers },
};

/** Opens the registry of a folder and discards the uploads that went stale while nobody served it. */
export async function openEmbeddedRegistry(options: EmbeddedRegistryOptions): Promise<EmbeddedRegistry> {
  const parts = partsOf(options);
  const door = { authenticate: options.authenticate, tokens: openAccessTokens(parts.nowMs) };
  const { uploadAgeMs = hourMs, graceMs = hourMs, warn = ignore } = options;
  for (const folder of ['uploads', 'blobs', 'repositories']) await ensureFolder(join(options.folder, folder));
  const discardStale = () => parts.uploads.discardStale(parts.nowMs() - uploadAgeMs);
  await discardStale();
  const timer = setInterval(
    () => void discardStale().catch((problem: unknown) => warn({ problem }, 'Stale uploads could not be discarded.')),
    uploadAgeMs / 4,
  );
  timer.unref();
  return {
    registry: {
      ...{ host: options.host, namespace: '', kind: 'embedded', plainHttp: true },
      holds: (image) => holds(parts, options.host, image),
      keep: (image) => keep(parts, options.host, image),
      collect: (digests, olderThan) => collect(parts, { keep: digests, olderThan }, graceMs),
    },
    images: openOwnImages(parts, options.host),
    handle: (request, response) =>
      void answer(parts, door, request, response)
        .catch((problem: unknown) => refuse(response, problem, warn))
        .finally(() => request.resume()),
    close: () => clearInterval(timer),
  };
}

function partsOf(options: EmbeddedRegistryOptions): Parts {
  const { folder, tagRules = defaultTagRules, idleMs = 60_000, graceMs = hourMs, warn = ignore, now = Temporal.Now.instant } = options;
  const aside = join(folder, 'uploads');
  const repositories = new RepositoryStore(folder, aside);
  return {
    folder,
    blobs: new BlobStore(folder, ({ text }, actual, quarantine) =>
      warn({ digest: text, actual, quarantine }, 'A blob is corrupt and was put in quarantine.'),
    ),
    repositories,
    manifests: new ManifestStore(repositories, aside),
    uploads: new UploadStore(aside),
    locks: new Locks(),
    collection: { linked: null },
    tagRules,
    idleMs,
    touchEveryMs: Math.min(60_000, graceMs / 4),
    nowMs: () => now().epochMilliseconds,
  };
}

async function answer(parts: Parts, door: Door, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('Docker-Distribution-API-Version', 'registry/2.0');
  const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
  if (path === tokenPath) return answerToken(door, request, response, new URLSearchParams(query));
  const identity = await identify(door.authenticate, door.tokens, request);
  const route = routeOf(path);
  const handler = endpoints[route.endpoint][request.method ?? ''];
  if (handler === undefined) throw unsupported(request, route.endpoint);
  if (route.endpoint !== 'base') refuseForbidden(identity, route.name, actionOf(request), request);
  await handler(parts, { ...route, request, response, query: new URLSearchParams(query), identity });
}

function unsupported({ method }: IncomingMessage, endpoint: Endpoint): RegistryProblem {
  const allowed = Object.keys(endpoints[endpoint]).join(', ');
  return new RegistryProblem('UNSUPPORTED', `${method ?? 'This method'} means nothing here; use ${allowed}.`, {
    headers: { Allow: allowed },
  });
}

function refuse(response: ServerResponse, problem: unknown, warn: (fields: object, message: string) => void): void {
  const known = problem instanceof RegistryProblem ? problem : null;
  if (response.headersSent || response.destroyed) return void response.destroy();
  if (known === null) warn({ problem }, 'The registry met an error that it does not know.');
  const { status, headers, body } =
    known ?? new RegistryProblem('UNKNOWN', 'Something broke in the registry; see the server log. Try again.');
  response.writeHead(status, { ...headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function ignore(): void {}
