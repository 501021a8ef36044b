import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { operations } from '@beluga/contract/operations';
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

describe('what runs', () => {
  let platform: Platform;
  let source = '';
  let address = '';
  before(async () => {
    platform = await Platform.open();
    source = join(platform.real.folder, 'password');
    await writeFile(source, values[0], { mode: 0o600 });
    await platform.release('1.0.0', manifest(source), { 'server.js': server });
    assert.equal((await platform.deploy('vault', '1.0.0', 'dev')).state, 'succeeded');
    const { components } = await platform.client().status();
    address = components[0]?.address ?? '';
    await until(async () => (await drifts()).length === 0);
    await sleep(1_000);
  });
  after(() => platform?.close());
  const docker = () => createClient(platform.real.socket).docker;
  const drifts = async () => (await platform.client().listDrift({ component: 'vault' })).items;
  const containers = async () =>
    (await docker().listContainers({ all: true, filters: { label: ['beluga.component=vault'] } })).toSorted((a, b) =>
      (a.Names[0] ?? '') < (b.Names[0] ?? '') ? -1 : 1,
    );
  const underLoad = async (work: () => Promise<void>): Promise<LoadReport> => {
    const load: Load = startLoad({ url: address, kept: 60, fresh: 20, connections: 8 });
    await sleep(300);
    const [outcome] = await Promise.allSettled([work()]);
    const report = await load.stop();
    if (outcome.status === 'rejected') throw outcome.reason;
    assert.deepEqual(report.failures, {});
    return report;
  };

  const container = async () => docker().getContainer((await containers())[0]?.Id ?? '');
  const megabyte = 1024 * 1024;
  const byHand: Readonly<Record<string, () => Promise<unknown>>> = {
    paused: async () => (await container()).pause() as Promise<unknown>,
    stopped: async () => (await container()).stop({ t: 1 }) as Promise<unknown>,
    removed: async () => (await container()).remove({ force: true }) as Promise<unknown>,
    limits: async () => (await container()).update({ Memory: 256 * megabyte, MemorySwap: 256 * megabyte }) as Promise<unknown>,
  };
  for (const [kind, change] of Object.entries(byHand)) {
    it(`by hand ${kind === 'limits' ? 'given other limits' : kind} is found in time, told and put right, and no request fails`, async () => {
      await underLoad(async () => {
        const changed = performance.now();
        await change();
        const ofKind = async () => (await drifts()).find((drift) => drift.kind === kind);
        await until(async () => (await ofKind()) !== undefined);
        assert.ok(performance.now() - changed < foundWithinMs);
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

  it('with a secret that has another value is replaced, and no request fails', async () => {
    const { answers } = await underLoad(async () => {
      await writeFile(source, values[1]);
      await until(async () => (await drifts()).some(({ kind, repairedAt }) => kind === 'secret' && repairedAt !== null));
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
      docker()
        .getImage(images[0] ?? '')
        .inspect(),
    );
    for (const image of images.slice(1)) await docker().getImage(image).inspect();
    assert.deepEqual((await platform.client().listLeftovers({})).items, []);
  });

  it('shows no value of a secret: not in a description, an image, a log, an answer, the audit log, nor in any file of the platform', async () => {
    for (const { Id, Image } of await containers()) {
      clean(`the description of ${Id}`, JSON.stringify(await docker().getContainer(Id).inspect()));
      clean(`the image ${Image}`, await all(await docker().getImage(Image).get()));
      clean(`the log of ${Id}`, String(await docker().getContainer(Id).logs({ stdout: true, stderr: true })));
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

/** What never comes is ended by the time limit of the suite. */
async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await sleep(100);
}
