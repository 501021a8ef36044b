import type { ShownPlanView } from '@beluga/contract';
import { planDeployment } from '../actions/plan-deployment.ts';
import type { Router } from './route.ts';

export function planRoutes(route: Router): void {
  route.serve('planDeployment', {
    act: ({ context, who, input }) => planDeployment(context, who, input),
    // The facts are data of the domain as they are shown: the same names, read-only there and not here.
    present: (plan) => structuredClone(plan) as unknown as ShownPlanView,
  });
}
