/** How trains read. */
import type { ShownTrainView, TrainView } from '@beluga/contract/train-schema';
import { wordsOfVerdicts } from '../deployment/verdicts.ts';
import { plainText } from '../output/text.ts';

/** The state of a train in a line or two. */
export function wordsOfTrain({ name, state, reason, members, departsAt }: TrainView): string {
  const carries = members.length === 1 ? '1 release' : `${members.length} releases`;
  return [`${name}: ${state}, ${carries}, departs ${dayOf(departsAt)}`, ...(reason === null ? [] : [`  ${plainText(reason)}`])].join('\n');
}

/** Everything about a train: its dates, its order, what stands in its way, and its last trip. */
export function wordsOfShown({ train, prognosis, trips, plan }: ShownTrainView): string {
  const { opensAt, locksAt, rehearsalAt, departsAt } = train;
  const [trip] = trips;
  return [
    wordsOfTrain(train),
    `  opens ${dayOf(opensAt)}, locks ${dayOf(locksAt)}, rehearsal ${dayOf(rehearsalAt)}, departure ${dayOf(departsAt)}`,
    '',
    ...prognosis.members.flatMap(wordsOfMember),
    ...prognosis.obstacles.map((one) => `closed  ${plainText(one)}`),
    ...prognosis.warnings.map((one) => `note    ${plainText(one)}`),
    ...wordsOfNext(train, prognosis),
    ...wordsOfPlan(train, plan),
    ...(trip === undefined ? [] : ['', ...wordsOfTrip(trip)]),
  ].join('\n');
}

type Prognosis = ShownTrainView['prognosis'];

function wordsOfMember({ component, version, wave, formerVersion, verdicts }: Prognosis['members'][number]): readonly string[] {
  return [
    `wave ${wave ?? '-'}  ${component}: ${formerVersion === version ? `${version} is there` : `${formerVersion ?? 'nothing'} -> ${version}`}`,
    ...wordsOfVerdicts(verdicts).map((line) => `        ${line}`),
  ];
}

function wordsOfNext({ state }: TrainView, { next, ready, opensAt }: Prognosis): readonly string[] {
  if (next === null) return [];
  const what = `${next.kind} in ${next.environment}`;
  const lock = state === 'open' ? ' It must be locked first.' : '';
  if (ready) return [`Next: ${what}, now.`];
  if (opensAt !== null) return [`Next: ${what}, from ${dayOf(opensAt)}: only time is in its way.${lock}`];
  return [`Next: ${what}, from ${dayOf(next.at)}, once what is closed above is cleared.${lock}`];
}

/** What somebody other than its maker is waited for to say yes to. */
function wordsOfPlan({ name, createdBy }: TrainView, plan: ShownTrainView['plan']): readonly string[] {
  const lacking = plan?.members.filter(({ lacks }) => lacks) ?? [];
  if (plan === null || lacking.length === 0) return [];
  const which = lacking.length === 1 ? '1 release lacks' : `${lacking.length} releases lack`;
  return [`${which} an approval, by anybody but ${createdBy}: beluga train approve ${name} --plan ${plan.planHash}`];
}

function wordsOfTrip({
  kind,
  environment,
  state,
  direction,
  reason,
  incident,
  members,
  requestedBy,
}: ShownTrainView['trips'][number]): readonly string[] {
  const way = state === 'running' && direction === 'undo' && kind !== 'rollback' ? ', putting back' : '';
  return [
    `Last trip: ${kind} in ${environment}, ${state}${way}, asked for by ${requestedBy}${incident === null ? '' : `, for incident ${plainText(incident)}`}`,
    ...(reason === null ? [] : [`  ${plainText(reason)}`]),
    ...members.map((one) => `  wave ${one.wave}  ${one.component} ${one.state}${one.reason === null ? '' : `: ${plainText(one.reason)}`}`),
  ];
}

/** `2027-04-10 08:00`, in the zone of whoever reads. */
function dayOf(instant: string): string {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(Temporal.Now.timeZoneId());
  return `${local.toPlainDate().toString()} ${local.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}
