/** What nothing needs any more leaves a real engine; what somebody uses, or what is not this platform's, stays. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { leftoversOf } from '../../../domain/cleaning/leftover.ts';
import { install, testWorkload } from '../subject.ts';
import { createClient } from './client.ts';
import { openSubject, type RealSubject } from './rig/subject.ts';

const { signal } = new AbortController();

for (const kind of ['docker', 'podman'] as const) {
  describe(`${kind}: what is left over`, () => {
    let subject: RealSubject;
    before(async () => {
      subject = await openSubject(kind);
      await subject.engine.prepare(['dev', 'old']);
    });
    after(() => subject?.close());
    const docker = () => createClient(subject.real.socket).docker;
    const left = async (needed: readonly string[] = []) =>
      leftoversOf(await subject.engine.holdings(), {
        own: new Set([subject.image]),
        needed: new Set(needed),
        environments: ['dev', 'int'],
        openTasks: [],
      });
    const names = async (needed: readonly string[] = []) => (await left(needed)).map(({ kind: what, name }) => `${what} ${name}`).sort();

    test('is the image that no release needs and nobody uses, and the network of an environment that is gone', async () => {
      const desired = testWorkload(subject, 'cleaned', '1');
      await subject.engine.perform(desired, { kind: 'pull', image: subject.image }, signal);
      const both = [`image ${subject.image}`, `network ${subject.platform}-old`];
      assert.deepEqual(await names(), both);
      assert.deepEqual(await names([subject.image]), both.slice(1));
      const mine = await docker().createContainer({
        name: 'mine',
        Image: subject.image,
        HostConfig: { NetworkMode: `${subject.platform}-dev` },
      });
      assert.deepEqual(await names(), both.slice(1), 'a container of somebody uses it');
      assert.equal(await subject.engine.discard({ kind: 'image', name: subject.image, sizeBytes: null, reason: '' }), false);
      await mine.remove({ force: true });
      for (const leftover of await left()) assert.equal(await subject.engine.discard(leftover), true);
      assert.deepEqual(await names(), []);
      await assert.rejects(docker().getImage(subject.image).inspect());
    });

    test('is not what runs, and the log of what runs is bounded', async () => {
      const desired = testWorkload(subject, 'bounded', '1', { replicas: { min: 1, max: 1 } });
      await install(subject.engine, desired);
      assert.deepEqual(await names(), []);
      const { HostConfig } = await docker().getContainer(`${subject.platform}.bounded.dev.g1.0`).inspect();
      assert.deepEqual(
        kind === 'docker' ? HostConfig.LogConfig?.Config : boundOf(HostConfig.LogConfig),
        kind === 'docker' ? { 'max-file': '3', 'max-size': '10m' } : '10MB',
      );
    });
  });
}

/** Podman tells the bound in a field of its own. */
function boundOf(log: unknown): unknown {
  return (log as { readonly Size?: string }).Size;
}
