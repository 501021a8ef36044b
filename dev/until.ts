/** For tests: waits for something that must come and gives it, the first answer that is not false or undefined. What never comes is ended by the time limit of the suite. */
import { setTimeout as sleep } from 'node:timers/promises';

type Answer<T> = T | undefined | false;

export async function until<T>(found: () => Answer<T> | Promise<Answer<T>>, everyMs = 20): Promise<T> {
  for (;;) {
    const value = await found();
    if (value !== undefined && value !== false) return value;
    await sleep(everyMs);
  }
}
