/**
 * A registry that others run, instead of the embedded one: Quay, Harbor, GitLab, zot, docker-registry, spoken to by the OCI distribution
 * specification. Where it has no referrers API, what is attached goes under the fallback tag of the specification.
 */
import { type Credentials, findCredentials, readCredentials } from '@beluga/oci/credentials';
import type { Digest } from '@beluga/oci/digest';
import { OciError } from '@beluga/oci/errors';
import { type Index, isIndexType, type Manifest } from '@beluga/oci/manifest';
import { parseReference, type Reference } from '@beluga/oci/reference';
import { Registry as Client } from '@beluga/oci/registry';
import type { Registry } from '../registry.ts';
import { openImageAccess, refuse } from './image-access.ts';
import { imagesOverHttp } from './images.ts';

export type ExternalRegistryOptions = {
  readonly host: string;
  readonly namespace: string;
  readonly plainHttp: boolean;
  /** Null: what Docker or Podman of this user keep. */
  readonly credentialsFile: string | null;
  /** Of Beluga, named in SBOMs as the program that wrote them. */
  readonly version: string;
  /** A folder for what was found in layers; without one it is forgotten with the process. */
  readonly findings?: string;
  /** How often a request is tried in all; 5 unless given. */
  readonly attempts?: number;
};

export type ExternalRegistry = Registry & {
  /** Whether it answers as a registry, and knows the credentials. Throws `registry-failed`. */
  check(): Promise<void>;
  /** What engines log in with; null where none is needed or known. Throws `registry-failed`. */
  login(): Promise<{ readonly username: string; readonly password: string } | null>;
  close(): void;
};

export function openExternalRegistry(options: ExternalRegistryOptions): ExternalRegistry {
  const { host, namespace, plainHttp, credentialsFile: file, version, attempts = 5 } = options;
  const credentials = () => (file === null ? findCredentials(host) : readCredentials(file, host));
  const client = new Client(host, { credentials, plainHttp, attempts });
  const images = openImageAccess({ host, own: imagesOverHttp(client), version, ...(options.findings && { findings: options.findings }) });
  const place = namespace === '' ? host : `${host}/${namespace}`;
  const at = <T>(image: string, work: (reference: Reference) => Promise<T>) =>
    work(parseReference(image)).catch((error: unknown) => refuse(image, error));
  return {
    ...images,
    ...{ kind: 'external', host, namespace, plainHttp },
    holds: async (image) =>
      image.startsWith(`${place}/`) && (await at(image, ({ repository, digest }) => holds(client, repository, digest))),
    keep: (image) => at(image, (reference) => tagged(client, reference)),
    collect: async () => null,
    check: () =>
      answers(client)
        .catch((error: unknown) => refuse(place, error))
        .then(() => undefined),
    login: () => credentials().then(loginOf, (error: unknown) => refuse(place, error)),
    close: () => client.close(),
  };
}

async function answers(client: Client): Promise<void> {
  const answer = await client.request([], { method: 'GET', path: '' });
  await client.expect(answer, [200], '/v2/');
  answer.body.resume();
}

/** Engines are told a name and a password; a token that only a registry's own token service takes is none. */
function loginOf(credentials: Credentials | undefined) {
  return credentials?.kind === 'password' ? { username: credentials.username, password: credentials.password } : null;
}

async function holds(client: Client, repository: string, digest: Digest | undefined): Promise<boolean> {
  if (digest === undefined) return false;
  try {
    const { bytes, mediaType } = await client.manifest(repository, digest);
    const named = isIndexType(mediaType) ? (JSON.parse(bytes.toString('utf8')) as Index).manifests : [];
    const children = await Promise.all(named.map((child) => holds(client, repository, child.digest)));
    return children.every(Boolean) && (isIndexType(mediaType) || (await holdsBlobs(client, repository, bytes)));
  } catch (error) {
    if (error instanceof OciError && error.code === 'image-missing') return false;
    throw error;
  }
}

async function holdsBlobs(client: Client, repository: string, bytes: Buffer): Promise<boolean> {
  const { config, layers } = JSON.parse(bytes.toString('utf8')) as Manifest;
  const found = await Promise.all([config, ...layers].map(({ digest }) => client.holdsBlob(repository, digest)));
  return found.every(Boolean);
}

/** Quay removes what has no tag within weeks, Harbor, GitLab and docker-registry when they are told to. */
async function tagged(client: Client, { repository, digest }: Reference): Promise<void> {
  if (digest === undefined) return;
  const tag = `beluga-${digest.slice('sha256:'.length)}`;
  if ((await client.headManifest(repository, tag))?.digest === digest) return;
  const { bytes, mediaType } = await client.manifest(repository, digest);
  await client.putManifest(repository, tag, mediaType, bytes);
}
