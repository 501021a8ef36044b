import { planDeployment } from '../actions/plan-deployment.ts';
import type { Router } from './route.ts';

export function planRoutes(route: Router): void {
  route.serve('planDeployment', {
    act: ({ context, who, input }) => planDeployment(context, who, input),
    present: (plan) => ({ ...plan, verdicts: [...plan.verdicts], steps: [...plan.steps] }),
  });
}
