/** The two streams of the client: events that survive a restart of the server, and the lines of a log. */
import type { CloudEventView, EventView, LogLineView, Problem } from './api-schema.ts';
import type { CallOptions, Send } from './client.ts';
import { ApiError, unreachable } from './client-errors.ts';
import type { Input } from './routes.ts';
import { eventsIn, linesOf, type ServerSentEvent } from './streams.ts';

export type FollowOptions = CallOptions & {
  /** Only events whose subject begins so. */
  readonly subject?: string;
  /** Goes on after this event, instead of with what happens from now on. */
  readonly after?: string;
  /** How long the server may be away before `ServerUnreachable` is thrown. Default: 60 s. */
  readonly patienceMs?: number;
  /** Called when the stream is open (again): what happens from then on will be seen. */
  readonly onOpen?: () => void;
};

/** The server says something every 15 s; a connection that is silent for longer is dead. */
const silenceMs = 45_000;

/** The events of the server, over as many connections as it takes; each continues after the last event that was seen. */
export async function* follow(send: Send, url: string, options: FollowOptions): AsyncGenerator<EventView, void> {
  const { signal } = options;
  const absence = new Absence(url, options.patienceMs ?? 60_000);
  let last = options.after;
  while (!ended(signal)) {
    try {
      for await (const { id, data } of connection(send, options, last)) {
        absence.over();
        last = id ?? last;
        if (data !== '') yield plain(data);
      }
    } catch (error) {
      if (!ended(signal)) absence.bear(error);
    }
    await pause(absence.next(), signal);
  }
}

/** How long the server has been away, counted in pauses, and whether to go on waiting for it. */
class Absence {
  readonly #url: string;
  readonly #patienceMs: number;
  #met = false;
  #pauses = 0;
  #waitedMs = 0;

  constructor(url: string, patienceMs: number) {
    this.#url = url;
    this.#patienceMs = patienceMs;
  }

  over(): void {
    this.#met = true;
    this.#pauses = 0;
    this.#waitedMs = 0;
  }

  /** Throws what is not to be waited out: a refusal, a server that never was there, one that is away for too long. */
  bear(error: unknown): void {
    if (error instanceof ApiError && !error.problem.retry) throw error;
    if (!this.#met || this.#waitedMs >= this.#patienceMs) throw error instanceof ApiError ? error : unreachable(this.#url, error);
  }

  /** Milliseconds to wait before the next try: 100, 200, 400 … 2,000. */
  next(): number {
    const ms = Math.min(100 * 2 ** this.#pauses, 2_000);
    this.#pauses += 1;
    this.#waitedMs += ms;
    return ms;
  }
}

/** One connection: everything the server sends over it. Throws when it falls silent. */
async function* connection(
  send: Send,
  { subject, signal, onOpen }: FollowOptions,
  last: string | undefined,
): AsyncGenerator<ServerSentEvent> {
  const watch = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => watch.abort(new DOMException('The stream fell silent.', 'TimeoutError')), silenceMs);
  };
  try {
    const headers = { accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': last }) };
    const both = AbortSignal.any([watch.signal, ...(signal === undefined ? [] : [signal])]);
    both.addEventListener('abort', () => clearTimeout(timer), { once: true });
    heard();
    const { body } = await send({ id: 'followEvents', input: { subject }, headers }, { signal: both });
    let open = false;
    for await (const event of eventsIn(noticing(linesOf(body ?? empty()), heard))) {
      if (!open) onOpen?.();
      open = true;
      yield event;
    }
  } finally {
    clearTimeout(timer);
  }
}

async function* noticing(lines: AsyncIterable<string>, heard: () => void): AsyncGenerator<string> {
  for await (const line of lines) {
    heard();
    yield line;
  }
}

function plain(data: string): EventView {
  const { id, type, subject, time, data: content } = JSON.parse(data) as CloudEventView;
  return { id, type, subject, time, data: content };
}

/**
 * The lines of a log. A failure in the middle comes as the last line of the stream and is thrown. Whoever follows goes on after the last
 * line he saw when the server was away, for at most `patienceMs`.
 */
export async function* readLines(
  send: Send,
  url: string,
  input: Input<'readLogs'>,
  { signal, patienceMs = 60_000 }: CallOptions & { readonly patienceMs?: number },
): AsyncGenerator<LogLineView, void> {
  const absence = new Absence(url, patienceMs);
  let last = input.after;
  while (!ended(signal)) {
    try {
      const { body } = await send({ id: 'readLogs', input: last === undefined ? input : { ...input, after: last } }, givenSignal(signal));
      for await (const line of logLines(body)) {
        absence.over();
        if (line === null) continue;
        last = line.cursor;
        yield line;
      }
      if (input.follow !== true) return;
    } catch (error) {
      if (ended(signal)) return;
      if (input.follow !== true) throw error instanceof ApiError ? error : unreachable(url, error);
      absence.bear(error);
    }
    await pause(absence.next(), signal);
  }
}

/** Null for a sign of life. */
async function* logLines(body: ReadableStream<Uint8Array> | null): AsyncGenerator<LogLineView | null, void> {
  for await (const line of linesOf(body ?? empty())) {
    if (line === '') {
      yield null;
      continue;
    }
    const value = JSON.parse(line) as LogLineView | { readonly problem: Problem };
    if ('problem' in value) throw new ApiError(value.problem);
    yield value;
  }
}

function givenSignal(signal: AbortSignal | undefined): CallOptions {
  return signal === undefined ? {} : { signal };
}

function ended(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

function empty(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.close() });
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done);
  });
}
