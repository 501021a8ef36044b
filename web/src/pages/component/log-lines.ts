/** The lines of a log as they arrive: kept to a bound, given to the page at most ten times a second. */
import type { LogLineView } from '@beluga/contract/api-schema';
import { useCallback, useEffect, useRef, useState } from 'react';
import { client } from '../../api.ts';

export const levels = ['error', 'warn', 'info', 'debug'] as const;
export type Level = (typeof levels)[number];
export type Line = Omit<LogLineView, 'level'> & { readonly key: string; readonly level: Level };

const mostLines = 20_000;
const pauseMs = 100;
/** Of lines before the one that a link names: so many are shown above it. */
const above = 1_000;
const named: Readonly<Record<NonNullable<LogLineView['level']>, Level>> = {
  ...{ fatal: 'error', error: 'error', warn: 'warn', info: 'info', debug: 'debug', trace: 'debug' },
};

/** What a line says of itself; standard error without a word is a warning. */
function levelOf({ level, stream }: Pick<LogLineView, 'level' | 'stream'>): Level {
  if (level !== null) return named[level];
  return stream === 'err' ? 'warn' : 'info';
}

export type LogWish = {
  readonly component: string;
  readonly environment: string;
  readonly instance?: string | undefined;
  readonly since?: string | undefined;
  /** The cursor of the line that a link names: it is among what is read, however old. */
  readonly line?: number | undefined;
  /** Only instances that are gone. */
  readonly previous: boolean;
};
export type LogState = {
  readonly lines: readonly Line[];
  readonly state: 'reading' | 'following' | 'ended';
  readonly error: unknown;
  readonly again: () => void;
};

/** Reads the past of a log and follows it. */
export function useLogLines({ component, environment, instance, since, line, previous }: LogWish): LogState {
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [state, setState] = useState<LogState['state']>('reading');
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  const fresh = useRef<Line[]>([]);
  // The line that was named when the reading began: one that is chosen later is there already.
  const [first] = useState(line);
  const again = useCallback(() => setRound((count) => count + 1), []);
  useEffect(() => {
    const leaving = new AbortController();
    const show = (): void => {
      setLines((all) => (fresh.current.length === 0 ? all : [...all, ...fresh.current.splice(0)].slice(-mostLines)));
    };
    const timer = setInterval(show, pauseMs);
    setLines([]);
    setError(null);
    setState('following');
    const wish = {
      component,
      environment,
      follow: !previous,
      ...(first === undefined ? { tail: 2_000 } : { after: Math.max(0, first - above) }),
      ...(previous ? { previous } : {}),
      ...(instance === undefined ? {} : { instance }),
      ...(since === undefined ? {} : { since }),
    };
    void read(wish, fresh.current, leaving.signal).then((problem) => {
      if (leaving.signal.aborted) return;
      show();
      setState('ended');
      setError(problem);
    });
    return () => {
      leaving.abort();
      clearInterval(timer);
      fresh.current = [];
    };
  }, [component, environment, instance, since, first, previous, round]);
  return { lines, state, error, again };
}

type Reading = Parameters<typeof client.logs>[0];

/** Null when the log ended by itself. */
async function read(wish: Reading, into: Line[], signal: AbortSignal): Promise<unknown> {
  try {
    for await (const line of client.logs(wish, { signal })) {
      into.push({ ...line, key: String(line.cursor), level: levelOf(line) });
    }
    return null;
  } catch (error) {
    return error;
  }
}
