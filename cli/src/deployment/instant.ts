/** Instants on the command line. */
import { CliError } from '../errors.ts';

/** `30d` and `12h` count from now; a day or a local time is that of whoever writes; else RFC 3339. In UTC. Throws `usage`. */
export function instantOf(text: string, option: string): string {
  const [, count, unit] = /^([0-9]{1,5})([dh])$/.exec(text) ?? [];
  try {
    if (count !== undefined)
      return Temporal.Now.instant()
        .add({ hours: Number(count) * (unit === 'd' ? 24 : 1) })
        .toString({ smallestUnit: 'millisecond' });
    if (/Z$|[+-]\d\d:\d\d$/.test(text)) return Temporal.Instant.from(text).toString();
    return Temporal.PlainDateTime.from(text).toZonedDateTime(Temporal.Now.timeZoneId()).toInstant().toString();
  } catch {
    const problem = `${option} is ${text}; write a span from now such as 30d or 12h, a day such as 2027-04-10, or a time such as 2027-04-10T22:00.`;
    throw new CliError('usage', { problem });
  }
}
