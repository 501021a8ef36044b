import { mapAutomation } from '../actions/map-automation.ts';
import type { Router } from './route.ts';

export function automationRoutes(route: Router): void {
  route.serve('mapAutomation', {
    act: ({ context, input }) => mapAutomation(context, input.system),
    present: (systems) => ({ items: systems.map(({ steps, ...system }) => ({ ...system, steps: [...steps] })) }),
  });
}
