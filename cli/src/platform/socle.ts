/** The default socle: made from a vendor base that a registry gives, or from this machine's own Node and its libraries. */
import { Registry } from '@beluga/oci/registry';
import { CliError } from '../errors.ts';
import type { Io } from '../output/io.ts';
import { machineBase, type VendorBase, vendorImage } from '../socle/vendor.ts';
import type { ImagePlatform } from './registry.ts';

export const defaultSocle = 'node-26';
const vendor = 'docker.io/library/node:26-bookworm-slim';
/** What that image is made on. */
const vendorLibrary = { libc: 'glibc-2.36' };
const briefMs = 3_000;

/** Records the default socle when the platform does not know it yet. */
export async function ensureSocle(io: Io, platform: ImagePlatform): Promise<void> {
  const { items } = await platform.client.listSocles();
  if (items.some((socle) => socle.name === defaultSocle)) return;
  await io.progress.during(`Making the socle ${defaultSocle}`, async (note) => {
    const { image, reference, runtime } = await makeSocle(io, platform, note);
    const layers = image.layers.map(({ descriptor, storey }) => ({ digest: descriptor.digest, sizeBytes: descriptor.size, storey }));
    await platform.client.recordSocle({ name: defaultSocle, image: reference, vendor: reference, layers, runtime });
  });
}

async function makeSocle(io: Io, platform: ImagePlatform, note: (words: string) => void): Promise<VendorBase> {
  const registry = new Registry(platform.registry.host, platform.registry.options);
  try {
    const named = io.env['BELUGA_VENDOR_BASE'];
    if (named !== undefined) return await vendorImage(io, platform, registry, named, note);
    note(`asking for ${vendor}`);
    const found = (await isReachable(vendor)) ? await vendorImage(io, platform, registry, vendor, note).catch(() => null) : null;
    if (found !== null) return { ...found, runtime: { ...vendorLibrary, ...found.runtime } };
    note(`no registry gives ${vendor}; using Node ${process.version} of this machine`);
    return await machineBase(io, platform, registry, note);
  } catch (error) {
    throw failed(error);
  } finally {
    registry.close();
  }
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
