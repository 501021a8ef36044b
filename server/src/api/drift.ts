import { listDrift } from '../actions/list-drift.ts';
import type { Router } from './route.ts';

export function driftRoutes(route: Router): void {
  route.serve('listDrift', {
    act: ({ context, input }) => listDrift(context, input),
    present: (drifts) => ({
      items: drifts.map((drift) => ({
        ...drift,
        component: drift.component || null,
        environment: drift.environment || null,
        instance: drift.instance || null,
      })),
    }),
  });
}
