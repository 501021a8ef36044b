import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { operations } from '@beluga/contract/operations';
import { until } from '../../dev/until.ts';
import { createClient } from '../src/drivers/engine/docker/client.ts';
import { type Load, type LoadReport, startLoad } from '../src/drivers/engine/docker/rig/load.ts';
import { Platform } from './platform.ts';

const manifest = (source: string) => `
apiVersion: beluga/v1
kind: Service
metadata: { name: vault, system: contrats }
run:
  command: [node, server.js]
  health: { path: /healthz, within: 20s }
  stop: { grace: 2s }
  resources: { memory: 128Mi }
config:
  secrets: [{ name: database, ref: 'file:${source}' }]
`;
/** Answers with a hash of what its secret is now. */
const server = `
const { createServer } = require('node:http');
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const print = () => createHash('sha256').update(readFileSync('/run/secrets/database')).digest('hex').slice(0, 12);
createServer((request, response) => response.end(request.url === '/healthz' ? 'ok' : print())).listen(process.env.PORT);
process.on('SIGTERM', () => process.exit(0));
`;
const values = ['canary-1-hunter2-x7Qw', 'canary-2-hunter3-p9Lk'] as const;
const printOf = (value: string) => createHash('sha256').update(value).digest('hex').slice(0, 12);
/** The issue's own bound: found by then. */
const foundWithinMs = 10_000;

for (const kind of ['docker', 'podman'] as const) {
  describe(`what was changed by hand on ${kind}`, () => {
    let platform: Platform;
    let address = '';
    before(async () => {
      platform = await Platform.open({}, null, kind);
      const source = join(platform.real.folder, 'password');
      await writeFile(source, values[0], { mode: 0o600 });
      address = await installed(platform, source);
    });
    after(() => platform?.close());
    const container = async () => docker(platform).getContainer((await containers(platform))[0]?.Id ?? '');
    const byHand: Readonly<Record<string, () => Promise<unknown>>> = {
      paused: async () => (await container()).pause() as Promise<unknown>,
      stopped: async () => (await container()).stop({ t: 1 }) as Promise<unknown>,
      removed: async () => (await container()).remove({ force: true }) as Promise<unknown>,
      limits: async () => await platform.real.limit((await container()).id, 256 * megabyte),
      added: async () => (await another(platform, kind === 'podman')).start() as Promise<unknown>,
    };
    for (const [what, change] of Object.entries(byHand)) {
      it(`${what === 'limits' ? 'given other limits' : what}, is found in time, told and put right, and no request fails`, async () => {
        await underLoad(address, async () => {
          const changed = performance.now();
          await change();
          const ofKind = async () => (await drifts(platform)).find((drift) => drift.kind === what);
          await until(async () => (await ofKind()) !== undefined);
          assert.ok(performance.now() - changed < foundWithinMs);
          const { sentence = '', instance, foundAt = '' } = (await ofKind()) ?? {};
          assert.ok(sentence.includes(instance ?? '?') && Date.parse(foundAt) <= Date.now(), sentence);
          await until(async () => typeof (await ofKind())?.repairedAt === 'string');
          await until(
            async () =>
              (await platform.client().listInstances({ component: 'vault', environment: 'dev' })).items.filter(
                ({ state }) => state === 'serving',
              ).length === 2,
          );
        });
      });
    }
  });
}

describe('what runs', () => {
  let platform: Platform;
  let source = '';
  let address = '';
  before(async () => {
    platform = await Platform.open();
    source = join(platform.real.folder, 'password');
    await writeFile(source, values[0], { mode: 0o600 });
    address = await installed(platform, source);
  });
  after(() => platform?.close());

  it('with a secret that has another value is replaced, and no request fails', async () => {
    const { answers } = await underLoad(address, async () => {
      await writeFile(source, values[1]);
      await until(async () => (await drifts(platform)).some(({ kind, repairedAt }) => kind === 'secret' && repairedAt !== null));
      await sleep(500);
    });
    assert.deepEqual(Object.keys(answers).toSorted(), values.map(printOf).toSorted());
    assert.equal(await (await fetch(address)).text(), printOf(values[1]));
    const { items } = await platform.client().listDeployments({ component: 'vault' });
    assert.deepEqual(
      items.map(({ requestedBy, state }) => `${requestedBy} ${state}`),
      ['beluga succeeded', 'owner succeeded'],
    );
  });

  it('and what it replaced are the images that stay; what was before goes, once it was shown', async () => {
    for (const version of ['1.1.0', '1.2.0']) {
      await platform.release(version, manifest(source), { 'server.js': `${server}// ${version}` });
      assert.equal((await platform.deploy('vault', version, 'dev')).state, 'succeeded');
    }
    const { items } = await platform.client().listReleases({ component: 'vault' });
    const images = items.toSorted((a, b) => (a.version < b.version ? -1 : 1)).map(({ image }) => image);
    const shown = (await platform.client().listLeftovers({})).items;
    assert.deepEqual(
      shown.map(({ kind, name }) => ({ kind, name })),
      [{ kind: 'image', name: images[0] }],
    );
    assert.deepEqual((await platform.client().clean({})).items, shown);
    await assert.rejects(
      docker(platform)
        .getImage(images[0] ?? '')
        .inspect(),
    );
    for (const image of images.slice(1)) await docker(platform).getImage(image).inspect();
    assert.deepEqual((await platform.client().listLeftovers({})).items, []);
  });

  it('shows no value of a secret: not in a description, an image, a log, an answer, the audit log, nor in any file of the platform', async () => {
    for (const { Id, Image } of await containers(platform)) {
      clean(`the description of ${Id}`, JSON.stringify(await docker(platform).getContainer(Id).inspect()));
      clean(`the image ${Image}`, await all(await docker(platform).getImage(Image).get()));
      clean(`the log of ${Id}`, String(await docker(platform).getContainer(Id).logs({ stdout: true, stderr: true })));
    }
    const token = (await readFile(join(platform.home, 'token'), 'utf8')).trim();
    for (const [id, operation] of Object.entries(operations)) {
      if (operation.method !== 'GET' || operation.url.includes(':') || id === 'followEvents') continue;
      const url = `http://${platform.host}/api/v1${operation.url}?component=vault&environment=dev`;
      for (const one of [url, url.replace(/\?.*/, '')])
        clean(one, await (await fetch(one, { headers: { authorization: `Bearer ${token}` } })).text());
    }
    const files = await readdir(platform.home, { recursive: true, withFileTypes: true });
    for (const file of files.filter((entry) => entry.isFile()))
      clean(join(file.parentPath, file.name), await readFile(join(file.parentPath, file.name)).catch(() => ''));
  });
});

const megabyte = 1024 * 1024;

/** Gives the address of what was installed, once it is known as it runs. */
async function installed(platform: Platform, source: string): Promise<string> {
  await platform.release('1.0.0', manifest(source), { 'server.js': server });
  assert.equal((await platform.deploy('vault', '1.0.0', 'dev')).state, 'succeeded');
  await until(async () => (await drifts(platform)).length === 0);
  await sleep(1_000);
  return (await platform.client().status()).components[0]?.address ?? '';
}

async function drifts(platform: Platform) {
  return (await platform.client().listDrift({ component: 'vault' })).items;
}

function docker(platform: Platform) {
  return createClient(platform.real.socket).docker;
}

async function containers(platform: Platform) {
  const found = await docker(platform).listContainers({ all: true, filters: { label: ['beluga.component=vault'] } });
  return found.toSorted((a, b) => ((a.Names[0] ?? '') < (b.Names[0] ?? '') ? -1 : 1));
}

/** One more of the same, which nobody asked for: by a name of its own, or by the very name that a sixth instance would have. */
async function another(platform: Platform, imitates: boolean) {
  const [first] = await containers(platform);
  const name = imitates ? (first?.Names[0] ?? '').replace(/^\//, '').replace(/\d+$/, '5') : 'bs.vault.dev.by-hand.7';
  const { Config } = await docker(platform)
    .getContainer(first?.Id ?? '')
    .inspect();
  const { 'beluga.ip': _, ...labels } = Config.Labels;
  return await docker(platform).createContainer({
    name,
    Image: Config.Image,
    Entrypoint: [],
    Cmd: ['node', '-e', 'setInterval(() => {}, 1000)'],
    Labels: { ...labels, 'beluga.ordinal': name.slice(name.lastIndexOf('.') + 1) },
    HostConfig: { NetworkMode: 'bs-dev' },
  });
}

async function underLoad(address: string, work: () => Promise<void>): Promise<LoadReport> {
  const load: Load = startLoad({ url: address, kept: 60, fresh: 20, connections: 8 });
  await sleep(300);
  const [outcome] = await Promise.allSettled([work()]);
  const report = await load.stop();
  if (outcome.status === 'rejected') throw outcome.reason;
  assert.deepEqual(report.failures, {});
  return report;
}

function clean(where: string, text: string | Buffer): void {
  for (const value of values) {
    assert.equal(text.includes(value), false, `${where} shows a secret`);
    assert.equal(text.includes(createHash('sha256').update(value).digest('hex')), false, `${where} shows the plain hash of a secret`);
  }
}

async function all(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
