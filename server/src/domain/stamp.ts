/** An instant as it is stored and shown: RFC 3339 in UTC with milliseconds, so that equal instants have equal text. */
export function stamp(instant: Temporal.Instant): string {
  return instant.toString({ fractionalSecondDigits: 3 });
}
