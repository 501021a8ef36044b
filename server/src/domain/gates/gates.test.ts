import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { evaluateGates, type GateFacts } from './gates.ts';
import { isOpen, reasonOf } from './verdict.ts';

const environments = ['dev', 'int', 're7', 'preprod', 'prod'];

function facts(changes: Partial<GateFacts>): GateFacts {
  return {
    environments,
    component: 'web',
    version: '1.4.0',
    environment: 'int',
    purpose: 'deploy',
    verifiedIn: [],
    revokedIn: {},
    ...changes,
  };
}

describe('the order of the stages', () => {
  it('lets anything into the first environment', () => {
    assert.ok(isOpen(evaluateGates(facts({ environment: 'dev' }))));
  });

  it('names the stage that was skipped and where the road goes on', () => {
    const verdicts = evaluateGates(facts({ environment: 'prod', verifiedIn: ['dev'] }));
    assert.equal(
      reasonOf(verdicts),
      'web@1.4.0 is not verified in preprod. Take it there first, stage by stage: beluga deploy web@1.4.0 --to int.',
    );
  });

  it('closes behind a revoked verification and says why it was revoked', () => {
    const verdicts = evaluateGates(facts({ environment: 'int', revokedIn: { dev: 'the nightly tests failed.' } }));
    assert.match(reasonOf(verdicts), /in dev was revoked: the nightly tests failed\./);
  });

  it('lets a rollback go back to what was verified there before, whatever happened below since', () => {
    const below = { revokedIn: { preprod: 'a new vulnerability.' } };
    assert.ok(isOpen(evaluateGates(facts({ environment: 'prod', purpose: 'rollback', verifiedIn: ['prod'], ...below }))));
    assert.ok(!isOpen(evaluateGates(facts({ environment: 'prod', purpose: 'deploy', verifiedIn: ['prod'], ...below }))));
  });

  it('never lets a release into production that misses a stage, whatever was tried in whatever order', () => {
    const attempt = fc.record({ environment: fc.constantFrom(...environments), revoke: fc.boolean() });
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 60 }), (attempts) => {
        const verified = new Set<string>();
        const revoked: Record<string, string> = {};
        for (const { environment, revoke } of attempts) {
          if (revoke && verified.delete(environment)) revoked[environment] = 'tests failed.';
          if (revoke) continue;
          if (!isOpen(evaluateGates(facts({ environment, verifiedIn: [...verified], revokedIn: revoked })))) continue;
          const before = environments[environments.indexOf(environment) - 1];
          assert.ok(before === undefined || verified.has(before));
          verified.add(environment);
          delete revoked[environment];
        }
      }),
    );
  });
});
