/** Work on many places at once, but not on all: one that is slow keeps nobody waiting, and none that fails keeps the others from their turn. */
import type { Context } from '../actions/context.ts';
import type { Place } from '../domain/workload.ts';

const width = 8;

export async function sideBySide<P extends Place>(
  context: Context,
  places: readonly P[],
  what: string,
  work: (place: P) => Promise<unknown>,
): Promise<void> {
  const ahead = places.values();
  const worker = async () => {
    for (const place of ahead) {
      await work(place).catch((error: unknown) =>
        context.log.warn({ place: `${place.component}.${place.environment}`, error: String(error) }, `${what} failed; trying again`),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, places.length) }, worker));
}

/** What is remembered of others is forgotten. */
export function keepOnly(memory: Map<string, unknown>, keys: readonly string[]): void {
  const known = new Set(keys);
  for (const key of memory.keys()) if (!known.has(key)) memory.delete(key);
}
