/** What a person or a pipeline does wrong, and what breaks under their hands: one sentence, a remedy, the right code, nothing changed. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { beluga, type Said } from './command.ts';
import { Platform } from './platform.ts';

const execute = promisify(execFile);

const manifest = 'apiVersion: beluga/v1\nkind: Service\nmetadata: { name: web, system: contrats }\n';
const serves = "require('node:http').createServer((_, r) => r.end('ok')).listen(process.env.PORT);\n";
const quick = 'run: { command: [node, server.js], replicas: 1, health: { within: 2s }, stop: { grace: 1s } }\n';

describe('bad input changes nothing:', () => {
  let platform: Platform;
  const folders: string[] = [];
  before(async () => {
    platform = await Platform.open();
  });
  after(async () => {
    await platform?.close();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  });

  const run = (...words: readonly string[]) => beluga(platform.home, words);
  /** A component's folder with these files. */
  const folder = async (files: Readonly<Record<string, string | Buffer>>) => {
    const made = await mkdtemp(join(tmpdir(), 'beluga-bad-'));
    folders.push(made);
    for (const [name, content] of Object.entries(files)) await writeFile(join(made, name), content);
    return made;
  };
  const entries = async () => (await platform.client().readAudit({ limit: 1000 })).items.length;

  /** Asserts that the words are refused with this code and sentence, and that nothing was recorded. */
  const refused = async (words: readonly string[], exitCode: number, sentence: RegExp): Promise<Said> => {
    const recorded = await entries();
    const said = await run(...words);
    assert.match(said.err, sentence);
    assert.match(said.err, /Remedy: \S+/);
    assert.equal(said.exitCode, exitCode, said.err);
    assert.equal(said.out, '');
    assert.doesNotMatch(said.err, /\n\s+at /, 'no stack');
    assert.equal(await entries(), recorded);
    return said;
  };

  it('a beluga.yaml that is not there, cannot be parsed, or says what nobody knows, is refused with line and column', async () => {
    await refused(['release', await folder({}), '--version', '1'], 1, /There is no beluga\.yaml in /);
    const broken = await folder({ 'beluga.yaml': `${manifest}run: [\n` });
    await refused(['release', broken, '--version', '1'], 1, /beluga\.yaml:\d+:\d+/);
    const misspelt = await folder({ 'beluga.yaml': `${manifest}run: { prot: 80 }\n` });
    await refused(['ship', misspelt, '--version', '1'], 1, /beluga\.yaml:4:\d+.*prot.*(?:port)/s);
  });

  it('an artifact that is missing, empty, or leaves its folder by a link is refused', async () => {
    const missing = await folder({ 'beluga.yaml': `${manifest}build: { artifact: dist }\n` });
    await refused(['build', missing], 1, /artifact .*dist is missing/);
    const leaving = await folder({ 'beluga.yaml': manifest, 'server.js': serves });
    await symlink('/etc/passwd', join(leaving, 'accounts'));
    await refused(['build', leaving], 1, /accounts.*(?:leaves|outside)/);
  });

  it('a version that was published is never given to other content, and to the same content again without a word', async () => {
    const one = await folder({ 'beluga.yaml': manifest + quick, 'server.js': serves });
    const first = await run('release', one, '--version', '1.0.0', '--output', 'json');
    assert.equal(first.exitCode, 0, first.err);
    await writeFile(join(one, 'server.js'), `${serves}// other\n`);
    const { err } = await refused(['release', one, '--version', '1.0.0'], 1, /web@1\.0\.0 already names sha256:\w+, not sha256:\w+/);
    assert.match(err, /new version/);
    await writeFile(join(one, 'server.js'), serves);
    const again = await run('release', one, '--version', '1.0.0', '--output', 'json');
    assert.equal(digestIn(again), digestIn(first));
  });

  it('a component, a version, an environment or an option that nobody knows is named, with what there is', async () => {
    await refused(['deploy', 'wbe@1.0.0', '--to', 'dev'], 1, /No component is called wbe\.[^]*web/);
    await refused(['deploy', 'web@9.9.9', '--to', 'dev'], 1, /web has no release 9\.9\.9\.[^]*1\.0\.0/);
    await refused(['deploy', 'web@1.0.0', '--to', 'porduction'], 1, /porduction\.[^]*dev, int, re7, preprod, prod/);
    await refused(['deploy', 'web@1.0.0', '--to', 'dev', '--wiat'], 2, /--wiat.*--wait/);
    await refused(['logs', 'web', '--env', 'dev'], 1, /web is not installed in dev/);
  });

  it('a stage that was skipped closes the gate: code 3, on one JSON document, with the way to go', async () => {
    const said = await run('deploy', 'web@1.0.0', '--to', 'prod', '--output', 'json');
    assert.equal(said.exitCode, 3);
    const deployment = JSON.parse(said.out) as { state: string; reason: string };
    assert.equal(deployment.state, 'refused');
    assert.match(deployment.reason, /not verified in dev, int, re7 and preprod/);
  });

  it('a component that never listens ends with its reason and its last lines, and leaves nothing running', async () => {
    const silent = "console.log('waiting for the end of the world'); setInterval(() => {}, 1000);\n";
    const mute = await folder({ 'beluga.yaml': manifest.replace('web', 'mute') + quick, 'server.js': silent });
    const said = await run('ship', mute, '--version', '1.0.0', '--output', 'json');
    assert.equal(said.exitCode, 1, said.err);
    const deployment = JSON.parse(said.out) as { state: string; reason: string; log: string[] };
    assert.equal(deployment.state, 'failed');
    assert.match(deployment.reason, /not ready within 2 s: nothing listens on port 8080/);
    assert.deepEqual(deployment.log, ['waiting for the end of the world']);
    const { items } = await platform.client().listInstances({ component: 'mute', environment: 'dev' });
    assert.deepEqual(items, []);
  });

  it('a port that another program has is named with the setting that moves it; what runs stays as it is', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const home = await mkdtemp(join(tmpdir(), 'bh-'));
    folders.push(home);
    const env = { BELUGA_LISTEN: `127.0.0.1:${port}`, BELUGA_ENGINE_SOCKET: platform.real.socket, BELUGA_PLATFORM: 'other' };
    const said = await beluga(home, ['up'], env);
    other.close();
    assert.equal(said.exitCode, 1);
    assert.match(said.err, new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is already taken by another program`));
    assert.match(said.err, /BELUGA_LISTEN/);
    assert.deepEqual(
      (await readdir(home)).filter((name) => name !== 'lock'),
      [],
    );
  });

  it('a server that is killed while an image comes in keeps no half of it, and the same command succeeds afterwards', async () => {
    const large = await folder({
      'beluga.yaml': manifest.replace('web', 'large') + quick,
      'server.js': serves,
      data: randomBytes(96 * 1024 * 1024),
    });
    const pushing = run('build', large);
    const uploads = join(platform.home, 'registry');
    while ((await incoming(uploads)) < 1024 * 1024) await sleep(5);
    await platform.kill();
    const said = await pushing;
    assert.notEqual(said.exitCode, 0);
    assert.match(said.err, /Remedy: \S+/);
    assert.doesNotMatch(said.err, /\n\s+at /, 'no stack');
    await platform.start();
    const { exitCode, err } = await run('ship', large, '--version', '1.0.0');
    assert.equal(exitCode, 0, err);
  });

  it('a disk that fills up under the registry is named, and nothing half-written is kept', async () => {
    const large = await folder({ 'beluga.yaml': manifest.replace('web', 'heavy') + quick, data: randomBytes(12 * 1024 * 1024) });
    const uploads = join(platform.home, 'registry', 'uploads');
    await execute('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', uploads]);
    try {
      await refused(['release', large, '--version', '1.0.0'], 1, /disk.* is full/);
    } finally {
      await execute('umount', [uploads]);
    }
    const { exitCode, err } = await run('build', large);
    assert.equal(exitCode, 0, err);
  });

  it('an engine that goes away in the middle is waited for, and nothing is lost', async () => {
    await platform.real.crash();
    const { id } = await platform.client().requestDeployment({ component: 'web', version: '1.0.0', environment: 'dev' });
    await sleep(1_500);
    await platform.real.start();
    const { state, reason } = await platform.ended(id);
    assert.equal(state, 'succeeded', reason ?? '');
  });
});

function digestIn({ out }: Said): string {
  return (JSON.parse(out) as { digest: string }).digest;
}

/** Bytes of uploads that have not ended. */
async function incoming(registry: string): Promise<number> {
  const names = await readdir(registry, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.filter((name) => /upload|incoming/.test(name)).map(async (name) => (await readFile(join(registry, name)).catch(() => '')).length),
  );
  return Math.max(0, ...sizes);
}
