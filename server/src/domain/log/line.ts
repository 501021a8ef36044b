/** What a line of a log says beyond its text: how grave it is, and the fields of one that was written for machines. */

export const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type Level = (typeof levels)[number];

export type Reading = {
  /** Null when the line does not tell. */
  readonly level: Level | null;
  /** The sentence of a structured line; null for plain text, which is its own message. */
  readonly message: string | null;
  /** What else a structured line says, without its time, level and message. */
  readonly fields: Readonly<Record<string, unknown>> | null;
};

const names: Readonly<Record<string, Level>> = {
  trace: 'trace',
  finest: 'trace',
  finer: 'trace',
  verbose: 'debug',
  debug: 'debug',
  fine: 'debug',
  info: 'info',
  information: 'info',
  notice: 'info',
  warn: 'warn',
  warning: 'warn',
  err: 'error',
  error: 'error',
  severe: 'error',
  fatal: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  panic: 'fatal',
};
const levelKeys = ['level', 'severity', 'lvl', 'levelname', 'log.level', '@level'];
const messageKeys = ['message', 'msg', 'short_message', '@message'];
const timeKeys = ['time', 'timestamp', '@timestamp', 'ts', 'asctime'];

/** In capitals, among the first words, as Log4j, Python, Spring and systemd write it; `warn:` and `[warn]` also in small letters. */
const capitals = /^(?:\S+\s+){0,4}?[[(<]?(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|SEVERE|FATAL|CRITICAL|PANIC)[\])>:!|]?(?:\s|$)/;
/** logfmt. */
const assigned = /(?:^|\s)(?:level|lvl|severity)="?(\w{3,11})\b/i;
/** The header of klog, which Kubernetes' programs write: a letter, month and day, the time. */
const klog = /^([IWEF])\d{4} \d{2}:\d{2}:\d{2}\./;
/** An error nobody caught, as Node, Python and Java print it. */
const uncaught =
  /^(?:Uncaught |Exception in thread|Traceback \(most recent call last\)|panic: |(?:\w+\.)*\w*(?:Error|Exception)(?::|$| \[))/;
const searched = 300;
const marksAmong = 5;

/** Reads a line; never throws, whatever it holds. */
export function readLine(text: string): Reading {
  const fields = fieldsOf(text);
  if (fields === null) return { level: plainLevel(text.slice(0, searched)), message: null, fields: null };
  const message = first(fields, messageKeys);
  const known = new Set([...levelKeys, ...timeKeys, ...(typeof message === 'string' ? messageKeys : [])]);
  const rest = Object.fromEntries(Object.entries(fields).filter(([key]) => !known.has(key)));
  return { level: levelOf(first(fields, levelKeys)), message: typeof message === 'string' ? message : '', fields: rest };
}

/** Whether a line goes on with the one before it, as the lines of a stack trace do. */
export function continues(text: string): boolean {
  return /^(\s|Caused by: |\.\.\. \d+ more)/.test(text);
}

/** Whether one level is at least as grave as another. */
export function atLeast(level: Level, least: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(least);
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return null;
  try {
    const value: unknown = JSON.parse(trimmed);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function first(fields: Readonly<Record<string, unknown>>, keys: readonly string[]): unknown {
  const key = keys.find((name) => Object.hasOwn(fields, name));
  return key === undefined ? undefined : fields[key];
}

/** Names of every logger; numbers as pino and Bunyan give them, a hundred steps of ten. */
function levelOf(value: unknown): Level | null {
  if (typeof value === 'string') return named(value);
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  return levels[Math.min(Math.max(Math.floor(value / 10) - 1, 0), levels.length - 1)] ?? null;
}

function named(word: string): Level | null {
  const key = word.toLowerCase();
  return Object.hasOwn(names, key) ? (names[key] ?? null) : null;
}

function plainLevel(text: string): Level | null {
  const short = klog.exec(text)?.[1];
  if (short !== undefined) return ({ I: 'info', W: 'warn', E: 'error', F: 'fatal' } as const)[short as 'I'];
  const word = capitals.exec(text)?.[1] ?? assigned.exec(text)?.[1];
  if (word !== undefined) return named(word);
  const marked = text.split(/\s+/, marksAmong).flatMap((each) => /^(?:\[(\w+)\]|(\w+):)$/.exec(each)?.slice(1) ?? []);
  const level = marked.map((each) => (each === undefined ? null : named(each))).find((each) => each !== null);
  return level ?? (uncaught.test(text) ? 'error' : null);
}
