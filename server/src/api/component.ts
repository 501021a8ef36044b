import { type DescribedStage, describeComponent } from '../actions/describe-component.ts';
import type { Router } from './route.ts';

export function componentRoutes(route: Router): void {
  route.serve('listComponents', {
    act: ({ context }) => context.store.views.components(),
    present: (components) => ({ items: components.map((one) => ({ ...one, dependsOn: [...one.dependsOn] })) }),
  });
  route.serve('showComponent', {
    act: ({ context, input }) => describeComponent(context, input.component),
    present: ({ component, stages, releases }) => ({
      component: { ...component, dependsOn: [...component.dependsOn], dependents: [...component.dependents] },
      stages: stages.map(presentStage),
      releases: [...releases],
    }),
  });
}

function presentStage(stage: DescribedStage) {
  return { ...stage, between: [...stage.between] };
}
