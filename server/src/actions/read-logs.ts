/** Reads the logs of a component's instances in an environment, merged in order; follows them when asked. */
import type { LogLine, LogOptions } from '../drivers/engine/engine.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';
import { findCurrent } from './find-release.ts';
import { listInstances } from './list-instances.ts';

export type { LogLine };
export type LogWish = LogOptions & { readonly component: string; readonly environment: string; readonly instance?: string | undefined };

export async function* readLogs(context: Context, wish: LogWish): AsyncIterable<LogLine> {
  const instances = await listInstances(context, wish);
  const chosen = instances.map((instance) => instance.name).filter((name) => wish.instance === undefined || name === wish.instance);
  if (wish.instance !== undefined && chosen.length === 0) throw new BelugaError('unknown-instance', { instance: wish.instance });
  if (chosen.length === 0) await findCurrent(context, wish.component, wish.environment);
  const { tail = 200, since, signal } = wish;
  const options: LogOptions = { tail, ...(since === undefined ? {} : { since }), ...(signal === undefined ? {} : { signal }) };
  const past = (await Promise.all(chosen.map((name) => collect(context.engine.logs(name, options))))).flat();
  past.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  yield* past.slice(-tail);
  if (wish.follow === true) yield* merged(chosen.map((name) => follow(context, name, past, options)));
}

/** What comes after the lines already given; an engine with whole-second times repeats some, they are left out. */
async function* follow(context: Context, name: string, past: readonly LogLine[], options: LogOptions): AsyncIterable<LogLine> {
  const own = past.filter((line) => line.instance === name);
  const last = own.at(-1)?.at;
  const seen = new Set(own.filter((line) => line.at === last).map((line) => line.text));
  const since = last ?? options.since;
  for await (const line of context.engine.logs(name, { ...options, follow: true, ...(since === undefined ? {} : { since }) })) {
    if (last !== undefined && (line.at < last || (line.at === last && seen.has(line.text)))) continue;
    yield line;
  }
}

async function collect(lines: AsyncIterable<LogLine>): Promise<LogLine[]> {
  const all: LogLine[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

/** The lines of several sources as they come. */
async function* merged(sources: readonly AsyncIterable<LogLine>[]): AsyncIterable<LogLine> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const next = async (index: number) => ({ index, result: await (iterators[index] as AsyncIterator<LogLine>).next() });
  const pending = new Map(iterators.map((_, index) => [index, next(index)]));
  while (pending.size > 0) {
    const first = await Promise.race(pending.values());
    if (first.result.done === true) pending.delete(first.index);
    else {
      pending.set(first.index, next(first.index));
      yield first.result.value;
    }
  }
}
