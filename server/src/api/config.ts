import { showConfig } from '../actions/show-config.ts';
import type { Router } from './route.ts';

export function configRoutes(route: Router): void {
  route.serve('showConfig', {
    act: ({ context, input }) => showConfig(context, input),
    present: (entries) => ({ items: [...entries] }),
  });
}
