/** Builds a Containerfile through the engine at hand, every image it names pinned by digest, and pushes what came of it. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type PinnedBase, pinContainerfile } from '@beluga/oci/containerfile';
import type { Image } from '@beluga/oci/image';
import type { Storey } from '@beluga/oci/manifest';
import { pushImage } from '@beluga/oci/push';
import type { Base } from '@beluga/oci/rebase';
import { formatReference, parseReference, type Reference } from '@beluga/oci/reference';
import { push, Registry } from '@beluga/oci/registry';
import { fetchImage } from '@beluga/oci/remote';
import { withStoreys } from '@beluga/oci/storeys';
import { CliError } from '../errors.ts';
import type { Io } from '../output/io.ts';
import type { ImagePlatform } from '../platform/registry.ts';
import { runProgram } from '../setup/child.ts';
import { type Builder, builderAtHand } from './builder.ts';

export type ContainerfileBuild = {
  /** What is sent to the engine. */
  readonly folder: string;
  /** The Containerfile, relative to the folder. */
  readonly file: string;
  readonly repository: string;
  readonly title: string;
  /** What its own layers are; those of its base are what they are there. */
  readonly storey: Storey;
};

/** The image in the platform's registry, by digest. Throws `builder-missing`, `builder-failed`, `base-not-pinned`. */
export async function buildContainerfile(
  io: Io,
  platform: ImagePlatform,
  build: ContainerfileBuild,
  note: (words: string) => void,
): Promise<{ readonly image: Image; readonly bases: readonly PinnedBase[] }> {
  const registry = new Registry(platform.registry.host, platform.registry.options);
  const aside = await mkdtemp(join(tmpdir(), 'beluga-build-'));
  try {
    const { text, bases } = await pinned(platform, build);
    await writeFile(join(aside, 'Containerfile'), text);
    const builder = await builderAtHand(io, platform, aside);
    note(`built by ${builder.name}`);
    const tag = `build-${randomBytes(8).toString('hex')}`;
    await perform(builder, build, join(aside, 'Containerfile'), `${platform.registry.host}/${build.repository}:${tag}`, note);
    const built = await fetchImage(registry, { registry: platform.registry.host, repository: build.repository, tag });
    const image = withStoreys(built, await Promise.all(bases.map((base) => fetched(platform, base))), build.storey);
    await pushImage(image, registry, build.repository);
    await untag(registry, build.repository, tag);
    return { image: await fetchImage(registry, parseReference(`${platform.registry.host}/${build.repository}@${image.digest}`)), bases };
  } finally {
    registry.close();
    await rm(aside, { recursive: true, force: true });
  }
}

/** `socle/NAME` is a socle of the platform; every other name is asked of its registry. */
async function pinned(platform: ImagePlatform, { folder, file }: ContainerfileBuild) {
  const path = join(folder, file);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError('file-unreadable', { file: path, problem: error.code ?? error.message });
  });
  return pinContainerfile(text, relative('.', path), (named) => pin(platform, named));
}

/** A base as the registry has it, with the storeys that are written on its layers. */
async function fetched(platform: ImagePlatform, { named, pinned: name }: PinnedBase): Promise<Base> {
  return asked(platform, name, async (registry, reference) => ({ name: named, image: await fetchImage(registry, reference) }));
}

async function pin(platform: ImagePlatform, named: string): Promise<string> {
  const socle = /^socle\/([a-z][a-z0-9.-]*)$/.exec(named)?.[1];
  if (socle !== undefined) return (await platform.client.showSocle({ name: socle })).socle.image;
  return asked(platform, named, async (registry, reference) => {
    const tag = reference.tag ?? 'latest';
    const found = await registry.headManifest(reference.repository, tag);
    if (found === undefined) throw new Error(`the registry does not hold ${formatReference(reference)}`);
    return formatReference({ registry: reference.registry, repository: reference.repository, digest: found.digest });
  });
}

/** Asks the registry of an image: the platform's own, or another with Docker's credentials. */
async function asked<T>(platform: ImagePlatform, named: string, ask: (registry: Registry, reference: Reference) => Promise<T>): Promise<T> {
  const reference = parseReference(named);
  const isOurs = reference.registry === platform.registry.host;
  const registry = new Registry(reference.registry, isOurs ? platform.registry.options : {});
  try {
    return await ask(registry, reference);
  } finally {
    registry.close();
  }
}

async function perform(
  builder: Builder,
  build: ContainerfileBuild,
  file: string,
  image: string,
  note: (words: string) => void,
): Promise<void> {
  const label = ['--label', `org.opencontainers.image.title=${build.title}`];
  for (const words of [
    [...builder.words, ...builder.build, ...label, '--file', file, '--tag', image, build.folder],
    [...builder.words, ...builder.push, image],
  ]) {
    const { code, text } = await runProgram(builder.program, words, { env: builder.env, onLine: (line) => note(line.slice(0, 120)) });
    if (code === 0) continue;
    const log = text.trim().split('\n').slice(-10);
    throw new CliError(
      'builder-failed',
      { builder: builder.name, file: build.file, problem: log.at(-1) ?? `it ended with ${code}` },
      { log },
    );
  }
  await runProgram(builder.program, [...builder.words, 'rmi', image], { env: builder.env });
}

/** The digest is what counts; the tag was only the way to it. */
async function untag(registry: Registry, repository: string, tag: string): Promise<void> {
  const answer = await registry.request(push(repository), { method: 'DELETE', path: `${repository}/manifests/${tag}` });
  answer.body.resume();
}
