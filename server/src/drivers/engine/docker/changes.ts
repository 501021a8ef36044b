/** What the engine says happens, in both dialects, as the port's changes; connects again by itself. */
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineChange } from '../engine.ts';
import { type Client, call, callOrNull } from './client.ts';
import { type Labels, label, placeOf } from './labels.ts';

const backOffMs = [100, 250, 500, 1_000, 2_000, 5_000];

/** What concerns us: the rest (exec, attach, cleanup ...) is noise. */
const words: Readonly<Record<string, string>> = {
  start: 'start',
  die: 'die',
  died: 'die',
  oom: 'oom',
  stop: 'stop',
  pause: 'pause',
  unpause: 'unpause',
  destroy: 'remove',
  remove: 'remove',
  update: 'update',
  rename: 'rename',
};

export async function* follow(client: Client, platform: string, signal: AbortSignal): AsyncGenerator<EngineChange> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const stream = await open(client, signal);
      if (failures > 0) yield { kind: 'engine-up', place: null, what: 'the engine answers again' };
      failures = 0;
      for await (const line of linesOf(stream)) {
        const change = changeOf(line, platform) ?? (await cutOf(client, line, platform));
        if (change !== null) yield change;
      }
    } catch {
      // The stream ended: say so once and try again.
    }
    if (signal.aborted) return;
    if (failures === 0) yield { kind: 'engine-down', place: null, what: 'the engine does not answer' };
    await sleep(backOffMs[Math.min(failures, backOffMs.length - 1)], undefined, { signal }).catch(() => {});
    failures += 1;
  }
}

async function open(client: Client, signal: AbortSignal): Promise<Readable> {
  const filters = JSON.stringify({ type: ['container', 'network'] });
  const stream = (await call(client, (docker) => docker.getEvents({ filters, abortSignal: signal }))) as Readable;
  signal.addEventListener('abort', () => stream.destroy(), { once: true });
  return stream;
}

async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

type Event = {
  readonly Type?: string;
  readonly Action?: string;
  readonly status?: string;
  readonly Actor?: { readonly Attributes?: Labels };
};

/** Null for an event that changes nothing for us. */
export function changeOf(line: string, platform: string): EngineChange | null {
  if (line.trim() === '') return null;
  const event = JSON.parse(line) as Event;
  const labels = event.Actor?.Attributes ?? {};
  const word = words[event.Action ?? event.status ?? ''];
  if (word === undefined || labels[label.platform] !== platform) return null;
  const place = placeOf(labels);
  return { kind: 'instance', place, what: `${labels['name'] ?? 'a container'}: ${word}` };
}

/** A container taken off a network: the event names it by its id alone. Each that stops is, too: then it is gone, or not running. */
async function cutOf(client: Client, line: string, platform: string): Promise<EngineChange | null> {
  if (!line.includes('"disconnect"')) return null;
  const event = JSON.parse(line) as Event;
  const id = event.Actor?.Attributes?.['container'] ?? '';
  if (event.Type !== 'network' || id === '') return null;
  const info = await callOrNull(client, (docker) => docker.getContainer(id).inspect()).catch(() => null);
  const labels = info?.Config.Labels ?? {};
  if (info?.State.Running !== true || labels[label.platform] !== platform) return null;
  return { kind: 'instance', place: placeOf(labels), what: `${info.Name.replace(/^\//, '')}: off the network` };
}
