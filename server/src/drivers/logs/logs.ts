/**
 * The log port: the lines of what ran, kept past the end of the containers that wrote them, within a size.
 *
 * Every line has a cursor, a number that only grows within a place; whoever was cut off goes on after the last one he saw.
 */
import type { Place } from '../../domain/workload.ts';

/** A line as an engine gives it. */
export type Line = {
  /** RFC 3339 with the engine's precision. */
  readonly at: string;
  readonly instance: string;
  readonly stream: 'out' | 'err';
  readonly text: string;
};
export type KeptLine = Line & { readonly cursor: number };

/** One reading of the log of an instance: what was kept of it already is left out, so that it may be read again at any time. */
export type Intake = {
  /** Where to begin to read; null: at the beginning. */
  readonly since: string | null;
  take(line: Line): void;
};

export type Selection = {
  /** Only lines after this cursor, from the oldest on. */
  readonly after?: number | undefined;
  /** RFC 3339; only lines from then on. */
  readonly since?: string | undefined;
  /** At most so many, the newest. */
  readonly tail?: number | undefined;
  /** Makes a judge that is shown lines in their order. */
  readonly wanted?: (() => (line: KeptLine) => boolean) | undefined;
};

export interface Logs {
  intake(place: Place, instance: string): Promise<Intake>;
  /** Returns when all that was taken of a place can be read and outlives this process. */
  settle(place: Place): Promise<void>;
  /** In the order in which they were written, the oldest first. */
  read(place: Place, selection: Selection): Promise<readonly KeptLine[]>;
  /** What comes after a cursor, until `signal` aborts. */
  follow(place: Place, after: number, signal: AbortSignal): AsyncIterable<KeptLine>;
  /** The cursor of the newest line; 0 before the first. */
  newest(place: Place): Promise<number>;
  close(): Promise<void>;
}
