/**
 * From commands to traffic: an instance that serves and whose own command says twice in a row that it is not ready gets no new requests until it
 * says that it is.
 *
 * Paths and ports the router asks itself, also while no server is there; it can run nothing in an instance, and so is told what commands said.
 * It forgets that after half a minute: while nobody asks nobody stays out.
 */
import type { Context } from '../actions/context.ts';
import type { Instance } from '../domain/instance.ts';
import type { Workload } from '../domain/workload.ts';
import type { Current } from '../store/deployment.ts';
import { desiredAt } from './desired.ts';
import { keepOnly, sideBySide } from './side-by-side.ts';

/** A program that starts costs more than a request that is answered. */
const everyMs = 5_000;
/** As long as somebody says no. */
const soonMs = 1_000;
const timeoutMs = 5_000;
const noesInARow = 2;

/** Since when nobody is to be asked, and how often in a row each instance said no. */
type Round = { readonly nextAt: number; readonly noes: ReadonlyMap<string, number> };
/** By installation; a restart of the server begins anew. */
export type Hearing = Map<string, Round>;

export function createHearing(): Hearing {
  return new Map();
}

export async function askWhoIsReady(context: Context, hearing: Hearing): Promise<void> {
  const now = context.now().epochMilliseconds;
  const places = await context.store.deployments.currentThatAsk('command');
  keepOnly(
    hearing,
    places.map(({ deploymentId }) => deploymentId),
  );
  const due = places.filter(({ deploymentId }) => now >= (hearing.get(deploymentId)?.nextAt ?? 0));
  await sideBySide(context, due, 'asking who is ready', (place) => hear(context, hearing, place));
}

async function hear(context: Context, hearing: Hearing, place: Current): Promise<void> {
  const desired = await desiredAt(context, place);
  const command = desired?.health.command ?? null;
  if (desired === null || command === null) return;
  const serving = (await context.engine.observe(desired)).instances.filter((instance) => serves(desired, instance));
  const before = hearing.get(place.deploymentId)?.noes;
  const noes = new Map(
    await Promise.all(
      serving.map(async ({ name }): Promise<[string, number]> => {
        const problem = await context.engine.probe(name, { path: null, command, timeoutMs });
        return [name, problem === null ? 0 : (before?.get(name) ?? 0) + 1];
      }),
    ),
  );
  const said = (is: (count: number) => boolean) => [...noes].flatMap(([name, count]) => (is(count) ? [name] : []));
  await context.engine.heed(desired, { ready: said((count) => count === 0), unready: said((count) => count >= noesInARow) });
  const pauseMs = said((count) => count > 0).length > 0 ? soonMs : everyMs;
  hearing.set(place.deploymentId, { noes, nextAt: context.now().epochMilliseconds + pauseMs });
}

function serves({ generation }: Workload, instance: Instance): boolean {
  return instance.state === 'running' && instance.traffic === 'serving' && instance.generation === generation;
}
