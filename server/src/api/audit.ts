import type { Router } from './route.ts';

export function auditRoutes(route: Router): void {
  route.serve('readAudit', {
    act: ({ context, input }) => context.store.views.audit({ ...input, limit: input.limit ?? 100 }),
    present: (entries) => ({ items: [...entries] }),
  });
}
