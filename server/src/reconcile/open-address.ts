/** Gives a component its address in an environment, once, and opens it at the router. */
import type { Context } from '../actions/context.ts';
import type { Place } from '../domain/workload.ts';
import { BelugaError } from '../errors.ts';

/** A port that another program holds is passed over for the next one. */
export async function openAddress(context: Context, place: Place): Promise<void> {
  const taken = new Set<number>();
  for (;;) {
    const port = await context.store.addresses.give(place, context.engine.ports, taken);
    try {
      return await context.engine.route(place, port);
    } catch (error) {
      if (!(error instanceof BelugaError) || error.code !== 'port-taken') throw error;
      taken.add(port);
    }
  }
}

/** Opens every recorded address again, as after a restart of the machine. */
export async function openAddresses(context: Context): Promise<void> {
  for (const { component, environment, port } of await context.store.addresses.list()) {
    const place = { component, environment };
    await context.engine
      .route(place, port)
      .catch((error: unknown) => context.log.error({ place, error: String(error) }, 'an address could not be opened'));
  }
}
