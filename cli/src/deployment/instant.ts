/** Instants on the command line. */
import { CliError } from '../errors.ts';

/** `30d` and `12h` count from now; else a day or a time. Throws `usage`. */
export function instantOf(text: string, option: string): string {
  const [, count, unit] = /^([0-9]{1,5})([dh])$/.exec(text) ?? [];
  const timeMs = count === undefined ? Date.parse(text) : Date.now() + Number(count) * (unit === 'd' ? 86_400_000 : 3_600_000);
  if (Number.isNaN(timeMs)) throw new CliError('usage', { problem: `${option} is ${text}, which is neither 30d, 12h nor a time.` });
  return new Date(timeMs).toISOString();
}
