import type { ChangeView } from '@beluga/contract';
import { approveChange, cancelChange, refuseChange } from '../actions/decide-change.ts';
import { reviewChange } from '../actions/review-change.ts';
import { showChange } from '../actions/show-change.ts';
import { type Change, needsReview } from '../domain/changes/change.ts';
import type { Router } from './route.ts';

export function changeRoutes(route: Router): void {
  route.serve('listChanges', {
    act: ({ context, input }) => context.store.changes.list({ ...input, limit: input.limit ?? 50 }),
    present: (changes) => ({ items: changes.map(presentChange) }),
  });
  route.serve('showChange', {
    act: ({ context, who, input }) => showChange(context, who, input.id),
    present: ({ change, can }) => ({ ...presentChange(change), can }),
  });
  route.serve('reviewChange', {
    act: ({ context, who, input }) => reviewChange(context, who, input.id, input.note),
    present: presentChange,
  });
  route.serve('approveChange', { act: ({ context, who, input }) => approveChange(context, who, input), present: presentChange });
  route.serve('refuseChange', { act: ({ context, who, input }) => refuseChange(context, who, input), present: presentChange });
  route.serve('cancelChange', { act: ({ context, who, input }) => cancelChange(context, who, input), present: presentChange });
}

function presentChange(change: Change): ChangeView {
  // The facts are data of the domain as they are shown: the same names, read-only there and not here.
  return { ...(structuredClone(change) as unknown as Omit<ChangeView, 'reviewDue'>), reviewDue: needsReview(change) };
}
