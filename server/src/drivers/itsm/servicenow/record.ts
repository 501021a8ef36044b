/** A change in the words of ServiceNow's Change Management API: its states, its closure codes, its fields. */
import type { Change, ChangeKind, ChangeState } from '../../../domain/changes/change.ts';

/** The values of `state` in ServiceNow's state model. */
export const stateValues: Readonly<Record<ChangeState, number>> = {
  new: -5,
  assessed: -4,
  authorised: -3,
  scheduled: -2,
  implementing: -1,
  reviewing: 0,
  closed: 3,
  cancelled: 4,
};

/** The states a change of a kind passes there, in order: a standard one is pre-authorised, an emergency one is not assessed. */
export const roads: Readonly<Record<ChangeKind, readonly number[]>> = {
  standard: [-5, -2, -1, 0, 3],
  normal: [-5, -4, -3, -2, -1, 0, 3],
  emergency: [-5, -3, -2, -1, 0, 3],
};

const closeCodes = { successful: 'successful', unsuccessful: 'unsuccessful', 'backed-out': 'unsuccessful' } as const;

/** The states still to pass, each with what has to be said on the way. */
export function stepsTo(change: Change, from: number): readonly Readonly<Record<string, string>>[] {
  const goal = stateValues[change.state];
  if (from === goal || from === stateValues.closed || from === stateValues.cancelled) return [];
  if (change.state === 'cancelled') return [{ state: String(goal), work_notes: change.note ?? 'Cancelled before anything was changed.' }];
  return roads[change.kind].filter((state) => state > from && state <= goal).map((state) => stepOf(change, state));
}

function stepOf(change: Change, state: number): Readonly<Record<string, string>> {
  const { times, closure, note, ledger } = change;
  if (state === stateValues.implementing) return { state: String(state), work_start: serviceTime(times.implementing) };
  if (state === stateValues.reviewing) return { state: String(state), work_end: serviceTime(times.reviewing) };
  if (state !== stateValues.closed || closure === null) return { state: String(state) };
  const measured = ledger === null ? '' : ` ${ledger.sent} requests measured, ${ledger.failed} failed.`;
  return {
    state: String(state),
    close_code: closeCodes[closure],
    close_notes: `${closure}: ${note ?? 'Installed as planned.'}${measured}`,
  };
}

/** What a new record says: facts, in the fields that people look for them in. */
export function fieldsOf({ id, kind, facts }: Change): Readonly<Record<string, string>> {
  const { component, version, environment, risk, delta, plan, rollback, conditions, neighbours } = facts;
  const commits = delta.commits.map((commit) => `${commit.id.slice(0, 8)} ${commit.title}`);
  return {
    correlation_id: id,
    correlation_display: 'Beluga',
    short_description: `${component} ${version} to ${environment}`.slice(0, 160),
    description: [`In place of ${facts.formerVersion ?? 'nothing'}.`, ...commits, ...delta.tickets].join('\n').slice(0, 4000),
    justification: conditions
      .map(({ reason }) => reason)
      .join('\n')
      .slice(0, 4000),
    implementation_plan: plan.steps.join('\n').slice(0, 4000),
    backout_plan: [rollback.reason, ...rollback.steps].join('\n').slice(0, 4000),
    risk_impact_analysis: [
      `${risk.level} (${risk.points})`,
      ...risk.reasons.map(({ reason }) => reason),
      ...neighbours.map((one) => `${one.component} depends on it`),
    ]
      .join('\n')
      .slice(0, 4000),
    ...(kind === 'emergency' && facts.incident !== null ? { reason: facts.incident } : {}),
  };
}

/** `yyyy-MM-dd HH:mm:ss` in UTC. */
function serviceTime(at: string | undefined): string {
  return at === undefined ? '' : at.slice(0, 19).replace('T', ' ');
}
