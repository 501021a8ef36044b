import type { Router } from './route.ts';

export function componentRoutes(route: Router): void {
  route.serve('listComponents', {
    act: ({ context }) => context.store.views.components(),
    present: (components) => ({ items: [...components] }),
  });
}
