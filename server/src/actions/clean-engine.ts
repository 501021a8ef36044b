/** Takes away what this platform left on the engine and nothing needs any more; by itself every ten minutes, or when it is asked for. */
import { type Leftover, leftoversOf } from '../domain/cleaning/leftover.ts';
import { stamp } from '../domain/stamp.ts';
import type { Context } from './context.ts';

/** What would be taken away now; changes nothing. */
export async function listLeftovers(context: Context): Promise<readonly Leftover[]> {
  const holdings = await context.engine.holdings();
  const images = holdings.flatMap(({ kind, name }) => (kind === 'image' ? [name] : []));
  // What is needed is asked after what is held: an image that came in between is not on the list.
  const own = await context.store.needed.own(images);
  const [needed, openTasks] = await Promise.all([context.store.needed.images(), context.store.needed.openTasks()]);
  return leftoversOf(holdings, { own, needed, environments: context.environments, openTasks });
}

export async function cleanEngine(context: Context, who: string): Promise<readonly Leftover[]> {
  const removed: Leftover[] = [];
  for (const leftover of await listLeftovers(context)) {
    if (leftover.kind === 'image' && (await context.store.needed.images()).has(leftover.name)) continue;
    if (await context.engine.discard(leftover)) removed.push(leftover);
  }
  if (removed.length > 0) await context.store.needed.tell(who, removed, stamp(context.now()));
  return removed;
}
