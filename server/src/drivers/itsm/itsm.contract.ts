/** What every ITSM driver keeps to: one record for a change, brought to its state, whatever went wrong before. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Change, ChangeState } from '../../domain/changes/change.ts';
import { changeOf } from '../../domain/changes/for-tests.ts';
import { BelugaError } from '../../errors.ts';
import type { Itsm } from './itsm.ts';

export type ItsmSubject = {
  readonly itsm: Itsm;
  /** The states of the records of a change, in the words of the domain. */
  records(change: string): readonly string[];
  /** From now on each call fails `times` times: before it does anything, or after it did. */
  fail(kind: 'before' | 'after', times: number): void;
};

export function itsmContract(subject: () => ItsmSubject): void {
  const walk = async (itsm: Itsm, change: Change, states: readonly ChangeState[]): Promise<string | null> => {
    let reference: string | null = null;
    for (const state of states) reference = await itsm.put({ ...change, state, ...endingOf(state) }, reference);
    return reference;
  };

  it('keeps one record of a change, moves it through its states and gives its reference', async () => {
    const { itsm, records } = subject();
    for (const kind of ['standard', 'normal', 'emergency'] as const) {
      const change = changeOf({ id: `chg-${kind}`, kind });
      const reference = await walk(itsm, change, ['scheduled', 'implementing', 'closed']);
      assert.deepEqual(records(change.id), ['closed']);
      assert.ok(reference !== null && reference.length > 0);
    }
  });

  it('comes to the newest state even when it never heard of those before', async () => {
    const { itsm, records } = subject();
    await walk(itsm, changeOf({ id: 'chg-late' }), ['closed']);
    assert.deepEqual(records('chg-late'), ['closed']);
    await walk(itsm, changeOf({ id: 'chg-never' }), ['scheduled', 'cancelled']);
    assert.deepEqual(records('chg-never'), ['cancelled']);
  });

  it('changes nothing when it is told again', async () => {
    const { itsm, records } = subject();
    await walk(itsm, changeOf({ id: 'chg-again' }), ['scheduled', 'closed', 'closed', 'closed']);
    assert.deepEqual(records('chg-again'), ['closed']);
  });

  it('says that it may pass when the other side fails, and ends with one record however often it did', async () => {
    const { itsm, records, fail } = subject();
    for (const kind of ['before', 'after'] as const) {
      const change = changeOf({ id: `chg-fails-${kind}` });
      fail(kind, 5);
      for (let tries = 0; tries < 12; tries += 1) {
        const failure = await walk(itsm, change, ['closed']).then(
          () => null,
          (error: unknown) => error,
        );
        if (failure === null) break;
        assert.ok(failure instanceof BelugaError && failure.retry, failure instanceof Error ? failure.message : 'no error');
      }
      fail(kind, 0);
      await walk(itsm, change, ['closed']);
      assert.deepEqual(records(change.id), ['closed']);
    }
  });
}

function endingOf(state: ChangeState): Partial<Change> {
  if (state === 'closed') return { closure: 'successful', closedAt: '2027-03-02T09:00:00.000Z' };
  return state === 'cancelled' ? { note: 'A newer request took its place.', closedAt: '2027-03-02T09:00:00.000Z' } : {};
}
