/**
 * A trip: one move of a whole train into one environment, wave after wave, all or none.
 *
 *   forward: a wave is asked for when the one before has moved ─▶ succeeded
 *      └─ one that does not arrive turns the trip ─▶ undo
 *   undo: in reverse order, each wave put back to what served before ─▶ rolled-back
 *      └─ one that cannot be put back, tried three times ─▶ failed, with what is left
 *
 * A rollback of a train is a trip in the direction undo from its start. What a component had never had an installation to go back to
 * stays installed: there is nothing to put in its place.
 */
import type { TripEnd, TripKind } from './train.ts';

export type TripDirection = 'forward' | 'undo';

/**
 * waiting ──▶ moving ──▶ moved | stopped       (forward)
 * moved   ──▶ returning ──▶ returned | stuck   (undo)
 *
 * `stopped`: its installation ended without it serving; what was there before still serves.
 */
export type MemberState = 'waiting' | 'moving' | 'moved' | 'stopped' | 'returning' | 'returned' | 'stuck';

export type TripMember = {
  readonly component: string;
  readonly wave: number;
  /** The release it goes to; null in no case. */
  readonly target: string;
  /** The release that served before; null: none did. */
  readonly former: string | null;
  readonly state: MemberState;
  /** The deployment that moves it now or moved it last. */
  readonly deploymentId: string | null;
  readonly tries: number;
  readonly reason: string | null;
};

export type Trip = {
  readonly id: string;
  readonly train: string;
  readonly kind: TripKind;
  readonly environment: string;
  readonly direction: TripDirection;
  /** Why it is a rollback, or turned into one; why it ended so. */
  readonly reason: string | null;
  /** The incident that a rollback mends; null where none was named. */
  readonly incident: string | null;
  readonly requestedBy: string;
  readonly members: readonly TripMember[];
};

export type Decision =
  /** Ask for these, each to its release. */
  | { readonly kind: 'ask'; readonly members: readonly TripMember[]; readonly to: 'target' | 'former' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'turn'; readonly reason: string }
  | { readonly kind: 'end'; readonly state: TripEnd; readonly reason: string | null };

/** How often one is put back before a person must help. */
const mostTries = 3;

/** What the trip does next; nothing here remembers, so that whoever takes it over decides the same. */
export function decide(trip: Trip): Decision {
  return trip.direction === 'forward' ? decideForward(trip) : decideUndo(trip);
}

function decideForward({ members }: Trip): Decision {
  const stopped = members.filter(({ state }) => state === 'stopped');
  if (stopped.length > 0) {
    // What moves is waited for: a barrier, so that what is put back is known.
    if (members.some(({ state }) => state === 'moving')) return { kind: 'wait' };
    return { kind: 'turn', reason: stopped.map(({ component, reason }) => `${component}: ${reason ?? 'it did not arrive.'}`).join(' ') };
  }
  const open = members.filter(({ state }) => state !== 'moved');
  if (open.length === 0) return { kind: 'end', state: 'succeeded', reason: null };
  const wave = Math.min(...open.map((one) => one.wave));
  const waiting = open.filter((one) => one.wave === wave && one.state === 'waiting');
  return waiting.length > 0 ? { kind: 'ask', members: waiting, to: 'target' } : { kind: 'wait' };
}

function decideUndo({ kind, members, reason }: Trip): Decision {
  if (members.some(({ state }) => state === 'moving')) return { kind: 'wait' };
  const open = members.filter((one) => mustReturn(one));
  if (open.length > 0) {
    const wave = Math.max(...open.map((one) => one.wave));
    const asked = open.filter((one) => one.wave === wave && one.state !== 'returning');
    return asked.length > 0 ? { kind: 'ask', members: asked, to: 'former' } : { kind: 'wait' };
  }
  const stuck = members.filter(({ state }) => state === 'stuck');
  if (stuck.length === 0) return { kind: 'end', state: kind === 'rollback' ? 'succeeded' : 'rolled-back', reason };
  const left = stuck.map((one) => `${one.component} could not be put back: ${one.reason ?? 'no reason was given.'}`).join(' ');
  return { kind: 'end', state: 'failed', reason: reason === null ? left : `${reason} Then: ${left}` };
}

function mustReturn({ state, former, target, tries }: TripMember): boolean {
  if (former === null || former === target) return false;
  return state === 'moved' || state === 'returning' || (state === 'stuck' && tries < mostTries);
}

/** What a member is after its deployment ended. */
export function afterDeployment(member: TripMember, state: 'succeeded' | 'rolled-back' | 'failed' | 'refused' | 'cancelled'): MemberState {
  if (member.state === 'moving') return state === 'succeeded' ? 'moved' : 'stopped';
  return state === 'succeeded' ? 'returned' : 'stuck';
}

/** Whether a member has nothing to do: what it goes to serves already. */
export function isThere(member: TripMember, to: 'target' | 'former', current: string | null): boolean {
  return current === (to === 'target' ? member.target : member.former);
}
