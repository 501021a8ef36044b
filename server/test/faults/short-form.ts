/** A few cells of the fault matrix as tests. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openSubject, type RealSubject } from '../../src/drivers/engine/docker/rig/subject.ts';
import { faults } from './faults.ts';
import { tryFault } from './matrix.ts';

/** Tries these faults on Docker, with so many replicas. */
export function shortForm(names: readonly string[], replicas: 2 | 3 | 4): void {
  describe('what goes wrong in a rollout ends as it must, and loses no request:', () => {
    let subject: RealSubject;
    let port: number;
    before(async () => {
      subject = await openSubject('docker');
      await subject.engine.prepare(['dev']);
      port = subject.port();
    });
    after(() => subject?.close());
    for (const name of names) {
      test(name, async () => {
        const fault = faults.find((one) => one.name === name);
        assert.ok(fault !== undefined, name);
        assert.deepEqual((await tryFault(subject, fault, replicas, port)).problems, []);
      });
    }
  });
}
