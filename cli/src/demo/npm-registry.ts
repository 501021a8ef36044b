/** Uses the registry that the demo shipped as people use one: ping it, publish a package, read it back. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { promise } from './stage.ts';

const run = promisify(execFile);

/**
 * Publishes a version of `@alize/dates` and reads it back; throws when the registry does not do its work. The registry's data outlive this
 * platform, and a version is published once: so each time it is another one, by another user.
 */
export async function publishAndRead(address: string, release: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'beluga-demo-'));
  const once = `d${crypto.randomUUID().slice(0, 8)}`;
  const version = `${release}-${once}`;
  try {
    const token = await register(address, `ci-${once}`);
    await writeFile(join(folder, '.npmrc'), `${address.replace(/^http:/, '')}/:_authToken=${token}\n`);
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: '@alize/dates', version, main: 'index.js' }));
    await writeFile(join(folder, 'index.js'), 'module.exports = () => new Date().toLocaleDateString("fr-FR");\n');
    await mkdir(join(folder, 'home'));
    await npm(folder, 'ping', '--registry', address);
    await npm(folder, 'publish', '--registry', address, '--access', 'public', '--tag', 'demo');
    const read = await npm(folder, 'view', `@alize/dates@${version}`, 'version', '--registry', address);
    promise(read.trim() === version, `the registry gave ${read.trim()} back, not ${version}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function register(address: string, name: string): Promise<string> {
  const answer = await fetch(`${address}/-/user/org.couchdb.user:${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password: `${name}-${crypto.randomUUID()}` }),
  });
  promise(answer.status === 201, `the registry answered ${answer.status} to a new user`);
  return ((await answer.json()) as { token: string }).token;
}

async function npm(folder: string, ...words: readonly string[]): Promise<string> {
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  const env = { ...process.env, PATH: path, npm_config_cache: join(folder, 'home'), npm_config_userconfig: join(folder, '.npmrc') };
  return (await run('npm', words, { cwd: folder, env })).stdout;
}
