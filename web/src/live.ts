/**
 * What happens on the platform, as it happens: events of the server refresh what is shown, and say how fresh it is.
 *
 * What is dear to compute rests (`meta.rests`): it follows its own clock. Events come in bursts; what is shown is asked for again at most twice a second, and a long list less often.
 */
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { client, isUnauthorized } from './api.ts';

export type Live = { readonly state: 'live' | 'away'; readonly at: number };

const quickMs = 500;
const listener = new Set<() => void>();
let live: Live = { state: 'away', at: Date.now() };

function tell(next: Partial<Live>): void {
  live = { ...live, ...next };
  for (const told of listener) told();
}

/** Whether news arrive, and since when nothing newer is known. */
export function useLive(): Live {
  return useSyncExternalStore(listen, current);
}

function listen(told: () => void): () => void {
  listener.add(told);
  return () => listener.delete(told);
}

function current(): Live {
  return live;
}

/** Follows the server's events until the signal aborts; outlives its restarts. */
export async function followServer(queries: QueryClient, signal: AbortSignal): Promise<void> {
  const refresh = sparingly(() => void queries.invalidateQueries({ predicate: ({ meta }) => meta?.['rests'] !== true }));
  const unsubscribe = queries.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success') tell({ at: Date.now() });
  });
  signal.addEventListener('abort', unsubscribe, { once: true });
  while (!signal.aborted) {
    try {
      const onOpen = (): void => {
        tell({ state: 'live', at: Date.now() });
        refresh();
      };
      for await (const _ of client.events({ signal, onOpen, patienceMs: 1_000 })) refresh();
    } catch (error) {
      if (isUnauthorized(error)) return location.reload();
    }
    tell({ state: 'away' });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** Does the work now and, when asked again meanwhile, once more at the end of the pause. */
function sparingly(work: () => void): () => void {
  let waiting = false;
  let again = false;
  const ask = (): void => {
    if (waiting) {
      again = true;
      return;
    }
    work();
    waiting = true;
    setTimeout(() => {
      waiting = false;
      if (again) {
        again = false;
        ask();
      }
    }, quickMs);
  };
  return ask;
}
