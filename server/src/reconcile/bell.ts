/** Waking one who waits; a bell for each, since a ring reaches one. */
import type { Context } from '../actions/context.ts';

export type Bell = { ring(): void; wait(context: Context, ms: number, signal: AbortSignal): Promise<void> };

/** Wakes the one who waits; a ring while it works ends its next wait at once. */
export function createBell(): Bell {
  let rung = false;
  let wake = () => {};
  return {
    ring() {
      rung = true;
      wake();
    },
    async wait(context, ms, signal) {
      if (!rung) {
        const woken = new AbortController();
        wake = () => woken.abort();
        await context.pause(ms, AbortSignal.any([signal, woken.signal])).catch(() => undefined);
      }
      rung = false;
    },
  };
}
