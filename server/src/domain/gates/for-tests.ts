/** Facts for tests, from what differs: a release that everything lets through, in an environment that asks for nothing. */
import assert from 'node:assert/strict';
import type { Evidence } from '../evidence.ts';
import type { GateSettings } from '../platform.ts';
import type { Approval } from './approval.ts';
import type { GateFacts } from './facts.ts';
import { evaluateGates } from './gates.ts';
import type { Override } from './override.ts';
import type { Verdict } from './verdict.ts';

export const now = Temporal.Instant.from('2026-11-24T10:00:00Z');
export const stages = ['dev', 'int', 're7', 'preprod', 'prod'].map((name) => ({ name, mandatory: true }));

export const asksNothing: GateSettings = {
  soak: null,
  evidence: [],
  vulnerabilities: null,
  signature: false,
  provenance: false,
  supportedSocle: false,
  readinessFile: false,
  approvals: 0,
  capacity: null,
  dependencies: false,
  zeroDowntime: 'never',
  calendar: false,
  change: false,
};

type Changes = Partial<Omit<GateFacts, 'settings' | 'release'>> & {
  readonly settings?: Partial<GateSettings>;
  readonly release?: Partial<GateFacts['release']>;
};

export function facts({ settings, release, ...changes }: Changes = {}): GateFacts {
  return {
    ...{ now, moment: 'before', stages, environment: 'prod', purpose: 'deploy', incident: null, requester: 'lea' },
    ...{ verifiedIn: ['dev', 'int', 're7', 'preprod'], revokedIn: {}, soak: null, slot: null, evidence: [], exemptions: [] },
    socle: { name: 'node-26 3', supportedUntil: null, deprecated: null },
    readiness: { lines: [], signed: [] },
    calendar: { holidays: 'france', timeZone: 'Europe/Paris', entries: [] },
    ...{ stop: null, planHash: 'sha256:plan', approvals: [], override: null, change: null },
    capacity: { used: { cpuMillis: 0, memoryBytes: 0 }, needed: { cpuMillis: 0, memoryBytes: 0 } },
    dependencies: { names: [], missing: [], broken: [] },
    trains: null,
    ...changes,
    settings: { ...asksNothing, ...settings },
    release: {
      ...{ component: 'web', version: '1.4.0', digest: 'sha256:web', system: 'contrats', criticality: 'high', kind: 'Service' },
      ...{ replicas: { min: 2, max: 2 }, resources: { cpuMillis: null, memoryBytes: null }, showsReadiness: true, stopGraceMs: 10_000 },
      ...release,
    },
  };
}

export function evidence(changes: Partial<Evidence> & Pick<Evidence, 'kind'>): Evidence {
  return {
    ...{ id: 'evi-1', releaseDigest: 'sha256:web', outcome: 'passed', summary: 'all passed', findings: [], digest: null },
    ...{ recordedBy: 'ci', recordedAt: '2026-11-23T10:00:00.000Z', expiresAt: null },
    ...changes,
  };
}

export function approval(changes: Partial<Approval> = {}): Approval {
  return {
    ...{ id: 'app-1', component: 'web', version: '1.4.0', releaseDigest: 'sha256:web', environment: 'prod', planHash: 'sha256:plan' },
    ...{ requestedBy: 'lea', requestedAt: '2026-11-24T08:00:00.000Z', expiresAt: '2026-11-25T08:00:00.000Z' },
    decisions: [{ who: 'marc', decision: 'approved', at: '2026-11-24T09:00:00.000Z', reason: null }],
    ...changes,
  };
}

export function override(changes: Partial<Override> = {}): Override {
  return {
    ...{
      id: 'ovr-1',
      component: 'web',
      version: '1.4.0',
      releaseDigest: 'sha256:web',
      environment: 'prod',
      reason: 'A partner waits for it.',
    },
    ...{ requestedBy: 'lea', requestedAt: '2026-11-24T08:00:00.000Z', approvedBy: 'marc', approvedAt: '2026-11-24T09:00:00.000Z' },
    ...{ expiresAt: '2026-11-24T20:00:00.000Z', consumedBy: null, consumedAt: null },
    ...changes,
  };
}

/** What one gate says. */
export function says(gate: string, changes: Parameters<typeof facts>[0]): Verdict {
  const found = evaluateGates(facts(changes)).find((verdict) => verdict.gate === gate);
  assert.ok(found !== undefined, `${gate} says nothing`);
  return found;
}
