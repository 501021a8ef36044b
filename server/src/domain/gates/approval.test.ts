import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChangeKind } from '../changes/change.ts';
import type { Approval } from './approval.ts';
import { approval, says } from './for-tests.ts';

describe('an approval', () => {
  const settings = { approvals: 1 };
  const asked = (...approvals: readonly ReturnType<typeof approval>[]) => says('approval', { settings, approvals });

  it('of another person opens the plan it saw', () => assert.match(asked(approval()).reason, /marc approved this plan/));

  it('is void when the plan changed, when it expired, and from the one who asks', () => {
    assert.match(asked(approval({ planHash: 'sha256:other' })).reason, /the plan changed since it was approved/);
    assert.match(asked(approval({ expiresAt: '2026-11-24T10:00:00.000Z' })).reason, /the approval has expired/);
    const own = approval({
      requestedBy: 'paul',
      decisions: [{ who: 'lea', decision: 'approved', at: '2026-11-24T09:00:00Z', reason: null }],
    });
    assert.match(asked(own).reason, /nobody approves what they ask for/);
  });

  it('of two people takes two people', () => {
    const two = { approvals: 2 };
    const by = (who: string, id: string) =>
      approval({ id, decisions: [{ who, decision: 'approved', at: '2026-11-24T09:00:00Z', reason: null }] });
    assert.equal(says('approval', { settings: two, approvals: [by('marc', 'a'), by('marc', 'b')] }).verdict, 'closed');
    assert.equal(says('approval', { settings: two, approvals: [by('marc', 'a'), by('ines', 'b')] }).verdict, 'open');
  });

  const no = approval({ decisions: [{ who: 'marc', decision: 'rejected', at: '2026-11-24T09:00:00Z', reason: 'Not before Monday.' }] });

  it('that was refused closes, with the reason', () =>
    assert.match(asked(no).reason, /marc rejected the plan of web@1\.4\.0: Not before Monday\./));

  it('is asked for a normal change, with what keeps it from being a standard one; those two others go without, but not against a no', () => {
    const of = (kind: ChangeKind, given: readonly Approval[] = []) =>
      says('approval', { settings, approvals: given, change: { kind, lacks: ['Its computed risk is high.'] }, incident: 'INC1' });
    assert.equal(of('normal').reason, 'The plan of web@1.4.0 lacks an approval. Its change is normal. Its computed risk is high.');
    assert.deepEqual(
      [of('normal', [approval()]), of('standard'), of('emergency')].map(({ verdict }) => verdict),
      ['open', 'open', 'open'],
    );
    assert.deepEqual([of('standard', [no]).verdict, of('emergency', [no]).verdict], ['closed', 'closed']);
  });
});
