import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { GateFacts } from './facts.ts';
import { approval, facts, now, override, stages } from './for-tests.ts';
import { evaluateGates } from './gates.ts';
import { mayUse, type Override } from './override.ts';
import { isOpen } from './verdict.ts';

const names = stages.map(({ name }) => name);

describe('whatever is tried in whatever order', () => {
  const attempt = fc.record({
    environment: fc.constantFrom(...names),
    revoke: fc.boolean(),
    purpose: fc.constantFrom('deploy' as const, 'rollback' as const),
    overridden: fc.boolean(),
  });

  it('nothing reaches production without an unrevoked verification in each mandatory stage, but what goes back to where it was', () => {
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 60, size: 'max' }), fc.subarray(['int', 're7']), (attempts, optional) => {
        const road = stages.map((stage) => ({ ...stage, mandatory: !optional.some((name) => name === stage.name) }));
        const verified = new Set<string>();
        const revoked: Record<string, string> = {};
        for (const { environment, revoke, purpose, overridden } of attempts) {
          if (revoke && verified.delete(environment)) revoked[environment] = 'tests failed.';
          if (revoke) continue;
          const given = {
            stages: road,
            environment,
            purpose,
            verifiedIn: [...verified],
            revokedIn: revoked,
            override: overridden ? override() : null,
          };
          if (!isOpen(evaluateGates(facts(given)))) continue;
          const below = road.slice(0, names.indexOf(environment)).filter(({ mandatory }) => mandatory);
          assert.ok(below.every(({ name }) => verified.has(name)) || (purpose === 'rollback' && verified.has(environment)));
          verified.add(environment);
          delete revoked[environment];
        }
      }),
    );
  });

  it('nobody approves themself, whoever asks and whoever decides', () => {
    const person = fc.constantFrom('lea', 'marc', 'ines');
    const decided = fc
      .record({ requestedBy: person, who: person, planHash: fc.constantFrom('sha256:plan', 'sha256:other') })
      .map(({ requestedBy, who, planHash }) =>
        approval({ requestedBy, planHash, decisions: [{ who, decision: 'approved', at: '2026-11-24T09:00:00Z', reason: null }] }),
      );
    fc.assert(
      fc.property(fc.array(decided, { maxLength: 6 }), person, fc.integer({ min: 1, max: 2 }), (approvals, requester, wanted) => {
        const open = isOpen(evaluateGates(facts({ settings: { approvals: wanted }, approvals, requester })));
        const others = new Set(
          approvals
            .filter(({ planHash, requestedBy, decisions }) => planHash === 'sha256:plan' && decisions[0]?.who !== requestedBy)
            .map(({ decisions }) => decisions[0]?.who)
            .filter((who) => who !== requester),
        );
        assert.equal(open, others.size >= wanted);
      }),
    );
  });

  it('a normal change goes nowhere without the yes of another person to this very plan, and a no holds whatever its kind', () => {
    const person = fc.constantFrom('lea', 'marc', 'ines');
    const decided = fc
      .record({
        who: person,
        decision: fc.constantFrom('approved' as const, 'rejected' as const),
        planHash: fc.constantFrom('sha256:plan', 'sha256:x'),
      })
      .map(({ who, decision, planHash }) =>
        approval({ planHash, decisions: [{ who, decision, at: '2026-11-24T09:00:00Z', reason: null }] }),
      );
    const kind = fc.constantFrom('standard' as const, 'normal' as const, 'emergency' as const);
    fc.assert(
      fc.property(fc.array(decided, { maxLength: 4 }), kind, (approvals, of) => {
        const incident = of === 'emergency' ? 'INC1' : null;
        const open = isOpen(evaluateGates(facts({ settings: { approvals: 1 }, approvals, change: { kind: of, lacks: [] }, incident })));
        const words = approvals.filter(({ planHash }) => planHash === 'sha256:plan').flatMap(({ decisions }) => decisions);
        const no = words.some(({ decision }) => decision === 'rejected');
        const yes = words.some(({ decision, who }) => decision === 'approved' && who !== 'lea');
        assert.equal(open, !no && (of !== 'normal' || yes));
      }),
    );
  });

  it('an override opens one start of one release in one environment before its expiry, by the word of two people, and never again', () => {
    const place = fc.record({ digest: fc.constantFrom('sha256:web', 'sha256:api'), environment: fc.constantFrom('preprod', 'prod') });
    const move = fc.oneof(
      fc.record({ kind: fc.constant('ask' as const), place, hours: fc.integer({ min: 1, max: 6 }) }),
      fc.record({ kind: fc.constant('approve' as const), which: fc.nat(14) }),
      fc.record({ kind: fc.constant('start' as const), place }),
      fc.record({ kind: fc.constant('later' as const), hours: fc.integer({ min: 1, max: 4 }) }),
    );
    fc.assert(
      fc.property(fc.array(move, { minLength: 30, maxLength: 60 }), (moves) => {
        let [time, starts] = [now, 0];
        const known: Override[] = [];
        const opened = new Map<string, number>();
        for (const one of moves) {
          if (one.kind === 'later') time = time.add({ hours: one.hours });
          if (one.kind === 'ask')
            known.push(
              override({
                ...{ id: `ovr-${known.length}`, releaseDigest: one.place.digest, environment: one.place.environment, approvedBy: null },
                expiresAt: time.add({ hours: one.hours }).toString(),
              }),
            );
          const asked = one.kind === 'approve' ? known[one.which] : undefined;
          if (asked !== undefined && asked.approvedBy === null) known[known.indexOf(asked)] = { ...asked, approvedBy: 'marc' };
          if (one.kind !== 'start') continue;
          // As the store finds one: of this release and environment, and usable by whoever has not started yet.
          const { digest, environment } = one.place;
          const usable = known.find((o) => o.releaseDigest === digest && o.environment === environment && mayUse(o, null, time)) ?? null;
          const verifiedIn = names.slice(0, names.indexOf(environment));
          const closed = { environment, verifiedIn, settings: { evidence: ['tests' as const] }, override: usable };
          if (!isOpen(evaluateGates(facts(closed)))) continue;
          assert.ok(usable !== null && usable.approvedBy !== null && Temporal.Instant.compare(usable.expiresAt, time) > 0);
          assert.deepEqual([usable.releaseDigest, usable.environment], [digest, environment]);
          opened.set(usable.id, (opened.get(usable.id) ?? 0) + 1);
          known[known.indexOf(usable)] = { ...usable, consumedBy: `dep-${(starts += 1)}`, consumedAt: time.toString() };
        }
        for (const [id, times] of opened) assert.equal(times, 1, id);
      }),
      { numRuns: 150 },
    );
  });

  it('a gate that is not open says what to do or when', () => {
    const anything: fc.Arbitrary<Partial<GateFacts>> = fc.record({
      purpose: fc.constantFrom('deploy' as const, 'rollback' as const),
      verifiedIn: fc.subarray(names),
      incident: fc.constantFrom(null, 'INC1'),
      moment: fc.constantFrom('before' as const, 'moving' as const),
    });
    const settings = {
      ...{
        soak: { forMs: 1, requests: 1, jobRuns: 1, protected: false },
        evidence: ['tests', 'scan'] as const,
        approvals: 1,
        readinessFile: true,
      },
      ...{ vulnerabilities: { critical: 0, high: 0, medium: 0, low: 0 }, signature: true, provenance: true, supportedSocle: true },
      ...{ dependencies: true, zeroDowntime: 'low' as const, calendar: true, capacity: { cpuMillis: 1, memoryBytes: 1 } },
    };
    fc.assert(
      fc.property(anything, (changes) => {
        for (const { verdict, remedy, opensAt, reason } of evaluateGates(facts({ settings, ...changes }))) {
          assert.match(reason, /^\S.*\.$/s);
          if (verdict === 'closed') assert.ok(remedy !== null);
          if (verdict === 'waiting') assert.ok(opensAt !== null);
        }
      }),
    );
  });
});
