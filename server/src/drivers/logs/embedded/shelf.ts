/** The log of one place: its segments, the newest of them open for writing, and the last lines in memory. */
import { mkdir } from 'node:fs/promises';
import type { Intake, KeptLine, Line, Selection } from '../logs.ts';
import { keptAt, utc } from './mark.ts';
import {
  appendLines,
  beginSegment,
  compressSegment,
  listSegments,
  type Mark,
  mendSegment,
  readSegment,
  removeSegment,
  type Segment,
} from './segment.ts';

const segmentBytes = 1 << 20;
const recentLines = 500;
const gatherMs = 40;
const waitingLines = 50_000;
const sourcesKnown = 500;

type Open = { readonly first: number; bytes: number };

export class Shelf {
  readonly #folder: string;
  readonly #warn: (error: unknown) => void;
  readonly #grown: () => void;
  #closed: Segment[] = [];
  #open: Open | null = null;
  #next = 1;
  /** How far each source was taken, and how far it is written: a head tells only the second. */
  #marks = new Map<string, Mark>();
  #written = new Map<string, Mark>();
  #recent: KeptLine[] = [];
  #waiting: Line[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #writing: Promise<void> = Promise.resolve();
  readonly #followers = new Set<() => void>();

  /** `grown` is called when a segment was completed. */
  constructor(folder: string, warn: (error: unknown) => void, grown: () => void) {
    this.#folder = folder;
    this.#warn = warn;
    this.#grown = grown;
  }

  /** Reads where the log stands; of a folder that is not there it is empty. */
  async load(): Promise<this> {
    const segments = [...(await listSegments(this.#folder))];
    const last = segments.pop();
    this.#closed = segments;
    if (last === undefined) return this;
    const { marks, lines, next } = await readSegment(this.#folder, last.first);
    this.#written = new Map(marks);
    for (const line of lines) this.#mark(line);
    this.#marks = new Map(this.#written);
    this.#next = next;
    this.#recent = lines.slice(-recentLines);
    const bytes = await mendSegment(this.#folder, last.first).catch(() => null);
    if (bytes === null) this.#closed.push(last);
    else this.#open = { first: last.first, bytes };
    return this;
  }

  get newest(): number {
    return this.#next - 1;
  }

  /** Of the segments that may be removed. */
  get closedBytes(): number {
    return this.#closed.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  async removeOldest(): Promise<void> {
    const oldest = this.#closed.shift();
    if (oldest !== undefined) await removeSegment(this.#folder, oldest.first);
  }

  intake(instance: string): Intake {
    const marks = (['out', 'err'] as const).map((stream) => this.#marks.get(`${instance} ${stream}`));
    const known = marks.flatMap((mark) => mark?.at ?? []);
    const seen = new Map<string, Mark>();
    return {
      since: known.length === 0 ? null : known.reduce((a, b) => (a < b ? a : b)),
      take: (given) => {
        const line = { ...given, at: utc(given.at) };
        const source = `${line.instance} ${line.stream}`;
        const mark = keptAt(seen.get(source), line.at);
        seen.set(source, mark);
        const kept = this.#marks.get(source);
        if (kept !== undefined && (line.at < kept.at || (line.at === kept.at && mark.same <= kept.same))) return;
        this.#marks.set(source, mark);
        this.#waiting.push(line);
        this.#timer ??= setTimeout(() => void this.settle(), gatherMs);
      },
    };
  }

  /** Writes what waits; a disk that refuses it is asked again with the next lines. */
  settle(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async read(selection: Selection): Promise<readonly KeptLine[]> {
    const { after, tail = Number.POSITIVE_INFINITY } = selection;
    if (after !== undefined && after + 1 >= (this.#recent[0]?.cursor ?? this.#next)) return select(this.#recent, selection);
    const sinceMs = selection.since === undefined ? null : Temporal.Instant.from(selection.since).epochMilliseconds;
    const segments = [...this.#closed, ...(this.#open === null ? [] : [{ first: this.#open.first, changedMs: Number.POSITIVE_INFINITY }])];
    const parts: (readonly KeptLine[])[] = [];
    let count = 0;
    for (const { first, changedMs } of segments.toReversed()) {
      if (count >= tail || (sinceMs !== null && changedMs < sinceMs)) break;
      const { lines } = await readSegment(this.#folder, first);
      const chosen = select(lines, selection);
      parts.unshift(chosen);
      count += chosen.length;
      if (after !== undefined && first <= after + 1) break;
    }
    const all = parts.flat();
    return Number.isFinite(tail) ? all.slice(Math.max(all.length - tail, 0)) : all;
  }

  async *follow(after: number, signal: AbortSignal): AsyncGenerator<KeptLine> {
    let [cursor, wake, rung] = [after, () => {}, false];
    const ring = () => {
      rung = true;
      wake();
    };
    this.#followers.add(ring);
    signal.addEventListener('abort', ring, { once: true });
    try {
      while (!signal.aborted) {
        rung = false;
        for (const line of await this.read({ after: cursor })) {
          yield line;
          cursor = line.cursor;
        }
        if (!rung) await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.#followers.delete(ring);
      signal.removeEventListener('abort', ring);
    }
  }

  async #write(): Promise<void> {
    const lines = this.#waiting;
    if (lines.length === 0) return;
    this.#waiting = [];
    const ordered = lines.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
    try {
      const open = await this.#place();
      open.bytes += await appendLines(this.#folder, open.first, ordered);
      for (const line of ordered) this.#mark(line);
      const kept = ordered.map((line) => ({ cursor: this.#next++, ...line }));
      this.#recent = [...this.#recent, ...kept].slice(-recentLines);
    } catch (error) {
      this.#waiting = [...ordered, ...this.#waiting].slice(-waitingLines);
      return this.#warn(error);
    }
    for (const ring of this.#followers) ring();
  }

  /** The segment to write to: the open one, or the next when that is full. */
  async #place(): Promise<Open> {
    const open = this.#open;
    if (open !== null && open.bytes < segmentBytes) return open;
    await mkdir(this.#folder, { recursive: true });
    this.#forgetSources();
    const next = { first: this.#next, bytes: await beginSegment(this.#folder, this.#next, this.#written) };
    this.#open = next;
    if (open !== null) await this.#complete(open);
    return next;
  }

  async #complete({ first, bytes }: Open): Promise<void> {
    const changedMs = Date.now();
    this.#closed.push({ first, bytes, changedMs });
    const compressed = await compressSegment(this.#folder, first).catch(() => bytes);
    this.#closed = this.#closed.map((segment) => (segment.first === first ? { first, bytes: compressed, changedMs } : segment));
    this.#grown();
  }

  #forgetSources(): void {
    if (this.#written.size <= sourcesKnown) return;
    const oldest = [...this.#written].toSorted(([, a], [, b]) => (a.at < b.at ? 1 : -1)).slice(sourcesKnown);
    for (const [source] of oldest) {
      this.#written.delete(source);
      this.#marks.delete(source);
    }
  }

  #mark({ instance, stream, at }: Line): void {
    const source = `${instance} ${stream}`;
    this.#written.set(source, keptAt(this.#written.get(source), at));
  }
}

function select(lines: readonly KeptLine[], { after = 0, since, wanted }: Selection): readonly KeptLine[] {
  const from = since === undefined ? '' : utc(since);
  const judge = wanted?.() ?? (() => true);
  return lines.filter((line) => judge(line) && line.cursor > after && line.at >= from);
}
