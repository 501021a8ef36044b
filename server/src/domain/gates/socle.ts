/** The socle: the image stands on one of the platform that nobody deprecated and whose support has not ended. */
import { type GateFacts, nameOf } from './facts.ts';
import { closed, opened, type Verdict } from './verdict.ts';

export function socleGate(facts: GateFacts): Verdict | null {
  if (!facts.settings.supportedSocle) return null;
  const { name, supportedUntil, deprecated } = facts.socle;
  const who = 'whoever ships the component';
  if (name === null) {
    const reason = `The image of ${nameOf(facts)} stands on no socle of the platform.`;
    return closed('socle', reason, 'Build it again on a socle that `beluga socle list` lists.', who);
  }
  if (deprecated !== null) {
    const reason = `Socle ${name}, on which ${nameOf(facts)} stands, is deprecated: ${deprecated.reason.replace(/\.$/, '')}.`;
    const remedy = `Move to ${deprecated.instead ?? 'another socle'} in build.socle of beluga.yaml.`;
    return closed('socle', reason, remedy, who);
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
