/** The socle: the image stands on one of the platform, as it is today, whose support has not ended. */
import { type GateFacts, nameOf } from './facts.ts';
import { closed, opened, type Verdict } from './verdict.ts';

export function socleGate(facts: GateFacts): Verdict | null {
  if (!facts.settings.supportedSocle) return null;
  const { name, supportedUntil } = facts.socle;
  const who = 'whoever ships the component';
  if (name === null) {
    const reason = `The image of ${nameOf(facts)} stands on no socle of the platform, or on an older build of one.`;
    return closed('socle', reason, 'Build it again on a socle that `beluga socles` lists.', who);
  }
  const today = facts.now.toZonedDateTimeISO(facts.calendar.timeZone).toPlainDate();
  if (supportedUntil !== null && Temporal.PlainDate.compare(today, supportedUntil) > 0) {
    return closed(
      'socle',
      `The support of socle ${name} ended on ${supportedUntil}.`,
      'Move to a newer socle in build.socle of beluga.yaml.',
      who,
    );
  }
  return opened('socle', `${nameOf(facts)} stands on ${name}${supportedUntil === null ? '' : `, supported until ${supportedUntil}`}.`);
}
