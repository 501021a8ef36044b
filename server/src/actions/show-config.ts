/** The effective configuration of a component in an environment, each entry with where it comes from; a secret shows no value. */
import type { Release } from '../domain/release.ts';
import { workloadOf } from '../domain/workload.ts';
import type { Context } from './context.ts';
import { findCurrent, findEnvironment, findRelease } from './find-release.ts';

export type ConfigEntry = {
  readonly name: string;
  readonly value: string | null;
  readonly origin: 'platform' | 'dependency' | 'component' | 'environment' | 'secret';
};

export async function showConfig(
  context: Context,
  wish: { component: string; environment: string; version?: string | undefined },
): Promise<readonly ConfigEntry[]> {
  const { component, environment, version } = wish;
  findEnvironment(context, environment);
  const release =
    version === undefined ? await findCurrent(context, component, environment) : await findRelease(context, component, version);
  const workload = workloadOf(release, environment, context.hash);
  const variables = Object.entries(workload.env).map(([name, value]) => ({ name, value, origin: originOf(release, environment, name) }));
  const files = workload.files.map((file) => ({
    name: file.path,
    value: file.content,
    origin: fileOrigin(release, environment, file.path),
  }));
  const secrets = workload.secrets.map(({ name }) => ({ name: `/run/secrets/${name}`, value: null, origin: 'secret' as const }));
  return [...variables, ...files, ...secrets].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function originOf(release: Release, environment: string, name: string): ConfigEntry['origin'] {
  if (name === 'PORT' || name.startsWith('BELUGA_')) return 'platform';
  const { dependsOn, environments, config } = release.spec;
  if (dependsOn.some((dependency) => `${dependency.toUpperCase().replaceAll('-', '_')}_URL` === name)) return 'dependency';
  if (environments[environment]?.env[name] !== undefined) return 'environment';
  return config.env[name] === undefined ? 'platform' : 'component';
}

function fileOrigin(release: Release, environment: string, path: string): ConfigEntry['origin'] {
  return release.spec.environments[environment]?.files.some((file) => file.path === path) === true ? 'environment' : 'component';
}
