import type { MeasuresView } from '@beluga/contract';
import { type Measured, measureDelivery } from '../actions/measure-delivery.ts';
import type { Router } from './route.ts';

export function measureRoutes(route: Router): void {
  route.serve('measureDelivery', { act: ({ context, input }) => measureDelivery(context, input), present: presentMeasures });
}

function presentMeasures({ figures, waits, slices, ...measured }: Measured): MeasuresView {
  return {
    ...measured,
    slices: slices.map((slice) => ({ ...slice, figures: slice.figures.map(({ name, value }) => ({ name, value })) })),
    figures: figures.map((figure) => ({ ...figure, deployments: [...figure.deployments] })),
    waits: waits.map((wait) => ({ ...wait, deployments: [...wait.deployments] })),
  };
}
