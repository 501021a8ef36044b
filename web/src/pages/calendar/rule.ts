/** When a window or a freeze comes, in words; a rule of RFC 5545 that has none stays as it is written. */

import type { EntryView } from '@beluga/contract/calendar-api-schema';
import type { TFunction } from 'i18next';

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const frequencies = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;

export function ruleWords({ start, end, rule, on, except }: EntryView, language: string, t: TFunction): string {
  const times = spanOf(start, end, language, rule !== null);
  const sets = [
    on.length === 0 ? null : t('rule.on', { days: on.map((one) => t(`daySet.${one}`)).join(', ') }),
    except.length === 0 ? null : t('rule.except', { days: except.map((one) => t(`daySet.${one}`)).join(', ') }),
  ];
  return [rule === null ? null : ofRule(rule, language, t), times, ...sets].filter((one) => one !== null).join(', ');
}

/** The wall clock of the entry; only its hours where it comes back within a day. */
function spanOf(start: string, end: string, language: string, repeats: boolean): string {
  const [from, to] = [new Date(start), new Date(end)];
  const sameDay = start.slice(0, 10) === end.slice(0, 10);
  if (repeats && sameDay) {
    const hours = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
    return hours.formatRange(from, to);
  }
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).formatRange(from, to);
}

function ofRule(rule: string, language: string, t: TFunction): string {
  const parts = new Map(
    rule
      .replace(/^RRULE:/, '')
      .split(';')
      .map((part) => part.split('=') as [string, string]),
  );
  const frequency = frequencies.find((one) => one === parts.get('FREQ'));
  const days = parts.get('BYDAY')?.split(',') ?? [];
  const plain = [...parts.keys()].every((name) => name === 'FREQ' || name === 'BYDAY');
  const named = days.flatMap((day) => weekdays.findIndex((one) => one === day));
  if (frequency === undefined || !plain || named.includes(-1)) return rule;
  const format = new Intl.DateTimeFormat(language, { weekday: 'short' });
  // The fifth of January 2026 is a Monday.
  const words = named.map((index) => format.format(new Date(2026, 0, 5 + index)));
  return [t(`rule.${frequency}`), ...words].join(' ');
}
