import type { MeasuresView } from '@beluga/contract';
import { type Measured, measureDelivery } from '../actions/measure-delivery.ts';
import type { Router } from './route.ts';

export function measureRoutes(route: Router): void {
  route.serve('measureDelivery', { act: ({ context, input }) => measureDelivery(context, input), present: presentMeasures });
}

function presentMeasures({ figures, waits, ...measured }: Measured): MeasuresView {
  return {
    ...measured,
    figures: figures.map((figure) => ({ ...figure, deployments: [...figure.deployments] })),
    waits: waits.map((wait) => ({ ...wait, deployments: [...wait.deployments] })),
  };
}
