/** The lines of a log as they arrive: kept to a bound, given to the page at most ten times a second. */
import type { LogLineView } from '@beluga/contract/api-schema';
import { useCallback, useEffect, useRef, useState } from 'react';
import { client } from '../../api.ts';

export const levels = ['error', 'warn', 'info', 'debug'] as const;
export type Level = (typeof levels)[number];
export type Line = LogLineView & { readonly key: string; readonly level: Level };

const mostLines = 20_000;
const pauseMs = 100;
const patterns: readonly (readonly [Level, RegExp])[] = [
  ['error', /\b(error|fatal|crit(ical)?|panic|exception|emerg|severe)\b|"level":\s*"?(50|60|error|fatal)/i],
  ['warn', /\bwarn(ing)?\b|"level":\s*"?(40|warn)/i],
  ['debug', /\b(debug|trace)\b|"level":\s*"?(10|20|debug|trace)/i],
];

/** What a line says of itself; standard error without a word is a warning. */
export function levelOf({ text, stream }: Pick<LogLineView, 'text' | 'stream'>): Level {
  return patterns.find(([, pattern]) => pattern.test(text))?.[0] ?? (stream === 'err' ? 'warn' : 'info');
}

export type LogWish = {
  readonly component: string;
  readonly environment: string;
  readonly instance?: string | undefined;
  readonly since?: string | undefined;
};
export type LogState = {
  readonly lines: readonly Line[];
  readonly state: 'reading' | 'following' | 'ended';
  readonly error: unknown;
  readonly again: () => void;
};

/** Reads the past of a log and follows it. */
export function useLogLines({ component, environment, instance, since }: LogWish): LogState {
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [state, setState] = useState<LogState['state']>('reading');
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  const fresh = useRef<Line[]>([]);
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
      follow: true,
      tail: 2_000,
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
  }, [component, environment, instance, since, round]);
  return { lines, state, error, again };
}

type Reading = Parameters<typeof client.logs>[0];

/** Null when the log ended by itself. */
async function read(wish: Reading, into: Line[], signal: AbortSignal): Promise<unknown> {
  let last = '';
  let repeated = 0;
  try {
    for await (const line of client.logs(wish, { signal })) {
      const place = `${line.at}~${line.instance}`;
      repeated = place === last ? repeated + 1 : 0;
      last = place;
      into.push({ ...line, key: `${place}~${repeated}`, level: levelOf(line) });
    }
    return null;
  } catch (error) {
    return error;
  }
}
