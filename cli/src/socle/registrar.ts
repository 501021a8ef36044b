/** Registers releases as they come: while the server is busy with some, those that come meanwhile wait, and go together. */
import type { Client, MovedView } from '@beluga/contract';
import { ApiError } from '@beluga/contract/client';

type Moving = Parameters<Client['rebaseReleases']>[0]['releases'][number];
type Waiting = { readonly moving: Moving; readonly resolve: (newVersion: string) => void; readonly reject: (error: unknown) => void };

const mostAtOnce = 25;

/** Gives the version of the release that was moved; rejects with what the server has against it. */
export type Register = (moving: Moving) => Promise<string>;

export function openRegistrar(client: Client, socle: string): Register {
  const waiting: Waiting[] = [];
  let isBusy = false;
  const work = async () => {
    if (isBusy) return;
    isBusy = true;
    while (waiting.length > 0) await registerAll(client, socle, waiting.splice(0, mostAtOnce));
    isBusy = false;
  };
  return (moving) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    waiting.push({ moving, resolve, reject });
    void work();
    return promise;
  };
}

async function registerAll(client: Client, name: string, some: readonly Waiting[]): Promise<void> {
  try {
    const { items } = await client.rebaseReleases({ name, releases: some.map(({ moving }) => moving) });
    for (const [at, { resolve, reject }] of some.entries()) tell(items[at], resolve, reject);
  } catch (error) {
    for (const { reject } of some) reject(error);
  }
}

function tell(moved: MovedView | undefined, resolve: Waiting['resolve'], reject: Waiting['reject']): void {
  if (moved === undefined) reject(new Error('the server said nothing of it'));
  else if (moved.outcome === 'refused') reject(new ApiError(moved.problem));
  else resolve(moved.newVersion);
}
