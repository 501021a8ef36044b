/** What nothing needs any more leaves a real engine; what somebody uses, or what is not this platform's, stays. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get } from 'node:http';
import type { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
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
      const instance = `${subject.platform}.bounded.dev.g1.0`;
      const { HostConfig } = await docker().getContainer(instance).inspect();
      if (kind === 'docker') assert.deepEqual(HostConfig.LogConfig?.Config, { 'max-file': '3', 'max-size': '10m' });
      else assert.equal(await podmanLogSize(subject.real.socket, instance), '10MB');
    });
  });
}

/** Told by Podman's own interface only. */
async function podmanLogSize(socketPath: string, container: string): Promise<string> {
  const [answer] = (await once(get({ socketPath, path: `/v4.0.0/libpod/containers/${container}/json` }), 'response')) as [Readable];
  const info = (await json(answer)) as { readonly HostConfig: { readonly LogConfig: { readonly Size: string } } };
  return info.HostConfig.LogConfig.Size;
}
