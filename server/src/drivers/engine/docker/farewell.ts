/** What is done with a container that ended before it is removed: whoever wants its log reads it now. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Place } from '../../../domain/workload.ts';
import type { Container } from './containers.ts';
import { label, placeOf } from './labels.ts';

export type Farewell = (container: Container) => Promise<void>;

const patienceMs = 5_000;

/** A listener that fails, or takes too long, keeps nobody from being removed. */
export function farewell(
  listener: (place: Place, instance: string) => Promise<void>,
  log: { warn(fields: object, message: string): void },
): Farewell {
  return async (container) => {
    const place = placeOf(container.labels);
    if (place === null) return;
    const instance = nameOf(container);
    const waiting = new AbortController();
    const late = sleep(patienceMs, 'late' as const, { signal: waiting.signal }).catch(() => 'done' as const);
    const done = listener(place, instance).catch((error: unknown) => log.warn({ instance, error: String(error) }, 'its log was not kept'));
    if ((await Promise.race([done, late])) === 'late') log.warn({ instance }, 'its log was not kept within 5 s');
    waiting.abort();
  };
}

/** As the instance is called, or the run of a job. */
export function nameOf(container: Container): string {
  return container.labels[label.task] ?? container.instance;
}
