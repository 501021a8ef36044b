/** The log of a container: both streams told apart, a line each, with the time the engine noted. */
import type { Readable } from 'node:stream';
import type { LogLine, LogOptions } from '../engine.ts';
import { type Client, call, callOrNull } from './client.ts';
import { frames } from './frames.ts';

const linesKept = 20;

/** The last lines as plain text; none when the container is gone or says nothing. */
export async function lastLines(client: Client, id: string, tail = linesKept): Promise<readonly string[]> {
  try {
    const lines: string[] = [];
    for await (const line of readLog(client, id, '', { tail })) lines.push(line.text);
    return lines;
  } catch {
    return [];
  }
}

export async function* readLog(client: Client, id: string, instance: string, options: LogOptions): AsyncGenerator<LogLine> {
  const container = client.docker.getContainer(id);
  const asked = { stdout: true, stderr: true, timestamps: true, ...selection(options) } as const;
  if (options.follow === true) {
    const stream = await call(client, () => container.logs({ ...asked, follow: true }));
    yield* linesOf(stopped(stream as Readable, options.signal), instance);
  } else {
    const whole = await callOrNull(client, () => container.logs({ ...asked, follow: false }));
    if (whole !== null) yield* linesOf([Buffer.from(whole)], instance);
  }
}

function selection(options: LogOptions): { tail?: number; since?: number } {
  return {
    ...(options.tail === undefined ? {} : { tail: options.tail }),
    ...(options.since === undefined ? {} : { since: Temporal.Instant.from(options.since).epochMilliseconds / 1000 }),
  };
}

function stopped(stream: Readable, signal: AbortSignal | undefined): Readable {
  signal?.addEventListener('abort', () => stream.destroy(), { once: true });
  stream.on('error', () => {});
  return stream;
}

async function* linesOf(chunks: AsyncIterable<Buffer> | Iterable<Buffer>, instance: string): AsyncGenerator<LogLine> {
  const rest = { out: '', err: '' };
  for await (const frame of frames(chunks)) {
    const lines = (rest[frame.stream] + frame.text).split('\n');
    rest[frame.stream] = lines.pop() ?? '';
    for (const line of lines) yield lineOf(line, frame.stream, instance);
  }
  for (const stream of ['out', 'err'] as const) if (rest[stream] !== '') yield lineOf(rest[stream], stream, instance);
}

function lineOf(line: string, stream: 'out' | 'err', instance: string): LogLine {
  const space = line.indexOf(' ');
  return { at: line.slice(0, space), instance, stream, text: line.slice(space + 1).replace(/\r$/, '') };
}
