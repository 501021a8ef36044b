import { cleanEngine, listLeftovers } from '../actions/clean-engine.ts';
import type { Router } from './route.ts';

export function leftoverRoutes(route: Router): void {
  route.serve('listLeftovers', {
    act: ({ context }) => listLeftovers(context),
    present: (leftovers) => ({ items: [...leftovers] }),
  });
  route.serve('clean', {
    act: ({ context, who }) => cleanEngine(context, who),
    present: (removed) => ({ items: [...removed] }),
  });
}
