/** What an instance may do and reach, and what it is given: nothing more than was declared. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Workload } from '../../../domain/workload.ts';
import { BelugaError } from '../../../errors.ts';
import { install, testWorkload } from '../subject.ts';
import { createClient } from './client.ts';
import { openSubject, type RealSubject } from './rig/subject.ts';

for (const kind of ['docker', 'podman'] as const) {
  describe(`${kind}: an instance is isolated:`, () => {
    let subject: RealSubject;
    before(async () => {
      subject = await openSubject(kind);
      await subject.engine.prepare(['dev', 'int']);
    });
    after(() => subject?.close());
    const one = { min: 1, max: 1 };
    const installed = async (component: string, more: Partial<Workload> = {}) => {
      const desired = testWorkload(subject, component, '1', { replicas: one, ...more });
      await subject.engine.route(desired, subject.port());
      await install(subject.engine, desired);
      const address = await subject.engine.address(desired);
      return async (path: string) => await (await fetch(`${address}${path}`)).text();
    };
    const inspect = async (instance: string) =>
      await createClient(subject.real.socket).docker.getContainer(`${subject.platform}.${instance}`).inspect();

    test('it is nobody, cannot become anybody, and writes only to its temporary folder', async () => {
      const ask = await installed('confined', { resources: { cpuMillis: 500, memoryBytes: 100 * 1024 * 1024 } });
      assert.match(await ask('/who'), /"uid":65532\b/);
      const status = await ask('/status');
      assert.match(status, /^CapEff:\s+0+$/m);
      assert.match(status, /^CapBnd:\s+0+$/m);
      assert.match(status, /^NoNewPrivs:\s+1$/m);
      assert.equal(await ask('/write?path=/app/app.js'), 'EROFS');
      assert.equal(await ask('/write?path=/tmp/note&text=hello'), 'written');
      const { HostConfig } = await inspect('confined.dev.g1.0');
      assert.equal(HostConfig.Memory, 100 * 1024 * 1024);
    });

    test('it reaches the components it declares by their names, and no other', async () => {
      await installed('declared');
      await installed('hidden');
      const ask = await installed('caller', { dependsOn: ['declared', 'later'] });
      assert.equal(await ask('/call?url=http://declared/'), 'v1');
      assert.notEqual(await ask('/call?url=http://hidden/'), 'v1');
      assert.match(await ask('/call?url=http://later/'), /Nothing is installed/);
      await installed('later');
      assert.equal(await ask('/call?url=http://later/'), 'v1');
    });

    test('it cannot reach another component by pretending to ask for it', async () => {
      await installed('victim');
      await installed('friend');
      const ask = await installed('liar', { dependsOn: ['friend'] });
      const { NetworkSettings } = await inspect('liar.dev.g1.0');
      const gateway = Object.values(NetworkSettings.Networks)[0]?.Gateway;
      assert.notEqual(gateway, '');
      assert.match(await ask(`/call?url=http://${gateway}/`), /Nothing is installed/);
    });

    test('a secret is a file in memory, in no description of the container, and follows its source at the next start', async () => {
      const source = join(subject.real.folder, 'password');
      await writeFile(source, 'hunter2-canary');
      const secrets = [{ name: 'database', ref: `file:${source}` }];
      const ask = await installed('secretive', { secrets });
      assert.equal(await ask('/read?path=/run/secrets/database'), 'hunter2-canary');
      assert.equal(await ask('/write?path=/run/secrets/database&text=x'), 'EROFS');
      assert.doesNotMatch(JSON.stringify(await inspect('secretive.dev.g1.0')), /hunter2/);
      const lost = testWorkload(subject, 'secretless', '1', { secrets: [{ name: 'gone', ref: 'file:/does/not/exist' }] });
      await assert.rejects(install(subject.engine, lost), (error) => error instanceof BelugaError && /secret gone/.test(error.message));
    });

    test('configuration is files that it can read and not change', async () => {
      const ask = await installed('configured', { files: [{ path: '/etc/app/settings.json', content: '{"a":1}' }] });
      assert.equal(await ask('/read?path=/etc/app/settings.json'), '{"a":1}');
      assert.equal(await ask('/write?path=/etc/app/settings.json&text=x'), 'EROFS');
    });

    test('its volumes outlive releases and are its to write', async () => {
      const volumes = [{ name: 'data', path: '/data' }];
      const ask = await installed('keeping', { volumes });
      assert.equal(await ask('/write?path=/data/note&text=kept'), 'written');
      await install(subject.engine, testWorkload(subject, 'keeping', '2', { volumes, replicas: one }));
      assert.equal(await ask('/'), 'v2');
      assert.equal(await ask('/read?path=/data/note'), 'kept');
    });

    test('its address is not given to another one soon', async () => {
      const ip = async (instance: string) => (await inspect(instance)).Config.Labels['beluga.ip'] ?? '';
      const given = new Set<string>();
      for (const version of ['1', '2', '3']) {
        await install(subject.engine, testWorkload(subject, 'moving', version, { replicas: one }));
        given.add(await ip(`moving.dev.g${version}.0`));
      }
      assert.equal(given.size, 3);
    });

    test('what it uses is counted, and whether it is alive is asked from outside', async () => {
      const ask = await installed('counted', { resources: { cpuMillis: null, memoryBytes: 128 * 1024 * 1024 } });
      await ask('/who');
      const [usage] = await subject.engine.usage({ component: 'counted', environment: 'dev' });
      assert.equal(usage?.instance, 'counted.dev.g1.0');
      assert.ok((usage?.cpuMs ?? 0) > 1, JSON.stringify(usage));
      assert.ok((usage?.memoryBytes ?? 0) > 1024 * 1024, JSON.stringify(usage));
      assert.equal(await subject.engine.probe('counted.dev.g1.0', { path: '/up', timeoutMs: 2_000 }), null);
      assert.equal(await subject.engine.probe('counted.dev.g1.0', { path: null, timeoutMs: 2_000 }), null);
      assert.match(
        (await subject.engine.probe('counted.dev.g1.0', { path: '/slow?ms=900', timeoutMs: 100 })) ?? '',
        /no answer within 100 ms/,
      );
    });

    test('an image that the registry does not hold is refused in one sentence', async () => {
      const image = `${subject.image.split('@')[0]}@sha256:${'0'.repeat(64)}`;
      const refused = install(subject.engine, testWorkload({ image }, 'imageless', '1'));
      await assert.rejects(
        refused,
        (error) => error instanceof BelugaError && error.code === 'pull-failed' && !error.message.includes('\n'),
      );
    });
  });
}
