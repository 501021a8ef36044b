/** The default socle: made from a vendor base that a registry gives, or from this machine's own Node and its libraries. */
import { join } from 'node:path';
import { assembleNodeBase } from '@beluga/oci/base';
import { LayerCache } from '@beluga/oci/cache';
import { copyImage } from '@beluga/oci/copy';
import { type PushReport, pushImage } from '@beluga/oci/push';
import { Registry } from '@beluga/oci/registry';
import { CliError } from '../errors.ts';
import type { Io } from '../output/io.ts';
import { homeOf, type Platform } from './home.ts';

export const defaultSocle = 'node-26';
const vendorBase = 'docker.io/library/node:26-bookworm-slim';
const briefMs = 3_000;

/** Records the default socle when the platform does not know it yet. */
export async function ensureSocle(io: Io, platform: Platform): Promise<void> {
  const { items } = await platform.client.listSocles();
  if (items.some((socle) => socle.name === defaultSocle)) return;
  await io.progress.during(`Making the socle ${defaultSocle}`, async (note) => {
    const made = await makeSocle(io, platform, note);
    const layers = made.layers.map(({ digest, sizeBytes, storey }) => ({ digest, sizeBytes, storey }));
    await platform.client.recordSocle({ name: defaultSocle, image: made.image, vendor: made.image, layers });
  });
}

async function makeSocle(io: Io, platform: Platform, note: (words: string) => void): Promise<PushReport> {
  const named = io.env['BELUGA_VENDOR_BASE'];
  if (named !== undefined) return pulled(io, platform, named).catch((error: unknown) => Promise.reject(failed(error)));
  note(`asking for ${vendorBase}`);
  const found = (await isReachable(vendorBase)) ? await pulled(io, platform, vendorBase).catch(() => null) : null;
  if (found !== null) return found;
  note(`no registry gives ${vendorBase}; using Node ${process.version} of this machine`);
  return assembled(io, platform).catch((error: unknown) => Promise.reject(failed(error)));
}

function failed(error: unknown): CliError {
  const problem = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
  return new CliError('socle-failed', { socle: defaultSocle, problem }, { cause: error });
}

async function isReachable(reference: string): Promise<boolean> {
  const host = reference.slice(0, reference.indexOf('/'));
  const address = host === 'docker.io' ? 'registry-1.docker.io' : host;
  return fetch(`https://${address}/v2/`, { signal: AbortSignal.timeout(briefMs) }).then(
    () => true,
    () => false,
  );
}

async function pulled(io: Io, platform: Platform, reference: string): Promise<PushReport> {
  const cache = new LayerCache(cacheOf(io));
  return copyImage(reference, { registry: platform.registry, repository: 'vendor/node' }, { cache, to: optionsOf(platform) });
}

async function assembled(io: Io, platform: Platform): Promise<PushReport> {
  const image = await assembleNodeBase(process.execPath, { cache: cacheOf(io) });
  const registry = new Registry(platform.registry, optionsOf(platform));
  try {
    return await pushImage(image, registry, 'vendor/node');
  } finally {
    registry.close();
  }
}

function optionsOf({ token }: Platform) {
  return { credentials: { kind: 'password' as const, username: 'beluga', password: token } };
}

function cacheOf({ env }: Io): string {
  return join(env['BELUGA_CACHE'] ?? homeOf(env), 'cache');
}
