/**
 * From a trip to its end: asks for the deployments of a wave, waits for them, goes on or puts back.
 *
 * Every deployment has its id in the trip before it is asked for, so that a worker that takes over finds what the one before had done.
 * While the line is stopped nothing is asked for: the train stands where it is, and goes on when the line does. Only a rollback that names
 * its incident goes on all the same, as that of one component does.
 */
import type { Context } from '../actions/context.ts';
import { requestDeployment } from '../actions/request-deployment.ts';
import { type Deployment, isTerminal } from '../domain/deployment.ts';
import { stamp } from '../domain/stamp.ts';
import { afterDeployment, type Decision, decide, isThere, type TripMember } from '../domain/trains/trip.ts';
import type { HeldTrip, StoredTrip } from '../store/trip.ts';
import { patiently } from './carry.ts';

/** How often a trip looks at the deployments it waits for. */
const lookMs = 200;

type Moving = { readonly context: Context; readonly held: HeldTrip; readonly signal: AbortSignal };

export async function moveTrip(context: Context, held: HeldTrip, signal: AbortSignal): Promise<void> {
  const moving = { context, held, signal };
  for (;;) {
    signal.throwIfAborted();
    const trip = await context.store.trips.find(held.id);
    if (await settle(moving, trip)) continue;
    const decision = decide(trip);
    if (decision.kind === 'end') return context.store.trips.end(held, trip.kind, decision, stamp(context.now()));
    await follow(moving, trip, decision);
  }
}

async function follow({ context, held, signal }: Moving, trip: StoredTrip, decision: Exclude<Decision, { kind: 'end' }>): Promise<void> {
  if (decision.kind === 'wait') return context.pause(lookMs, signal);
  if (decision.kind === 'turn') return context.store.trips.turn(held, decision.reason, stamp(context.now()));
  const { environment } = trip;
  const asked = await Promise.all(
    decision.members.map(async (member): Promise<TripMember> => {
      const current = await context.store.deployments.current(member.component, environment);
      if (isThere(member, decision.to, current?.releaseDigest ?? null))
        return { ...member, state: decision.to === 'target' ? 'moved' : 'returned' };
      const state = decision.to === 'target' ? 'moving' : 'returning';
      return { ...member, state, deploymentId: context.newId('dep'), tries: member.tries + 1, reason: null };
    }),
  );
  await context.store.trips.note(held, asked);
}

/** Asks for what is noted and not asked for yet, and notes what has ended; true when anything was noted. */
async function settle(moving: Moving, trip: StoredTrip): Promise<boolean> {
  const { context, held } = moving;
  const open = trip.members.filter(({ state }) => state === 'moving' || state === 'returning');
  const ended: TripMember[] = [];
  for (const member of open) {
    const deployment = await patiently(moving, () => deploymentOf(context, trip, member));
    const { state, reason } = deployment;
    if (!isTerminal(state) || state === 'waiting' || state === 'running') continue;
    const stoppedHere = state === 'refused' && (await isStopped(context, trip));
    ended.push(stoppedHere ? asBefore(member) : { ...member, state: afterDeployment(member, state), reason });
  }
  if (ended.length > 0) await context.store.trips.note(held, ended);
  return ended.length > 0;
}

async function deploymentOf(context: Context, trip: StoredTrip, member: TripMember): Promise<Pick<Deployment, 'state' | 'reason'>> {
  const id = member.deploymentId ?? '';
  const known = await context.store.deployments.find(id);
  if (known !== null) return known;
  if (await isStopped(context, trip)) return { state: 'waiting', reason: null };
  const forward = member.state === 'moving';
  const { component, version } = await context.store.releases.byDigest((forward ? member.target : member.former) ?? '');
  const wish = { id, component, version, environment: trip.environment, incident: trip.incident ?? undefined };
  return requestDeployment(context, trip.requestedBy, wish, forward ? 'deploy' : 'rollback');
}

/** Refused by the stop button, or while it was pressed: asked for again when the line moves. */
function asBefore(member: TripMember): TripMember {
  return { ...member, state: member.state === 'moving' ? 'waiting' : 'moved', deploymentId: null, tries: member.tries - 1 };
}

async function isStopped({ store }: Context, { incident }: StoredTrip): Promise<boolean> {
  return incident === null && (await store.lineStops.current()) !== null;
}
