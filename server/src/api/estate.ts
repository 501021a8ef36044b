import { describeEstate } from '../actions/describe-estate.ts';
import type { Router } from './route.ts';

export function estateRoutes(route: Router): void {
  route.serve('showEstate', {
    act: ({ context, input }) => describeEstate(context, input),
    present: ({ environments, moving, red, rows, ...estate }) => ({
      ...estate,
      environments: [...environments],
      moving: [...moving],
      red: [...red],
      rows: rows.map(({ cells, ...row }) => ({ ...row, cells: [...cells] })),
    }),
  });
}
