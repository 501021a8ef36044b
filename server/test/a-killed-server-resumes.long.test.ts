import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Load, startLoad } from '../src/drivers/engine/docker/rig/load.ts';
import { Platform } from './platform.ts';

const manifest = `
apiVersion: beluga/v1
kind: Service
metadata: { name: web, system: contrats }
run:
  command: [node, server.js]
  health: { path: /healthz, within: 20s }
  check: { path: / }
  stop: { grace: 2s }
`;
const server = `
const { createServer } = require('node:http');
createServer((_, response) => response.end(process.env.BELUGA_VERSION)).listen(process.env.PORT);
process.on('SIGTERM', () => process.exit(0));
`;
/** Every boundary of a deployment that brings one set in and takes one out: seven steps, each begun and done. */
const boundaries = 14;

describe('a server that is killed in the middle of a deployment', () => {
  let platform: Platform;
  let load: Load;
  before(async () => {
    platform = await Platform.open();
    await platform.release('1.0.0', manifest, { 'server.js': server });
    assert.equal((await platform.deploy('web', '1.0.0', 'dev')).state, 'succeeded');
    const { components } = await platform.client().status();
    load = startLoad({ url: components[0]?.address ?? '', kept: 40, fresh: 10, connections: 8 });
  });
  after(async () => {
    await load?.stop();
    await platform?.close();
  });

  for (let boundary = 1; boundary <= boundaries; boundary += 1) {
    it(`at step boundary ${boundary} of ${boundaries} is resumed by its next start: installed, nothing orphaned`, async () => {
      const version = `2.0.${boundary}`;
      await platform.release(version, manifest, { 'server.js': server });
      const { id } = await killedAt(boundary, version);
      await platform.start();
      const restarted = performance.now();
      const deployment = await platform.ended(id);
      assert.equal(deployment.state, 'succeeded', deployment.reason ?? '');
      assert.ok(performance.now() - restarted < 20_000);
      const { items } = await platform.client().listInstances({ component: 'web', environment: 'dev' });
      assert.deepEqual(
        items.map((instance) => `${instance.version} ${instance.state}`),
        [`${version} serving`, `${version} serving`],
      );
      const { items: all } = await platform.client().listDeployments({ component: 'web', state: 'running' });
      assert.deepEqual(all, []);
    });
  }

  it('never cost a request', async () => {
    const { sent, failed, failures } = await load.stop();
    assert.equal(failed, 0, JSON.stringify(failures));
    assert.ok(sent > 500, `only ${sent} requests were sent`);
  });

  /** Asks for a deployment and kills the server with -9 as soon as so many step boundaries were told. */
  async function killedAt(boundary: number, version: string): Promise<{ id: string }> {
    const client = platform.client();
    const hangUp = new AbortController();
    const events = client.events({ subject: 'deployment/', signal: hangUp.signal });
    const first = events.next();
    const { id } = await client.requestDeployment({ component: 'web', version, environment: 'dev' });
    let seen = 0;
    for (let next = await first; next.done !== true; next = await events.next()) {
      if (next.value.subject !== `deployment/${id}`) continue;
      if (next.value.type.startsWith('step.')) seen += 1;
      if (seen === boundary || next.value.type === 'deployment.succeeded') break;
    }
    await platform.kill();
    hangUp.abort();
    return { id };
  }
});
