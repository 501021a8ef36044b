import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { entry } from '../calendar/for-tests.ts';
import { evidence, facts, override, says, stages } from './for-tests.ts';
import { evaluateGates } from './gates.ts';
import { mayUse, stateOf } from './override.ts';
import { isOpen, opensAtOf, reasonOf } from './verdict.ts';

describe('the gates', () => {
  it('say every unmet rule at once, each with what to do and who can', () => {
    const verdicts = evaluateGates(
      facts({
        verifiedIn: ['dev'],
        settings: { evidence: ['tests'], approvals: 1, zeroDowntime: 'medium', dependencies: true, supportedSocle: true },
        release: { replicas: { min: 1, max: 1 } },
        socle: { name: null, supportedUntil: null, deprecated: null },
        dependencies: { names: ['contrats-api'], missing: ['contrats-api'], broken: [] },
      }),
    );
    assert.deepEqual(
      verdicts.map(({ gate }) => gate),
      ['order', 'evidence', 'socle', 'zero-downtime', 'dependencies', 'approval'],
    );
    for (const { verdict, remedy, who } of verdicts) assert.ok(verdict === 'closed' && remedy !== null && who !== null);
  });

  it('tell when time alone opens them, and only then', () => {
    const frozen = {
      settings: { calendar: true },
      calendar: { ...facts().calendar, entries: [entry({ start: '2026-11-20T00:00', end: '2026-11-30T08:00' })] },
    };
    assert.equal(opensAtOf(evaluateGates(facts(frozen))), '2026-11-30T07:00:00.000Z');
    assert.equal(opensAtOf(evaluateGates(facts({ ...frozen, verifiedIn: [] }))), null);
    assert.equal(opensAtOf(evaluateGates(facts())), null);
  });
});

describe('the order of the stages', () => {
  it('lets anything into the first environment', () => assert.ok(isOpen(evaluateGates(facts({ environment: 'dev', verifiedIn: [] })))));

  it('names the stages that were skipped and where the road goes on', () => {
    assert.equal(
      reasonOf(evaluateGates(facts({ verifiedIn: ['dev'] }))),
      'web@1.4.0 is not verified in int, re7 and preprod. Take it there first, stage by stage: beluga deploy web@1.4.0 --to int.',
    );
  });

  it('closes behind a revoked verification in any stage below and says why it was revoked', () => {
    const verdict = says('order', { verifiedIn: ['dev', 'int', 'preprod'], revokedIn: { re7: 'the nightly tests failed.' } });
    assert.equal(verdict.verdict, 'closed');
    assert.match(verdict.reason, /in re7 was revoked: the nightly tests failed\./);
  });

  it('passes over a stage that is not mandatory', () => {
    const without = stages.map((stage) => ({ ...stage, mandatory: stage.name !== 're7' }));
    assert.equal(says('order', { stages: without, verifiedIn: ['dev', 'int', 'preprod'] }).verdict, 'open');
  });

  it('lets a rollback go back to what was verified there before, whatever happened below since', () => {
    const below = { verifiedIn: ['prod'], revokedIn: { preprod: 'a new vulnerability.' } };
    assert.ok(isOpen(evaluateGates(facts({ purpose: 'rollback', ...below }))));
    assert.ok(!isOpen(evaluateGates(facts({ purpose: 'deploy', ...below }))));
  });
});

describe('a soak', () => {
  const wanted = { soak: { forMs: 3_600_000, requests: 1000, jobRuns: 2, protected: false } };
  const there = { environment: 'preprod', residedMs: 7_200_000, resides: true, requests: 1000, jobRuns: 0 };

  it('is over after its time with its requests', () => assert.equal(says('soak', { settings: wanted, soak: there }).verdict, 'open'));

  it('waits for the time that is missing and says until when', () => {
    const verdict = says('soak', { settings: wanted, soak: { ...there, residedMs: 600_000 } });
    assert.deepEqual([verdict.verdict, verdict.opensAt], ['waiting', '2026-11-24T10:50:00.000Z']);
  });

  it('is not proven by time without traffic, and no time opens it', () => {
    const verdict = says('soak', { settings: wanted, soak: { ...there, residedMs: 900_000_000, requests: 0 } });
    assert.deepEqual([verdict.verdict, verdict.opensAt], ['closed', null]);
    assert.match(verdict.reason, /1000 requests are asked for, and it has answered 0/);
  });

  it('counts the successful runs of a job', () => {
    const job = (jobRuns: number) => says('soak', { settings: wanted, release: { kind: 'Job' }, soak: { ...there, requests: 0, jobRuns } });
    assert.deepEqual([job(1).verdict, job(2).verdict], ['closed', 'open']);
  });

  it('does not go on for a release that was replaced there', () => {
    const verdict = says('soak', { settings: wanted, soak: { ...there, residedMs: 600_000, resides: false } });
    assert.deepEqual([verdict.verdict, verdict.opensAt], ['closed', null]);
    assert.match(verdict.remedy ?? '', /--to preprod/);
  });
});

describe('evidence', () => {
  const settings = { evidence: ['tests', 'quality'] } as const;
  const tests = evidence({ kind: 'tests' });
  const quality = evidence({ kind: 'quality' });

  it('of every kind that is asked for opens', () =>
    assert.equal(says('evidence', { settings, evidence: [tests, quality] }).verdict, 'open'));

  it('counts by its newest: a failed re-test closes', () => {
    const failed = evidence({ kind: 'tests', outcome: 'failed', summary: '3 of 120 failed' });
    assert.match(says('evidence', { settings, evidence: [failed, tests, quality] }).reason, /tests failed \(3 of 120 failed\)/);
  });

  it('proves nothing once it has expired', () => {
    const old = evidence({ kind: 'tests', expiresAt: '2026-11-24T10:00:00.000Z' });
    assert.match(says('evidence', { settings, evidence: [old, quality] }).reason, /tests expired on 2026-11-24/);
  });

  it('that is a signature or a provenance has a gate of its own', () => {
    assert.equal(says('signature', { settings: { signature: true } }).verdict, 'closed');
    assert.equal(says('provenance', { settings: { provenance: true }, evidence: [evidence({ kind: 'provenance' })] }).verdict, 'open');
  });
});

describe('vulnerabilities', () => {
  const settings = { vulnerabilities: { critical: 0, high: 1, medium: null, low: null } };
  const found = (id: string, severity: 'critical' | 'high' | 'low') => ({ id, severity, package: 'openssl', storey: 'vendor' as const });
  const scan = (...findings: readonly ReturnType<typeof found>[]) => [evidence({ kind: 'scan', findings })];
  const exemption = { vulnerability: 'CVE-1', components: ['web'], until: '2026-11-24', reason: 'never called' };

  it('are borne up to the number of each severity', () => {
    assert.equal(says('vulnerabilities', { settings, evidence: scan(found('CVE-2', 'high'), found('CVE-3', 'low')) }).verdict, 'open');
    assert.match(
      says('vulnerabilities', { settings, evidence: scan(found('CVE-1', 'critical')) }).reason,
      /1 critical where 0 are borne \(CVE-1\)/,
    );
  });

  it('that are exempted do not count until the last day, and count after it', () => {
    const given = { settings, evidence: scan(found('CVE-1', 'critical')), exemptions: [exemption] };
    assert.equal(says('vulnerabilities', given).verdict, 'open');
    assert.equal(says('vulnerabilities', { ...given, now: Temporal.Instant.from('2026-11-24T22:59:00Z') }).verdict, 'open');
    assert.equal(says('vulnerabilities', { ...given, now: Temporal.Instant.from('2026-11-24T23:00:00Z') }).verdict, 'closed');
    assert.equal(says('vulnerabilities', { ...given, release: { component: 'other' } }).verdict, 'closed');
  });

  it('are unknown without a scan', () => assert.match(says('vulnerabilities', { settings }).reason, /never scanned/));
});

describe('a socle', () => {
  const settings = { supportedSocle: true };
  it('is supported until the last day of its support', () => {
    const until = (supportedUntil: string) =>
      says('socle', { settings, socle: { name: 'node-26 3', supportedUntil, deprecated: null } }).verdict;
    assert.deepEqual([until('2026-11-24'), until('2026-11-23')], ['open', 'closed']);
  });

  it('that is deprecated is no longer built on', () => {
    const deprecated = { reason: 'OpenSSL 1 is in it.', instead: 'node-28' };
    const verdict = says('socle', { settings, socle: { name: 'node-24 7', supportedUntil: null, deprecated } });
    assert.match(`${verdict.reason} ${verdict.remedy}`, /node-24 7.*deprecated: OpenSSL 1 is in it\. Move to node-28/);
  });
});

describe('a readiness file', () => {
  it('is complete when every line is signed and none has expired', () => {
    const line = (name: string, expiresAt: string | null = null) => ({ line: name, by: 'ines', expiresAt });
    const asked = (...signed: readonly ReturnType<typeof line>[]) =>
      says('readiness', { settings: { readinessFile: true }, readiness: { lines: ['architecture', 'rae'], signed } });
    assert.equal(asked(line('architecture'), line('rae', '2027-01-01T00:00:00Z')).verdict, 'open');
    assert.equal(
      asked(line('architecture'), line('rae', '2026-01-01T00:00:00Z')).reason,
      'The readiness file of contrats lacks: rae (expired).',
    );
  });
});

describe('dependencies', () => {
  const settings = { dependencies: true };
  const names = ['contrats-api'];

  it('must be in the environment', () => {
    const missing = says('dependencies', { settings, dependencies: { names, missing: names, broken: [] } });
    assert.equal(missing.reason, 'contrats-api, which it depends on, is not in prod.');
    assert.equal(missing.remedy, 'Install it first: beluga deploy contrats-api --to prod.');
    assert.equal(says('dependencies', { settings, dependencies: { names, missing: [], broken: [] } }).verdict, 'open');
  });

  it('must keep the contract that the release requires', () => {
    const requirement = { component: 'contrats-api', contract: 'contrats-api', range: '^2.1' };
    const broken = [{ component: 'web', version: '1.4.0', requirement, provider: '3.0.0', provided: ['3.0.0'] }];
    const verdict = says('dependencies', { settings, dependencies: { names, missing: [], broken } });
    assert.equal(verdict.reason, 'in prod web@1.4.0 requires contrats-api ^2.1 of contrats-api, and contrats-api@3.0.0 provides 3.0.0.');
    assert.equal(verdict.remedy, 'Install it first: beluga deploy contrats-api --to prod.');
  });

  it('close also where what calls the component there would no longer work', () => {
    const requirement = { component: 'web', contract: 'web', range: '^1.3.0' };
    const broken = [{ component: 'portal', version: '5.0.0', requirement, provider: '2.0.0', provided: ['2.0.0'] }];
    const verdict = says('dependencies', { settings, dependencies: { names: [], missing: [], broken }, release: { version: '2.0.0' } });
    assert.equal(verdict.reason, 'in prod portal@5.0.0 requires web ^1.3.0 of web, and web@2.0.0 provides 2.0.0.');
    assert.match(verdict.remedy ?? '', /^Provide the former version of the contract beside the new one/);
  });
});

describe('a train to come', () => {
  const requirement = { component: 'contrats-api', contract: 'contrats-api', range: '^2' };
  const broken = [{ component: 'web', version: '1.4.0', requirement, provider: '3.0.0', provided: ['3.0.0'] }];

  it('refuses what would break it, naming the contract and the date', () => {
    const threats = [{ train: 'avril', departsAt: '2027-04-09T22:30:00Z', broken }];
    assert.equal(
      says('train', { trains: { moving: null, threats } }).reason,
      'web@1.4.0 would break train avril of 2027-04-10: web@1.4.0 requires contrats-api ^2 of contrats-api, and contrats-api@3.0.0 provides 3.0.0.',
    );
  });

  it('lets what goes with it in, and holds nobody where none comes', () => {
    assert.equal(says('train', { trains: { moving: null, threats: [] } }).verdict, 'open');
    assert.ok(!evaluateGates(facts()).some(({ gate }) => gate === 'train'));
  });

  it('leaves alone what it moves now', () => {
    assert.equal(says('train', { trains: { moving: 'avril', threats: [] } }).reason, 'Train avril is moving web in prod.');
  });
});

describe('capacity', () => {
  const settings = { capacity: { cpuMillis: 4000, memoryBytes: 8 * 2 ** 30 } };
  it('holds the new set beside all that runs', () => {
    const asked = (cpuMillis: number) =>
      says('capacity', { settings, capacity: { used: { cpuMillis: 3000, memoryBytes: 0 }, needed: { cpuMillis, memoryBytes: 0 } } });
    assert.equal(asked(1000).verdict, 'open');
    assert.equal(asked(1500).reason, 'web@1.4.0 needs 1.5 CPUs where 1 of 4 are left.');
  });
});

describe('the calendar', () => {
  const frozen = {
    settings: { calendar: true },
    calendar: { ...facts().calendar, entries: [entry({ start: '2026-11-20T00:00', end: '2026-11-30T08:00', name: 'renewals' })] },
  };

  it('waits for the end of a freeze and says it on the wall clock', () => {
    const verdict = says('calendar', frozen);
    assert.deepEqual([verdict.verdict, verdict.opensAt], ['waiting', '2026-11-30T07:00:00.000Z']);
    assert.match(verdict.reason, /prod is frozen until 2026-11-30 08:00 \(renewals\)/);
  });

  it('never holds up a rollback, nor the mending of an incident that is named', () => {
    assert.equal(says('calendar', { ...frozen, purpose: 'rollback', verifiedIn: ['prod'] }).verdict, 'open');
    assert.match(says('calendar', { ...frozen, incident: 'INC0012345' }).reason, /INC0012345/);
  });
});

describe('the stop button', () => {
  const stop = { by: 'ines', reason: 'Payments fail.', at: '2026-11-24T09:59:00.000Z' };
  it('lets nothing start, and what moves go on', () => {
    assert.match(says('stop', { stop }).reason, /ines stopped the line .*: Payments fail\./);
    assert.ok(isOpen(evaluateGates(facts({ stop, moment: 'moving' }))));
  });
  it('lets a rollback start that names its incident', () => {
    const back = { stop, purpose: 'rollback', verifiedIn: ['prod'] } as const;
    assert.ok(!isOpen(evaluateGates(facts(back))));
    assert.ok(isOpen(evaluateGates(facts({ ...back, incident: 'INC0012345' }))));
  });
});

describe('an override', () => {
  it('opens what people may answer for, with their names and the reason', () => {
    const verdict = says('approval', { settings: { approvals: 1 }, override: override() });
    assert.equal(verdict.verdict, 'open');
    assert.match(verdict.reason, /Overridden by ovr-1 of lea and marc: A partner waits for it\./);
  });

  it('opens neither the order of the stages nor the stop button', () => {
    const stop = { by: 'ines', reason: 'x', at: '2026-11-24T09:59:00.000Z' };
    const verdicts = evaluateGates(facts({ verifiedIn: [], stop, override: override() }));
    assert.deepEqual(
      verdicts.map(({ gate, verdict }) => `${gate} ${verdict}`),
      ['stop closed', 'order closed'],
    );
  });

  it('is consumed once, and expires', () => {
    const at = facts().now;
    assert.deepEqual([mayUse(override(), null, at), mayUse(override(), 'dep-1', at)], [true, true]);
    const consumed = override({ consumedBy: 'dep-1', consumedAt: '2026-11-24T09:30:00.000Z', expiresAt: '2026-11-24T09:40:00.000Z' });
    assert.deepEqual([mayUse(consumed, 'dep-1', at), mayUse(consumed, 'dep-2', at), mayUse(consumed, null, at)], [true, false, false]);
    assert.equal(stateOf(override({ expiresAt: '2026-11-24T10:00:00.000Z' }), at), 'expired');
    assert.equal(mayUse(override({ approvedBy: null }), null, at), false);
  });
});
