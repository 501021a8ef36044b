/** A window or a freeze while it is written, what is asked of the server for it, and the command that does the same. */
import type { Input } from '@beluga/contract/routes';
import { keyOf } from './days.ts';

export const repeats = ['never', 'daily', 'weekly', 'monthly', 'yearly'] as const;
export const criticalities = ['critical', 'high', 'medium', 'low'] as const;
export type Draft = {
  readonly kind: 'window' | 'freeze';
  readonly name: string;
  readonly reason: string;
  /** On the wall clock, to the minute. */
  readonly start: string;
  readonly end: string;
  readonly repeat: (typeof repeats)[number];
  readonly environments: readonly string[];
  /** Empty: all. */
  readonly criticality: readonly (typeof criticalities)[number][];
  /** Separated by commas; empty: all. */
  readonly systems: string;
};
type Request = Input<'addCalendarEntry'>;

/** Tomorrow: a whole day of freeze, a working day of window. */
export function firstDraft(kind: Draft['kind'], environment: string, now: Date): Draft {
  const day = (ahead: number): string => keyOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() + ahead));
  const times =
    kind === 'freeze' ? { start: `${day(1)}T00:00`, end: `${day(2)}T00:00` } : { start: `${day(1)}T09:00`, end: `${day(1)}T17:00` };
  const scope = { environments: environment === '' ? [] : [environment], criticality: [], systems: '' };
  return { kind, name: `${kind}-${day(1)}`, reason: '', ...times, repeat: 'never', ...scope };
}

/** Whether it is worth asking the server about; what is wrong in it the server says. */
export function isWhole({ name, start, end, environments }: Draft): boolean {
  return name.trim() !== '' && start !== '' && end !== '' && environments.length > 0;
}

export function requestOf({ kind, name, reason, start, end, repeat, environments, criticality, systems }: Draft): Request {
  const named = systemsOf(systems);
  return {
    kind,
    entry: {
      ...{ name: name.trim(), start, end, environments: [...environments] },
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      ...(repeat === 'never' ? {} : { rule: `FREQ=${repeat.toUpperCase()}` }),
      ...(criticality.length === 0 ? {} : { criticality: [...criticality] }),
      ...(named.length === 0 ? {} : { systems: [...named] }),
    },
  };
}

export function commandOf({ kind, name, reason, start, end, repeat, environments, criticality, systems }: Draft): string {
  const named = systemsOf(systems);
  const options = [
    `--start ${start} --end ${end}`,
    repeat === 'never' ? null : `--rule FREQ=${repeat.toUpperCase()}`,
    `--to ${environments.join(' ')}`,
    criticality.length === 0 ? null : `--criticality ${criticality.join(' ')}`,
    named.length === 0 ? null : `--system ${named.join(' ')}`,
    reason.trim() === '' ? null : `--reason "${reason.trim()}"`,
  ];
  return [`beluga calendar ${kind} ${name}`, ...options.filter((option) => option !== null), '--yes'].join(' ');
}

function systemsOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((one) => one !== '');
}
