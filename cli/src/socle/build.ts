/** From a socle's folder to its next version: the vendor base, the company's files over it, recorded under its name. */
import { join } from 'node:path';
import { root as rootOwner } from '@beluga/oci/entry';
import { assemble } from '@beluga/oci/image';
import { type PushReport, pushImage } from '@beluga/oci/push';
import { Registry } from '@beluga/oci/registry';
import { readTree } from '@beluga/oci/tree';
import type { Io } from '../output/io.ts';
import type { ImagePlatform } from '../platform/registry.ts';
import { buildContainerfile } from '../source/containerfile.ts';
import { pushProgress } from '../source/push-progress.ts';
import type { SocleFolder } from './manifest.ts';
import { cacheOf, machineBase, type VendorBase, vendorImage } from './vendor.ts';

export type BuiltSocle = {
  readonly name: string;
  readonly number: number;
  readonly image: string;
  readonly vendor: string;
  readonly runtime: Readonly<Record<string, string>>;
  readonly sentBytes: number;
};

/** The same folder on the same base gives the same image, which is recorded once. */
export async function buildSocle(io: Io, platform: ImagePlatform, socle: SocleFolder): Promise<BuiltSocle> {
  const registry = new Registry(platform.registry.host, platform.registry.options);
  try {
    return await io.progress.during(`Building socle ${socle.spec.name}`, async (note) => {
      const base = await baseOf(io, platform, registry, socle, note);
      const report = await pushSocle(io, platform, registry, socle, base, note);
      return await record(platform, socle, base, report);
    });
  } finally {
    registry.close();
  }
}

async function baseOf(
  io: Io,
  platform: ImagePlatform,
  registry: Registry,
  socle: SocleFolder,
  note: (words: string) => void,
): Promise<VendorBase> {
  const { base } = socle.spec;
  switch (base.kind) {
    case 'image':
      note(`vendor base ${base.image}`);
      return vendorImage(io, platform, registry, base.image, note);
    case 'machine':
      return machineBase(io, platform, registry, note);
    case 'containerfile':
      return containerfileBase(io, platform, socle, base.file, note);
  }
}

/** The image that came of it is what the socle lies over; its own base, pinned, is the vendor's. */
async function containerfileBase(
  io: Io,
  platform: ImagePlatform,
  { folder, spec }: SocleFolder,
  file: string,
  note: (words: string) => void,
): Promise<VendorBase> {
  const repository = platform.registry.repository(`socle/${spec.name}`);
  const { image, bases } = await buildContainerfile(io, platform, { folder, file, repository, title: spec.name, storey: 'socle' }, note);
  const reference = `${platform.registry.host}/${repository}@${image.digest}`;
  return { image, reference: bases.at(-1)?.pinned ?? reference, name: bases.at(-1)?.named ?? file, runtime: {} };
}

async function pushSocle(
  io: Io,
  platform: ImagePlatform,
  registry: Registry,
  { folder, spec }: SocleFolder,
  base: VendorBase,
  note: (words: string) => void,
): Promise<PushReport> {
  const entries = spec.root === null ? [] : await readTree(join(folder, spec.root));
  const request = { name: `socle ${folder}`, entries, owner: rootOwner, compression: 'gzip' } as const;
  const layers = entries.length === 0 ? [] : [{ layer: await cacheOf(io).layer(request), storey: 'socle' as const, from: spec.name }];
  const image = assemble({
    base: { image: base.image, name: base.name },
    layers,
    run: { environment: spec.env },
    annotations: { 'org.opencontainers.image.title': spec.name },
  });
  return pushImage(image, registry, platform.registry.repository(`socle/${spec.name}`), { progress: pushProgress(note) });
}

async function record(platform: ImagePlatform, { spec }: SocleFolder, base: VendorBase, report: PushReport): Promise<BuiltSocle> {
  const layers = report.layers.map(({ digest, sizeBytes, storey }) => ({ digest, sizeBytes, storey }));
  const runtime = { ...base.runtime, ...spec.runtime };
  const recorded = await platform.client.recordSocle({ name: spec.name, image: report.image, vendor: base.reference, layers, runtime });
  const { name, number, image, vendor } = recorded;
  return { name, number, image, vendor, runtime, sentBytes: report.sentBytes };
}
