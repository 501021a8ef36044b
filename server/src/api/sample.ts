import { readSamples } from '../actions/read-samples.ts';
import type { Router } from './route.ts';

export function sampleRoutes(route: Router): void {
  route.serve('listSamples', {
    act: ({ context, input }) => readSamples(context, input),
    present: ({ items, ...span }) => ({ ...span, items: [...items] }),
  });
}
