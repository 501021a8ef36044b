/** Which lines of a log somebody wants to see. */
import { atLeast, continues, type Level, type Reading, readLine } from './line.ts';

export type Line = { readonly instance: string; readonly stream: 'out' | 'err'; readonly text: string };
export type Wish = {
  readonly level?: Level | undefined;
  /** Whether an instance is wanted. */
  readonly instances: (name: string) => boolean;
  /** Whether a text is wanted. */
  readonly finds: (text: string) => boolean;
};

/**
 * A reader of lines in their order: null for one that is not wanted, else what it says.
 *
 * A line without a level has that of the line it goes on with; else what is written to standard error counts as an error, and the rest as
 * information, as the logging agents of the clouds have it.
 */
export function selector(wish: Wish): (line: Line) => Reading | null {
  const before = new Map<string, Level>();
  return (line) => {
    if (!wish.instances(line.instance)) return null;
    const reading = readLine(line.text);
    const source = `${line.instance} ${line.stream}`;
    const counted = reading.level ?? (continues(line.text) ? before.get(source) : undefined) ?? (line.stream === 'err' ? 'error' : 'info');
    before.set(source, counted);
    if (wish.level !== undefined && !atLeast(counted, wish.level)) return null;
    return wish.finds(line.text) ? reading : null;
  };
}
