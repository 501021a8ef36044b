import { listDrift } from '../actions/list-drift.ts';
import { repairDrift } from '../actions/repair-drift.ts';
import type { Drift } from '../domain/drift/drift.ts';
import type { Router } from './route.ts';

export function driftRoutes(route: Router): void {
  route.serve('listDrift', { act: ({ context, input }) => listDrift(context, input), present: presentAll });
  route.serve('repairDrift', { act: ({ context, who, input }) => repairDrift(context, who, input), present: presentAll });
}

function presentAll(drifts: readonly Drift[]) {
  return {
    items: drifts.map((drift) => ({
      ...drift,
      component: drift.component || null,
      environment: drift.environment || null,
      instance: drift.instance || null,
    })),
  };
}
