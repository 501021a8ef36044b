import { listInstances } from '../actions/list-instances.ts';
import type { Router } from './route.ts';

export function instanceRoutes(route: Router): void {
  route.serve('listInstances', {
    act: ({ context, input }) => listInstances(context, input),
    present: (instances) => ({ items: [...instances] }),
  });
}
