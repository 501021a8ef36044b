/** Builds a component and registers the release. */
import { CliError } from '../errors.ts';
import type { Io } from '../output/io.ts';
import type { Platform } from '../platform/home.ts';
import { withRegistry } from '../platform/registry.ts';
import { readComponent } from './component.ts';
import { type CommitMessage, readCommitsSince, readSource } from './git.ts';
import { type Built, buildImage } from './image.ts';

export type ReleaseOptions = { readonly version?: string; readonly allowDirty?: boolean };
export type Released = {
  readonly component: string;
  readonly version: string;
  readonly digest: string;
  readonly image: string;
  readonly build: Built;
};

export async function releaseFolder(io: Io, platform: Platform, folder: string | undefined, options: ReleaseOptions): Promise<Released> {
  const component = await readComponent(folder);
  const source = await readSource(component.folder, options.allowDirty === true);
  const version = options.version ?? source.version;
  if (version === null) throw new CliError('no-commit', { folder: component.folder });
  const build = await buildImage(io, await withRegistry(platform, io.env), component);
  const layers = build.layers.map(({ digest, sizeBytes, storey }) => ({ digest, sizeBytes, storey }));
  const { manifest } = component;
  const { commit } = source;
  const commits = commit === null ? [] : await commitsOf(platform, component.folder, manifest.metadata.name, commit.id);
  const release = await platform.client.registerRelease({ manifest, version, image: build.image, layers, commit, commits: [...commits] });
  return { component: release.component, version: release.version, digest: release.digest, image: release.image, build };
}

/** What came in since the newest release of another commit. */
async function commitsOf({ client }: Platform, folder: string, component: string, commit: string): Promise<readonly CommitMessage[]> {
  const { items } = await client.listReleases({ component });
  const former = items.find((release) => release.commit !== null && release.commit.id !== commit);
  return readCommitsSince(folder, former?.commit?.id ?? null);
}
