import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openSubject, type RealSubject } from '../src/drivers/engine/docker/rig/subject.ts';
import { faults } from './faults/faults.ts';
import { tryFault } from './faults/matrix.ts';

/** The short form of `npm run fault-matrix`: what takes something from under a rollout, with three replicas. */
const some = ['former version broken too', 'engine restarted', 'router killed', 'server killed at each step'];

describe('what goes wrong in a rollout ends as it must, and loses no request:', () => {
  let subject: RealSubject;
  let port: number;
  before(async () => {
    subject = await openSubject('docker');
    await subject.engine.prepare(['dev']);
    port = subject.port();
  });
  after(() => subject?.close());
  for (const name of some) {
    test(name, async () => {
      const fault = faults.find((one) => one.name === name);
      assert.ok(fault !== undefined, name);
      assert.deepEqual((await tryFault(subject, fault, 3, port)).problems, []);
    });
  }
});
