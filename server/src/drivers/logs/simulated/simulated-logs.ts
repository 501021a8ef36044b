/** Logs in memory, with the behaviour of the kept ones, for tests of what stands on the port. */
import type { Place } from '../../../domain/workload.ts';
import type { Intake, KeptLine, Line, Logs, Selection } from '../logs.ts';

export function createSimulatedLogs(): Logs {
  return new SimulatedLogs();
}

class SimulatedLogs implements Logs {
  readonly #places = new Map<string, KeptLine[]>();
  readonly #followers = new Set<() => void>();

  async intake(place: Place, instance: string): Promise<Intake> {
    const lines = this.#lines(place);
    const counts = new Map<string, number>();
    const same = (a: Line, b: Line) => a.at === b.at && a.instance === b.instance && a.stream === b.stream && a.text === b.text;
    return {
      since: lines.findLast((line) => line.instance === instance)?.at ?? null,
      take: (line) => {
        const key = JSON.stringify(line);
        counts.set(key, (counts.get(key) ?? 0) + 1);
        if (lines.filter((kept) => same(kept, line)).length >= (counts.get(key) ?? 0)) return;
        lines.push({ cursor: lines.length + 1, ...line });
        for (const ring of this.#followers) ring();
      },
    };
  }

  async settle(): Promise<void> {}

  async read(place: Place, { after = 0, since = '', tail, wanted }: Selection): Promise<readonly KeptLine[]> {
    const judge = wanted?.() ?? (() => true);
    const all = this.#lines(place).filter((line) => judge(line) && line.cursor > after && line.at >= since);
    return tail === undefined ? all : all.slice(Math.max(all.length - tail, 0));
  }

  async *follow(place: Place, after: number, signal: AbortSignal): AsyncIterable<KeptLine> {
    let wake = () => {};
    const ring = () => wake();
    this.#followers.add(ring);
    signal.addEventListener('abort', ring, { once: true });
    for (let next = after; !signal.aborted; ) {
      const line = this.#lines(place)[next];
      if (line === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else {
        next += 1;
        yield line;
      }
    }
    this.#followers.delete(ring);
  }

  async newest(place: Place): Promise<number> {
    return this.#lines(place).length;
  }

  async close(): Promise<void> {}

  #lines({ component, environment }: Place): KeptLine[] {
    const key = `${component}.${environment}`;
    const lines = this.#places.get(key) ?? [];
    this.#places.set(key, lines);
    return lines;
  }
}
