/** Durations on the command line. */
import { CliError } from '../errors.ts';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `500ms`, `30s`, `5m`, `1h` in milliseconds. Throws `usage`. */
export function millisecondsOf(text: string, command: string): number {
  const [, number, unit] = /^([0-9]+)(ms|s|m|h)$/.exec(text) ?? [];
  if (number === undefined || unit === undefined) {
    throw new CliError('usage', { problem: `"${text}" is no duration: write it as 30s, 5m or 1h.`, command: `${command} ` });
  }
  return Number(number) * (units[unit] ?? 1);
}
