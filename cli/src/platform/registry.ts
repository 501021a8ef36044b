/** Where the platform keeps its images, and how this command speaks to that registry. */
import { findCredentials, readCredentials } from '@beluga/oci/credentials';
import type { Reference } from '@beluga/oci/reference';
import type { RegistryOptions } from '@beluga/oci/registry';
import type { Platform } from './home.ts';

export type ImagePlatform = Platform & {
  readonly registry: {
    /** `host:port`, as image references begin. */
    readonly host: string;
    /** The full name of a repository of the platform there, such as `contrats/contrats-web`. */
    repository(name: string): string;
    readonly options: RegistryOptions;
    /** Whether an image is among those of the platform: another registry may hold many more. */
    owns(reference: Reference): boolean;
    /** Whether the platform's token opens it; another registry knows its own accounts. */
    readonly own: boolean;
  };
};

/**
 * Asks the platform where its images are. Its own registry is reached as the platform itself is, with its token; another one with the
 * credentials in the file that BELUGA_REGISTRY_CREDENTIALS names, else with those that Docker or Podman keep.
 */
export async function withRegistry(platform: Platform, env: NodeJS.ProcessEnv): Promise<ImagePlatform> {
  const { kind, host, namespace, plainHttp } = await platform.client.showRegistry();
  if (kind === 'embedded') return { ...platform, registry: embedded(platform) };
  const file = env['BELUGA_REGISTRY_CREDENTIALS'];
  const credentials = () => (file ? readCredentials(file, host) : findCredentials(host, env));
  const repository = (name: string) => (namespace === '' ? name : `${namespace}/${name}`);
  const owns = (reference: Reference) => reference.registry === host && reference.repository.startsWith(repository(''));
  return { ...platform, registry: { host, repository, owns, options: { credentials, plainHttp }, own: false } };
}

function embedded({ url, token }: Platform): ImagePlatform['registry'] {
  const { host, protocol } = new URL(url);
  const options = { credentials: { kind: 'bearer', token }, plainHttp: protocol === 'http:' } as const;
  return { host, repository: (name) => name, owns: ({ registry }) => registry === host, options, own: true };
}
