/**
 * The second clock: what is installed today must not break the train that comes, and leaves alone what a train moves right now.
 *
 * Asked only where trains go to and only while one is to come.
 */
import { sentenceOf } from '../trains/contract.ts';
import { type GateFacts, nameOf } from './facts.ts';
import { closed, opened, type Verdict } from './verdict.ts';

export function trainGate({ trains, ...facts }: GateFacts): Verdict | null {
  if (trains === null) return null;
  const { component } = facts.release;
  if (trains.moving !== null) {
    return closed(
      'train',
      `Train ${trains.moving} is moving ${component} in ${facts.environment}.`,
      'Wait until it has arrived.',
      'nobody: it ends by itself',
    );
  }
  if (trains.threats.length === 0) return opened('train', `${nameOf(facts)} goes with every train to come.`);
  const words = trains.threats.map(({ train, departsAt, broken }) => {
    return `would break train ${train} of ${dayOf(departsAt, facts.calendar.timeZone)}: ${broken.map(sentenceOf).join('; ')}`;
  });
  const remedy =
    'Install a version that works with both, provide the former version of the contract beside the new one, or put it on the train.';
  return closed('train', `${nameOf(facts)} ${words.join(', and ')}.`, remedy, `the team of ${component}, with whoever leads the train`);
}

/** `2027-04-10`, where the platform is. */
function dayOf(instant: string, timeZone: string): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}
