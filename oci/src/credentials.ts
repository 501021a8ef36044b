import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { OciError, problemOf } from './errors.ts';

/** What a registry knows a caller by. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** A refresh token, exchanged for access tokens where the registry says. */
  | { readonly kind: 'identity'; readonly token: string }
  /** A token sent as it is. */
  | { readonly kind: 'bearer'; readonly token: string };

interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly identitytoken?: string }>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/**
 * The credentials for a registry that Docker's or Podman's users have: `$DOCKER_AUTH_CONFIG` (the text itself, as in jobs of GitLab),
 * `$REGISTRY_AUTH_FILE`, `$DOCKER_CONFIG/config.json`, `~/.docker/config.json`, `$XDG_RUNTIME_DIR/containers/auth.json`, and the credential
 * helpers they name. Throws `credential-helper-failed`.
 */
export async function findCredentials(registry: string, environment: NodeJS.ProcessEnv = process.env): Promise<Credentials | undefined> {
  for (const read of configs(environment)) {
    const config = parse(await read());
    const found = config === undefined ? undefined : await fromConfig(config, registry, environment);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The credentials in one file: `user:password` on a line, or a `config.json` as `docker login` writes it, which may name helpers; undefined
 * when it holds none for this registry. Throws `credentials-unreadable` and `credential-helper-failed`.
 */
export async function readCredentials(file: string, registry: string): Promise<Credentials | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new OciError('credentials-unreadable', { file, registry, problem: problemOf(error) }, { cause: error });
  });
  if (!text.trimStart().startsWith('{')) return passwordIn(text.trim());
  const config = parse(text);
  if (config === undefined) throw new OciError('credentials-unreadable', { file, registry, problem: 'it is no JSON' });
  return fromConfig(config, registry, process.env);
}

function configs(environment: NodeJS.ProcessEnv): readonly (() => Promise<string>)[] {
  const { DOCKER_AUTH_CONFIG = '', REGISTRY_AUTH_FILE, DOCKER_CONFIG, XDG_RUNTIME_DIR, HOME = homedir() } = environment;
  const files = [
    ...(REGISTRY_AUTH_FILE ? [REGISTRY_AUTH_FILE] : []),
    `${DOCKER_CONFIG || `${HOME}/.docker`}/config.json`,
    ...(XDG_RUNTIME_DIR ? [`${XDG_RUNTIME_DIR}/containers/auth.json`] : []),
  ];
  return [async () => DOCKER_AUTH_CONFIG, ...files.map((file) => () => readFile(file, 'utf8').catch(() => ''))];
}

function parse(text: string): DockerConfig | undefined {
  try {
    return JSON.parse(text) as DockerConfig;
  } catch {
    return undefined;
  }
}

async function fromConfig(config: DockerConfig, registry: string, environment: NodeJS.ProcessEnv): Promise<Credentials | undefined> {
  const keys = keysOf(registry);
  const helper = keys.map((key) => config.credHelpers?.[key]).find((name) => name !== undefined);
  if (helper !== undefined) return await askHelper(helper, registry, environment);
  const entry = keys.map((key) => config.auths?.[key]).find((found) => found?.auth !== undefined || found?.identitytoken !== undefined);
  if (entry?.identitytoken) return { kind: 'identity', token: entry.identitytoken };
  if (entry?.auth) return decode(entry.auth);
  return config.credsStore === undefined ? undefined : await askHelper(config.credsStore, registry, environment);
}

function keysOf(registry: string): readonly string[] {
  if (registry === 'docker.io') return ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io'];
  return [registry, `https://${registry}`, `https://${registry}/v1/`, `https://${registry}/v2/`, `http://${registry}`];
}

function decode(auth: string): Credentials | undefined {
  return passwordIn(Buffer.from(auth, 'base64').toString('utf8'));
}

function passwordIn(text: string): Credentials | undefined {
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { kind: 'password', username: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Credential helpers read the registry on standard input and write JSON: github.com/docker/docker-credential-helpers. */
async function askHelper(name: string, registry: string, environment: NodeJS.ProcessEnv): Promise<Credentials | undefined> {
  const helper = `docker-credential-${name}`;
  if (/[^\w.-]/.test(name))
    throw new OciError('credential-helper-failed', { helper, registry, problem: 'its name is not a name of a program' });
  const answer = await run(helper, registry, environment);
  if (answer.code !== 0) {
    if (/not found in native keychain/i.test(answer.output)) return undefined;
    throw new OciError('credential-helper-failed', {
      helper,
      registry,
      problem: answer.output.trim().slice(0, 200) || `it ended with ${answer.code}`,
    });
  }
  return fromHelper(answer.output, helper, registry);
}

function fromHelper(output: string, helper: string, registry: string): Credentials {
  try {
    const { Username, Secret } = JSON.parse(output) as { readonly Username: string; readonly Secret: string };
    return Username === '<token>' ? { kind: 'identity', token: Secret } : { kind: 'password', username: Username, password: Secret };
  } catch (error) {
    throw new OciError('credential-helper-failed', { helper, registry, problem: 'it did not answer in JSON' }, { cause: error });
  }
}

async function run(helper: string, registry: string, env: NodeJS.ProcessEnv): Promise<{ readonly code: number; readonly output: string }> {
  return await new Promise((resolve, reject) => {
    const child = spawn(helper, ['get'], { env, stdio: ['pipe', 'pipe', 'ignore'], timeout: 20_000 });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      output += part;
    });
    child.stdin.on('error', () => undefined);
    child.on('error', (error) =>
      reject(new OciError('credential-helper-failed', { helper, registry, problem: problemOf(error) }, { cause: error })),
    );
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
    child.stdin.end(keysOf(registry)[0] ?? registry);
  });
}
