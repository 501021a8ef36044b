/** An instant as it is stored and shown: RFC 3339 in UTC with milliseconds, so that equal instants have equal text. */
export function stamp(instant: Temporal.Instant): string {
  return instant.toString({ fractionalSecondDigits: 3 });
}

/** On the wall clock of a time zone, as people read it: `2026-12-28 08:00`. */
export function onTheClock(instant: Temporal.Instant | string, timeZone: string): string {
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDateTime();
  return local.toString({ smallestUnit: 'minute' }).replace('T', ' ');
}
