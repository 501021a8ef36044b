/** Reads the log of a component in an environment, all its instances merged in order, former ones too; follows it when asked. */
import { RE2JS } from 're2js';
import { type Level, type Reading, readLine } from '../domain/log/line.ts';
import { selector } from '../domain/log/selection.ts';
import type { Place } from '../domain/workload.ts';
import type { KeptLine } from '../drivers/logs/logs.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';
import { findComponent, findCurrent, findEnvironment } from './find-release.ts';
import { keepLog } from './keep-log.ts';

export type LogLine = KeptLine & {
  readonly level: Level | null;
  /** Of lines written for machines (JSON). */
  readonly message?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
};
export type LogWish = {
  readonly component: string;
  readonly environment: string;
  readonly instance?: string | undefined;
  /** Only instances that are gone: those of former releases, and runs that ended. */
  readonly previous?: boolean | undefined;
  readonly level?: Level | undefined;
  /** RE2. */
  readonly grep?: string | undefined;
  readonly tail?: number | undefined;
  readonly since?: string | undefined;
  /** Only lines after this cursor, however many. */
  readonly after?: number | undefined;
  readonly follow?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
};

const usualTail = 200;

/** Where the engine is away, what was kept comes first, then `engine-unreachable`. */
export async function* readLogs(context: Context, wish: LogWish): AsyncIterable<LogLine> {
  const place = { component: wish.component, environment: wish.environment };
  findEnvironment(context, place.environment);
  await findComponent(context, place.component);
  const finds = expressionOf(wish.grep);
  const { there, problem } = await catchUp(context, place);
  const newest = await context.logs.newest(place);
  if (newest === 0 && problem !== null) throw problem;
  if (newest === 0 && there.length === 0) await findCurrent(context, place.component, place.environment);
  if (wish.instance !== undefined) await refuseUnknown(context, place, wish.instance, there);
  const instances = (name: string) =>
    (wish.instance === undefined || name === wish.instance) && !(wish.previous === true && there.includes(name));
  const judge = () => selector({ level: wish.level, instances, finds });
  yield* past(context, place, wish, newest, judge);
  if (wish.follow === true) yield* coming(context, place, Math.max(wish.after ?? 0, newest), judge(), wish.signal);
  else if (problem !== null) throw problem;
}

type Judge = ReturnType<typeof selector>;

async function* past(context: Context, place: Place, { after, since, tail }: LogWish, newest: number, judge: () => Judge) {
  const wanted = () => {
    const reads = judge();
    return (line: KeptLine) => reads(line) !== null && line.cursor <= newest;
  };
  const selection = { after, since, wanted, tail: tail ?? (after === undefined ? usualTail : undefined) };
  for (const line of await context.logs.read(place, selection)) yield shown(line, readLine(line.text));
}

async function* coming(context: Context, place: Place, after: number, reads: Judge, signal: AbortSignal = new AbortController().signal) {
  for await (const line of context.logs.follow(place, after, signal)) {
    const reading = reads(line);
    if (reading !== null) yield shown(line, reading);
  }
}

function shown(line: KeptLine, { level, message, fields }: Reading): LogLine {
  return { ...line, level, ...(message === null ? {} : { message }), ...(fields === null ? {} : { fields }) };
}

/** Keeps what the instances wrote until now, so that whoever asks sees it; names those that are there. */
async function catchUp(context: Context, place: Place): Promise<{ readonly there: readonly string[]; readonly problem: Error | null }> {
  try {
    const all = await context.engine.instances(place);
    await Promise.all(all.map(({ name }) => keepLog(context, place, name)));
    return { there: all.map(({ name }) => name), problem: null };
  } catch (problem) {
    if (!(problem instanceof Error)) throw problem;
    return { there: [], problem };
  }
}

async function refuseUnknown(context: Context, place: Place, instance: string, there: readonly string[]): Promise<void> {
  if (there.includes(instance)) return;
  const kept = await context.logs.read(place, { tail: 1, wanted: () => (line) => line.instance === instance });
  if (kept.length === 0) throw new BelugaError('unknown-instance', { instance });
}

/** RE2, whose time grows with the text only: an expression of a stranger cannot stop the server. */
function expressionOf(text: string | undefined): (line: string) => boolean {
  if (text === undefined) return () => true;
  if (/^[\w\s"'=:,;/@#%&<>-]*$/.test(text)) return (line) => line.includes(text);
  try {
    const expression = RE2JS.compile(text);
    return (line) => expression.matcher(line).find();
  } catch (cause) {
    throw new BelugaError('wrong-expression', { expression: text, problem: String((cause as Error).message) }, { cause });
  }
}
