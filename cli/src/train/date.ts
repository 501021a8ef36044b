/** Dates of trains as people write them. */
import { CliError } from '../errors.ts';

/** `2027-04-10`, `2027-04-10T22:00` in the zone of whoever writes, or a whole RFC 3339 time, as RFC 3339 in UTC. */
export function instantOf(text: string, option: string): string {
  try {
    if (/Z$|[+-]\d\d:\d\d$/.test(text)) return Temporal.Instant.from(text).toString();
    return Temporal.PlainDateTime.from(text).toZonedDateTime(Temporal.Now.timeZoneId()).toInstant().toString();
  } catch {
    throw new CliError('usage', { problem: `${option} is ${text}, which is no date such as 2027-04-10 or 2027-04-10T22:00.` });
  }
}
