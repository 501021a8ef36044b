/** The load that runs while the demo works: started, asked for what it measured, stopped. */
import { type ChildProcess, fork } from 'node:child_process';
import type { Order, Plan } from './generator.ts';
import type { Reading } from './reading.ts';

export type Load = {
  /** What was measured since the last mark; the next phase begins here. */
  mark(): Promise<Reading>;
  /** Sends no more, waits for the last answers, and gives what was measured in all; safe to repeat. */
  stop(): Promise<Reading>;
};

type Answer = { readonly id: number; readonly phase: Reading; readonly whole: Reading };

const answerMs = 15_000;

/** Starts a process that keeps `plan` going until it is stopped or this process ends. */
export function startLoad(plan: Plan): Load {
  const child = fork(new URL('generator.ts', import.meta.url), [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const say = (order: Order): boolean => child.send(order);
  let marks = 0;
  let stopped: Promise<Reading> | undefined;
  say({ kind: 'start', plan });
  return {
    mark: async () => {
      const id = ++marks;
      const answer = answerOf(child, id);
      say({ kind: 'mark', id });
      return (await answer).phase;
    },
    stop: () => {
      stopped ??= stop(child, say);
      return stopped;
    },
  };
}

async function stop(child: ChildProcess, say: (order: Order) => boolean): Promise<Reading> {
  const answer = answerOf(child, 0);
  say({ kind: 'stop' });
  try {
    return (await answer).whole;
  } finally {
    child.kill();
  }
}

function answerOf(child: ChildProcess, id: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => settle(() => reject(new Error(`the load generator did not answer within ${answerMs / 1000} s`))),
      answerMs,
    );
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      child.off('message', hear).off('exit', gone);
      end();
    };
    const hear = (answer: Answer): void => {
      if (answer.id === id) settle(() => resolve(answer));
    };
    const gone = (): void => settle(() => reject(new Error('the load generator ended')));
    child.on('message', hear).on('exit', gone);
  });
}
