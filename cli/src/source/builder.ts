/** What builds a Containerfile on this machine: Docker, Podman or Buildah, whichever answers first. */
import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CliError } from '../errors.ts';
import type { Io } from '../output/io.ts';
import type { ImagePlatform } from '../platform/registry.ts';
import { runProgram } from '../setup/child.ts';

export type Builder = {
  readonly name: string;
  readonly program: string;
  /** Before every verb. */
  readonly words: readonly string[];
  readonly build: readonly string[];
  readonly push: readonly string[];
  readonly env: NodeJS.ProcessEnv;
};

const names = ['docker', 'podman', 'buildah'] as const;
type Name = (typeof names)[number];

/** The one that BELUGA_BUILDER names, else the first that answers; it is given the platform's token in a file of `folder`. */
export async function builderAtHand(io: Io, platform: ImagePlatform, folder: string): Promise<Builder> {
  const asked = io.env['BELUGA_BUILDER'];
  const candidates = asked === undefined ? names : names.filter((name) => name === asked);
  const env = await environmentWith(io, platform, folder);
  for (const name of candidates) {
    if (await answers(name, env)) return { name, ...programOf(name, platform), env };
  }
  throw new CliError('builder-missing', { names: (asked === undefined ? [...names] : [asked]).join(', ') });
}

function programOf(name: Name, platform: ImagePlatform): Pick<Builder, 'program' | 'words' | 'build' | 'push'> {
  if (name === 'docker') return { program: name, words: [], build: ['build'], push: ['push'] };
  const plain = platform.registry.options.plainHttp === true ? ['--tls-verify=false'] : [];
  const build = name === 'podman' ? ['build'] : ['bud', '--layers'];
  return { program: name, words: [], build: [...build, '--format', 'oci', ...plain], push: ['push', ...plain] };
}

async function answers(name: Name, env: NodeJS.ProcessEnv): Promise<boolean> {
  const words =
    name === 'buildah' ? ['--version'] : ['version', '--format', name === 'docker' ? '{{.Server.Version}}' : '{{.Client.Version}}'];
  const { code } = await runProgram(name, words, { env }).catch(() => ({ code: 1 }));
  return code === 0;
}

/** The user's own logins, and the platform's. Never in the words of a command, where others could read it. */
async function environmentWith(io: Io, platform: ImagePlatform, folder: string): Promise<NodeJS.ProcessEnv> {
  const { DOCKER_CONFIG, HOME = homedir(), BELUGA_ENGINE_SOCKET: socket, DOCKER_HOST } = io.env;
  const known = await readFile(join(DOCKER_CONFIG ?? join(HOME, '.docker'), 'config.json'), 'utf8').catch(() => '{}');
  const { auths = {}, ...config } = JSON.parse(known) as { readonly auths?: object };
  const { host: registry, options, own } = platform.registry;
  const auth = own ? { auth: Buffer.from(`beluga:${platform.token}`).toString('base64') } : await authOf(options.credentials);
  const file = join(folder, 'config.json');
  await writeFile(file, JSON.stringify({ ...config, auths: { ...auths, ...(auth && { [registry]: auth }) } }), { mode: 0o600 });
  const host = DOCKER_HOST ?? (socket === undefined ? undefined : `unix://${socket.replace(/^unix:\/\//, '')}`);
  return { ...io.env, DOCKER_CONFIG: folder, REGISTRY_AUTH_FILE: file, ...(host === undefined ? {} : { DOCKER_HOST: host }) };
}

/** As the file of Docker's logins has it; nothing where the user's own logins already say it all. */
async function authOf(credentials: ImagePlatform['registry']['options']['credentials']): Promise<object | undefined> {
  const found = typeof credentials === 'function' ? await credentials() : credentials;
  if (found?.kind === 'identity') return { identitytoken: found.token };
  return found?.kind === 'password' ? { auth: Buffer.from(`${found.username}:${found.password}`).toString('base64') } : undefined;
}
