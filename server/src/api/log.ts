/** The log of a component as JSON a line. A failure after the first line is the last line: `{"problem": …}`. */
import { Readable } from 'node:stream';
import { findComponent, findEnvironment } from '../actions/find-release.ts';
import { type LogLine, readLogs } from '../actions/read-logs.ts';
import { problemOf } from './problem.ts';
import type { Router } from './route.ts';

const patienceMs = 200;

export function logRoutes(route: Router): void {
  route.stream('readLogs', {
    contentType: 'application/x-ndjson',
    open: async ({ context, input, signal, request }) => {
      findEnvironment(context, input.environment);
      await findComponent(context, input.component);
      const lines = readLogs(context, { ...input, signal })[Symbol.asyncIterator]();
      const first = lines.next();
      // Whoever follows a log without a line must not wait for the head of the answer; a refusal comes at once.
      await Promise.race(input.follow === true ? [first, context.pause(patienceMs)] : [first]);
      return Readable.from(written(first, lines, signal, request.id), { objectMode: true });
    },
  });
}

type Lines = AsyncIterator<LogLine>;

async function* written(first: ReturnType<Lines['next']>, lines: Lines, signal: AbortSignal, requestId: string): AsyncGenerator<string> {
  yield '\n';
  try {
    for (let line = await first; line.done !== true; line = await lines.next()) yield `${JSON.stringify(line.value)}\n`;
  } catch (error) {
    if (!signal.aborted) yield `${JSON.stringify({ problem: problemOf(error, requestId) })}\n`;
  } finally {
    await lines.return?.();
  }
}
