import type { SocleView } from '@beluga/contract';
import { recordSocle, type Socle } from '../actions/record-socle.ts';
import type { Router } from './route.ts';

export function socleRoutes(route: Router): void {
  route.serve('listSocles', {
    act: ({ context }) => context.store.views.socles(),
    present: (socles) => ({ items: socles.map(presentSocle) }),
  });
  route.serve('recordSocle', {
    act: ({ context, who, input }) => recordSocle(context, who, input),
    present: presentSocle,
  });
}

function presentSocle(socle: Socle): SocleView {
  return { ...socle, layers: [...socle.layers] };
}
