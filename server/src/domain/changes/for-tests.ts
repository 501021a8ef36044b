/** Specifications and changes for tests: a specification has two replicas, a readiness path, time to end. */
import type { Run, Spec } from '../release.ts';
import type { Change } from './change.ts';

export function specOf(name: string, changes: { readonly run?: Partial<Run> } = {}): Spec {
  const run: Run = {
    ...{ command: null, port: 8080, check: null, resources: { cpuMillis: null, memoryBytes: null }, volumes: [], schedule: null },
    ...{ health: { path: '/healthz', withinMs: 5_000, minReadyMs: 0 }, replicas: { min: 2, max: 2 }, stopGraceMs: 1_000 },
    ...{ timeZone: 'Europe/Paris', deadlineMs: 60_000, ...changes.run },
  };
  const config = { env: {}, files: [], secrets: [] };
  const identity = { kind: 'Service', name, system: 'contrats', team: null, description: null, criticality: 'medium' } as const;
  return { ...identity, run, dependsOn: [], config, environments: {} };
}

type Changes = Partial<Omit<Change, 'facts'>> & { readonly facts?: Partial<Change['facts']> };

/** A change of `web` from 1.0.0 to 2.0.0 in production, scheduled unless said. */
export function changeOf({ facts = {}, ...changes }: Changes = {}): Change {
  const hash = `sha256:${'a'.repeat(64)}`;
  return {
    ...{ id: 'chg-1', deployment: 'dep-1', kind: 'standard', state: 'scheduled', closure: null, note: null, ledger: null, review: null },
    ...{ times: { new: '2027-03-02T08:00:00.000Z' }, openedBy: 'lea', openedAt: '2027-03-02T08:00:00.000Z', closedAt: null },
    facts: {
      ...{ component: 'web', system: 'contrats', team: null, criticality: 'medium', environment: 'prod', version: '2.0.0' },
      ...{ releaseDigest: hash, image: `127.0.0.1:4600/web@${hash}`, formerVersion: '1.0.0', purpose: 'deploy', incident: null },
      ...{ requestedBy: 'lea', conditions: [], neighbours: [], verifications: [], evidence: [], approvals: [], override: null },
      ...{ verdicts: [], conflicts: [], risk: { level: 'low', points: 0, reasons: [] }, plan: { hash, steps: ['Start 2 instances.'] } },
      rollback: { version: '1.0.0', steps: ['Start 2 instances.'], proof: 'available', reason: 'web@1.0.0 is verified in prod.' },
      delta: {
        ...{ direction: 'forward', commits: [], tickets: [], layers: [], configuration: [] },
        vulnerabilities: { scanned: true, added: [], removed: [] },
      },
      ...facts,
    },
    ...changes,
  };
}
