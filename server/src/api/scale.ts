import { setScale, showScale } from '../actions/set-scale.ts';
import type { Router } from './route.ts';

export function scaleRoutes(route: Router): void {
  route.serve('showScale', { act: ({ context, input }) => showScale(context, input), present: (scale) => scale });
  route.serve('setScale', { act: ({ context, who, input }) => setScale(context, who, input), present: (scale) => scale });
}
