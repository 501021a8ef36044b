/** What changes beside the image of a release, each under load on a whole platform: its base, its configuration, its number, its way back, the server. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLoad } from '../src/drivers/engine/docker/rig/load.ts';
import { beluga } from './command.ts';
import { Platform } from './platform.ts';

const manifest = (greeting: string) => `
apiVersion: beluga/v1
kind: Service
metadata: { name: web, system: contrats }
run:
  command: [node, server.js]
  health: { path: /healthz, within: 20s }
  stop: { grace: 2s }
config:
  env: { GREETING: ${greeting} }
`;
/** Answers with what it was given, and what its base was patched with. */
const server = `
const { createServer } = require('node:http');
const { readFileSync } = require('node:fs');
const patched = () => { try { return readFileSync('/etc/patched', 'utf8').trim(); } catch { return 'plain'; } };
createServer((_, response) => response.end(process.env.GREETING + ' ' + patched())).listen(process.env.PORT);
process.on('SIGTERM', () => process.exit(0));
`;
const socle = 'apiVersion: beluga/v1\nkind: Socle\nmetadata: { name: node-26 }\nbase: { machine: node }\nroot: root\n';

describe('no request fails', () => {
  let platform: Platform;
  let address = '';
  before(async () => {
    platform = await Platform.open();
    await platform.release('1.0.0', manifest('hello'), { 'server.js': server });
    assert.equal((await platform.deploy('web', '1.0.0', 'dev')).state, 'succeeded');
    address = (await platform.client().status()).components[0]?.address ?? '';
  });
  after(() => platform?.close());
  const underLoad = async (work: () => Promise<void>): Promise<readonly string[]> => {
    const load = startLoad({ url: address, kept: 60, fresh: 20, connections: 8 });
    await sleep(300);
    const [outcome] = await Promise.allSettled([work()]);
    await sleep(300);
    const { failures, answers } = await load.stop();
    if (outcome.status === 'rejected') throw outcome.reason;
    assert.deepEqual(failures, {});
    return Object.keys(answers).toSorted();
  };
  const command = async (...words: readonly string[]) => {
    const { exitCode, err } = await beluga(platform.home, words);
    assert.equal(exitCode, 0, err);
  };

  it('when an application is moved to a patched base without being built again', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'beluga-socle-'));
    t.after(() => rm(folder, { recursive: true }));
    await mkdir(join(folder, 'root', 'etc'), { recursive: true });
    await writeFile(join(folder, 'root', 'etc', 'patched'), 'patched\n');
    await writeFile(join(folder, 'socle.yaml'), socle);
    await command('socle', 'build', folder);
    await command('socle', 'rebase', 'node-26');
    const answers = await underLoad(() => command('deploy', 'web@1.0.0+node-26.2', '--to', 'dev'));
    assert.deepEqual(answers, ['hello patched', 'hello plain']);
  });

  it('when it goes back to the base before', async () => {
    assert.deepEqual(await underLoad(() => command('rollback', 'web', '--env', 'dev')), ['hello patched', 'hello plain']);
  });

  it('when only its configuration changes', async () => {
    await platform.release('1.1.0', manifest('bonjour'), { 'server.js': server });
    assert.deepEqual(await underLoad(() => command('deploy', 'web@1.1.0', '--to', 'dev')), ['bonjour plain', 'hello plain']);
  });

  it('when it gets more instances, and fewer', async () => {
    const serving = async () =>
      (await platform.client().listInstances({ component: 'web', environment: 'dev' })).items.filter(({ state }) => state === 'serving')
        .length;
    await underLoad(async () => {
      for (const count of [4, 1, 2]) {
        await command('scale', 'web', '--env', 'dev', '--to', String(count));
        while ((await serving()) !== count) await sleep(100);
      }
    });
  });

  it('when the server is killed and started again', async () => {
    await underLoad(async () => {
      await platform.kill();
      await sleep(500);
      await platform.start();
    });
  });
});
