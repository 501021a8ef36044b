/**
 * Which kind of change a deployment is: emergency when it mends an incident, standard when every condition of pre-authorisation is
 * met, otherwise normal. The conditions are facts, each with its reason, so that a team sees what would make its changes standard.
 */
import type { Release } from '../release.ts';
import type { ChangeKind, Condition, RollbackPlan } from './change.ts';
import type { Risk } from './risk.ts';

export type KindFacts = {
  readonly incident: string | null;
  readonly release: Pick<Release, 'component' | 'version' | 'spec'>;
  readonly environment: string;
  /** The environment before, where it must be verified; null for the first. */
  readonly below: string | null;
  readonly verifiedBelow: boolean;
  readonly rollback: RollbackPlan;
  readonly risk: Risk;
};

export function conditionsOf(facts: KindFacts): readonly Condition[] {
  return [verified(facts), fitForDaytime(facts), rollbackProven(facts), lowRisk(facts)];
}

export function kindOf(incident: string | null, conditions: readonly Condition[]): ChangeKind {
  if (incident !== null) return 'emergency';
  return conditions.every(({ met }) => met) ? 'standard' : 'normal';
}

function verified({ below, verifiedBelow, release, environment }: KindFacts): Condition {
  const name = 'verified-below';
  const what = `${release.component}@${release.version}`;
  if (below === null) return { name, met: true, reason: `${environment} is the first environment.` };
  return { name, met: verifiedBelow, reason: `${what} is ${verifiedBelow ? '' : 'not '}verified in ${below}.` };
}

/** The rules of an installation without interruption: a second replica, a proof of readiness, time to end. */
function fitForDaytime({ release, environment }: KindFacts): Condition {
  const name = 'zero-downtime';
  const { spec } = release;
  if (spec.kind === 'Job') return { name, met: true, reason: 'It is a job: it serves nobody while it is installed.' };
  const replicas = spec.environments[environment]?.replicas ?? spec.run.replicas;
  const lacks = [
    replicas.min < 2 ? 'a second replica' : null,
    spec.run.health.path === null ? 'a readiness path' : null,
    spec.run.stopGraceMs <= 0 ? 'time to end' : null,
  ].filter((lack) => lack !== null);
  if (lacks.length === 0) return { name, met: true, reason: 'It can be installed without interruption.' };
  return { name, met: false, reason: `It cannot be installed without interruption: it lacks ${lacks.join(' and ')}.` };
}

function rollbackProven({ rollback }: KindFacts): Condition {
  return { name: 'rollback', met: rollback.proof !== 'none', reason: rollback.reason };
}

function lowRisk({ risk }: KindFacts): Condition {
  const why = risk.reasons.map(({ reason }) => reason).join('; ');
  return { name: 'risk', met: risk.level === 'low', reason: `Its computed risk is ${risk.level}${why === '' ? '' : `: ${why}`}.` };
}
