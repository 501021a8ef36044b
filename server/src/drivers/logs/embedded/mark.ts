/** Times of lines that can be compared as text, and how far a source was kept. */
import type { Mark } from './segment.ts';

/** In UTC with nanoseconds, as Docker writes it; Podman writes the zone of the machine and leaves zeros out. A text that is no time is now. */
export function utc(at: string): string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/.test(at)) return at;
  try {
    return Temporal.Instant.from(at).toString({ fractionalSecondDigits: 9 });
  } catch {
    return Temporal.Now.instant().toString({ fractionalSecondDigits: 9 });
  }
}

/** The mark after one more line: lines of the very same time are counted. */
export function keptAt(before: Mark | undefined, at: string): Mark {
  return { at, same: before?.at === at ? before.same + 1 : 1 };
}
