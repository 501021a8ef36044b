/** What is pushed reaches everybody who follows, from the moment they follow until their signal aborts. */
export class Feed<T> {
  readonly #followers = new Set<(value: T) => void>();

  push(value: T): void {
    for (const follower of this.#followers) follower(value);
  }

  follow(signal: AbortSignal): AsyncIterable<T> {
    const waiting: T[] = [];
    let wake = () => {};
    const follower = (value: T) => {
      waiting.push(value);
      wake();
    };
    this.#followers.add(follower);
    const stop = () => {
      this.#followers.delete(follower);
      wake();
    };
    signal.addEventListener('abort', stop, { once: true });
    const next = () => new Promise<void>((resolve) => (wake = resolve));
    return drain(waiting, next, signal);
  }
}

async function* drain<T>(waiting: T[], next: () => Promise<void>, signal: AbortSignal): AsyncGenerator<T> {
  while (!signal.aborted) {
    const value = waiting.shift();
    if (value !== undefined) yield value;
    else await next();
  }
}
