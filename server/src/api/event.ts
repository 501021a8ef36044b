/** What happens, as server-sent events (HTML standard, 9.2), each a CloudEvent 1.0; resumable, without gap or repetition. */
import { Readable } from 'node:stream';
import type { CloudEventView } from '@beluga/contract';
import type { Context } from '../actions/context.ts';
import type { EventView } from '../store/views/views.ts';
import type { Router } from './route.ts';
import { InvalidRequest } from './validation.ts';

/** Something is said at least so often, so that both ends notice a dead connection. */
const heartbeatMs = 15_000;
const batch = 500;

export function eventRoutes(route: Router): void {
  route.stream('followEvents', {
    contentType: 'text/event-stream',
    open: async ({ context, input, signal, request }) => {
      const resumed = request.headers['last-event-id'];
      const after = resumed === undefined ? await context.store.views.lastEvent() : numberOf(String(resumed));
      return Readable.from(written(context, after, input.subject, signal), { objectMode: true });
    },
  });
}

function numberOf(id: string): number {
  if (/^[0-9]{1,15}$/.test(id)) return Number(id);
  const problem = `headers.last-event-id is ${JSON.stringify(id.slice(0, 60))}`;
  throw new InvalidRequest([{ path: 'headers.last-event-id', problem, remedy: 'send the id of an event that was received' }]);
}

async function* written(context: Context, start: number, subject: string | undefined, signal: AbortSignal): AsyncGenerator<string> {
  const bell = new Bell();
  const silence = context.store.onEvent(() => bell.ring());
  signal.addEventListener('abort', () => bell.ring(), { once: true });
  let after = start;
  try {
    yield `retry: 500\nid: ${after}\n\n`;
    while (!signal.aborted) {
      const events = await context.store.views.events({ after, subject, limit: batch });
      for (const event of events) yield `id: ${event.id}\ndata: ${JSON.stringify(cloudEvent(event))}\n\n`;
      after = Number(events.at(-1)?.id ?? after);
      if (events.length < batch && !(await bell.rings(heartbeatMs))) yield ': still here\n\n';
    }
  } finally {
    silence();
  }
}

function cloudEvent({ id, type, subject, time, data }: EventView): CloudEventView {
  return { specversion: '1.0', source: '/beluga', id, type, subject, time, datacontenttype: 'application/json', data };
}

/** Rung by whoever has news. A ring while nobody waits is kept for the next who does. */
class Bell {
  #rung = false;
  #wake = (): void => {};

  ring(): void {
    this.#rung = true;
    this.#wake();
  }

  /** Waits for a ring, at most so long; says whether there was one. */
  async rings(milliseconds: number): Promise<boolean> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const rung = this.#rung;
    this.#rung = false;
    return rung;
  }
}
