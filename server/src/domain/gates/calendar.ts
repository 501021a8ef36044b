/**
 * The calendar: windows and freezes.
 *
 * It never holds up a rollback, nor the mending of an incident that is named: those have their own rule.
 */
import { openingAt } from '../calendar/opening.ts';
import { onTheClock, stamp } from '../stamp.ts';
import type { GateFacts } from './facts.ts';
import { opened, type Verdict } from './verdict.ts';

export function calendarGate(facts: GateFacts): Verdict | null {
  const { settings, calendar, environment, release, now } = facts;
  if (!settings.calendar) return null;
  if (facts.purpose === 'rollback') return opened('calendar', 'A rollback is never held up by the calendar.');
  const opening = openingAt(calendar, { environment, system: release.system, criticality: release.criticality }, now);
  if (opening.state === 'open') {
    return opened(
      'calendar',
      opening.window === null ? 'Nothing is frozen.' : `The window ${opening.window.name} is open, and nothing is frozen.`,
    );
  }
  if (facts.incident !== null) return opened('calendar', `It mends incident ${facts.incident}, which the calendar does not hold up.`);
  const reasons = [
    ...opening.freezes.map(
      ({ entry, end }) =>
        `${environment} is frozen until ${onTheClock(end, facts.calendar.timeZone)} (${entry.name}${entry.reason === null ? '' : `: ${unended(entry.reason)}`})`,
    ),
    ...(opening.windows.length === 0 ? [] : [`${environment} has no open window (${opening.windows.map(({ name }) => name).join(', ')})`]),
  ];
  const reason = `${reasons.join('; ')}.`;
  const override = `beluga override request ${release.component}@${release.version} --to ${environment}`;
  if (opening.opensAt === null) {
    const remedy = `Nothing opens it within three years; end the freeze, or ask for an override: ${override}.`;
    return { gate: 'calendar', verdict: 'closed', reason, remedy, who: 'operations', opensAt: null };
  }
  const remedy = `Ask again at ${onTheClock(opening.opensAt, facts.calendar.timeZone)}; name the incident with --incident if it mends one, or ask for an override: ${override}.`;
  return { gate: 'calendar', verdict: 'waiting', reason, remedy, who: 'operations, with a second person', opensAt: stamp(opening.opensAt) };
}

function unended(text: string): string {
  return text.replace(/\.$/, '');
}
