/** The registry that holds the images: the embedded one, or the one that the settings name; and how engines read from it. */
import { join } from 'node:path';
import type { Beside } from './api/api.ts';
import type { RegistryAccess } from './drivers/engine/engine.ts';
import { openExternalRegistry } from './drivers/registry/distribution/external-registry.ts';
import { openImageAccess } from './drivers/registry/distribution/image-access.ts';
import { type Authenticate, credentialsOf } from './drivers/registry/embedded/authentication.ts';
import { elsewhere } from './drivers/registry/embedded/elsewhere.ts';
import { openEmbeddedRegistry } from './drivers/registry/embedded/embedded-registry.ts';
import type { Registry } from './drivers/registry/registry.ts';
import type { Settings } from './settings.ts';
import type { TokenStore } from './store/token.ts';

export type OpenRegistry = {
  readonly registry: Registry;
  readonly access: RegistryAccess;
  /** What is served under `/v2/`. */
  readonly beside: Beside;
  close(): void;
};

type World = {
  readonly version: string;
  /** The platform's own token. */
  readonly token: string;
  readonly tokens: Pick<TokenStore, 'owner'>;
  readonly warn: (fields: object, message: string) => void;
};

export async function openRegistry(settings: Settings, world: World): Promise<OpenRegistry> {
  return settings.registry === null ? openOwn(settings, world) : openOther(settings.registry, settings.home, world);
}

async function openOwn({ home, address: host }: Settings, { version, token, tokens, warn }: World): Promise<OpenRegistry> {
  const authenticate = briefly(async (header) => tokens.owner(tokenIn(header)));
  const embedded = await openEmbeddedRegistry({ folder: join(home, 'registry'), host, authenticate, warn });
  const images = openImageAccess({ host, own: embedded.images, version, findings: findingsIn(home) });
  return {
    registry: { ...images, ...embedded.registry },
    access: { host, login: async () => ({ username: 'beluga', password: token }) },
    beside: { prefix: '/v2', handle: embedded.handle },
    close: () => {
      embedded.close();
      images.close();
    },
  };
}

/** What is wrong with it is said at the start, and again with each thing that needs it: the server itself works without. */
async function openOther(setting: NonNullable<Settings['registry']>, home: string, { version, warn }: World): Promise<OpenRegistry> {
  const registry = openExternalRegistry({ ...setting, version, findings: findingsIn(home) });
  const { host, namespace, login } = registry;
  void registry.check().catch((error: unknown) => warn({ problem: String(error) }, 'The registry cannot be used yet.'));
  const place = namespace === '' ? host : `${host}/${namespace}`;
  return { registry, access: { host, login }, beside: { prefix: '/v2', handle: elsewhere(place) }, close: () => registry.close() };
}

/** Among what can be made again. */
function findingsIn(home: string): string {
  return join(home, 'cache', 'findings');
}

/** The token in a Basic (as password) or Bearer header; empty without one. */
function tokenIn(header: string | undefined): string {
  const credentials = credentialsOf(header);
  return credentials?.kind === 'basic' ? credentials.password : (credentials?.token ?? '');
}

/** A push is dozens of requests with one token: who it belongs to is asked of the database every few seconds, not each time. */
function briefly(authenticate: Authenticate): Authenticate {
  const trustedMs = 5_000;
  const known = new Map<string, { readonly untilMs: number; readonly identity: ReturnType<Authenticate> }>();
  return (header = '') => {
    const nowMs = performance.now();
    const found = known.get(header);
    if (found !== undefined && found.untilMs > nowMs) return found.identity;
    if (known.size > 1_000) known.clear();
    const identity = authenticate(header);
    known.set(header, { untilMs: nowMs + trustedMs, identity });
    identity.catch(() => known.delete(header));
    return identity;
  };
}
