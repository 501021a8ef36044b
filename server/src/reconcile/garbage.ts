/** What was pushed and never released, or took no part in a socle, leaves the registry; every release keeps its image, so that it can be gone back to. */
import type { Context } from '../actions/context.ts';
import { digestIn } from '../domain/image.ts';

/** From a build to its release a pipeline has so long. */
const patienceHours = 7 * 24;

const everyMs = 3_600_000;

/** Not at the start, where there is more urgent work. */
export async function collectNowAndThen(context: Context, signal: AbortSignal): Promise<void> {
  for (;;) {
    await context.pause(everyMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    await collectGarbage(context).catch((error: unknown) => context.log.warn({ error: String(error) }, 'garbage could not be collected'));
  }
}

export async function collectGarbage(context: Context): Promise<void> {
  const keep = new Set((await context.store.releases.images()).map(digestIn));
  const removed = await context.registry.collect(keep, context.now().subtract({ hours: patienceHours }));
  if (removed !== null && removed.blobs + removed.manifests > 0) context.log.info(removed, 'what nobody needs left the registry');
}
