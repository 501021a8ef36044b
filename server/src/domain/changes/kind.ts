/**
 * Which kind of change a deployment is: emergency when it mends an incident, standard when every condition of pre-authorisation is
 * met, otherwise normal. The conditions are facts, each with its reason, so that a team sees what would make its changes standard.
 */
import { showsReadiness, type Unfit, unfitFor } from '../fitness.ts';
import type { Release } from '../release.ts';
import type { ChangeKind, Condition, RollbackPlan } from './change.ts';
import type { Risk } from './risk.ts';

/** What gates know of the change that a deployment needs. */
export type ChangeOutlook = {
  readonly kind: ChangeKind;
  /** Why it is not standard, each in a sentence. */
  readonly lacks: readonly string[];
};

export function outlookOn(kind: ChangeKind, conditions: readonly Condition[]): ChangeOutlook {
  return { kind, lacks: conditions.filter(({ met }) => !met).map(({ reason }) => reason) };
}

export type KindFacts = {
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
  const { health, stopGraceMs, replicas } = spec.run;
  const fitness = { replicas: spec.environments[environment]?.replicas ?? replicas, showsReadiness: showsReadiness(health), stopGraceMs };
  const lacks = unfitFor(fitness, environment).map(({ lack }) => lacking[lack]);
  if (lacks.length === 0) return { name, met: true, reason: 'It can be installed without interruption.' };
  return { name, met: false, reason: `It cannot be installed without interruption: it lacks ${lacks.join(' and ')}.` };
}

const lacking: Readonly<Record<Unfit['lack'], string>> = {
  replica: 'a second replica',
  readiness: 'a readiness path',
  grace: 'time to end',
};

function rollbackProven({ rollback }: KindFacts): Condition {
  return { name: 'rollback', met: rollback.proof !== 'none', reason: rollback.reason };
}

function lowRisk({ risk }: KindFacts): Condition {
  const why = risk.reasons.map(({ reason }) => reason).join('; ');
  return { name: 'risk', met: risk.level === 'low', reason: `Its computed risk is ${risk.level}${why === '' ? '' : `: ${why}`}.` };
}
