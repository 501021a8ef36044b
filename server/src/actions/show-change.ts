/** One change with what whoever looks may do with it. */
import type { Change } from '../domain/changes/change.ts';
import type { Context } from './context.ts';
import { findChange } from './review-change.ts';

type May = { readonly allowed: boolean; readonly code: keyof typeof obstacles | null; readonly reason: string | null };
export type ShownChange = { readonly change: Change; readonly can: { readonly decide: May; readonly cancel: May } };

const obstacles = {
  'own-change': 'Who asked for it cannot approve or refuse it.',
  'nobody-decides': 'Nobody is waited for.',
  'has-ended': 'It has ended.',
} as const;

export async function showChange(context: Context, who: string, id: string): Promise<ShownChange> {
  const change = await findChange(context, id);
  const { state, deployment, facts } = change;
  const held = state === 'assessed' && (await context.store.holds.find(deployment)) !== null;
  const ended = state === 'reviewing' || state === 'closed' || state === 'cancelled';
  const decide = !held ? no('nobody-decides') : facts.requestedBy === who ? no('own-change') : yes;
  return { change, can: { decide, cancel: ended ? no('has-ended') : yes } };
}

const yes: May = { allowed: true, code: null, reason: null };
function no(code: keyof typeof obstacles): May {
  return { allowed: false, code, reason: obstacles[code] };
}
