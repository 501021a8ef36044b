import type { RebasePlanView, SocleView } from '@beluga/contract';
import { deprecateSocle } from '../actions/deprecate-socle.ts';
import { planRebase } from '../actions/plan-rebase.ts';
import { rebaseRelease } from '../actions/rebase-release.ts';
import { recordSocle } from '../actions/record-socle.ts';
import { showSocle } from '../actions/show-socle.ts';
import type { RebasePlan, Socle } from '../domain/socle.ts';
import { presentRelease } from './release.ts';
import type { Router } from './route.ts';

export function socleRoutes(route: Router): void {
  route.serve('listSocles', {
    act: ({ context }) => context.store.views.socles(),
    present: (socles) => ({ items: socles.map(presentSocle) }),
  });
  route.serve('showSocle', {
    act: ({ context, input }) => showSocle(context, input.name),
    present: ({ socle, versions, users }) => ({
      socle: presentSocle(socle),
      versions: versions.map(({ number, image, vendor, runtime, recordedAt }) => ({ number, image, vendor, runtime, recordedAt })),
      users: users.map((user) => ({ ...user, environments: [...user.environments] })),
    }),
  });
  route.serve('recordSocle', {
    act: ({ context, who, input }) => recordSocle(context, who, input),
    present: presentSocle,
  });
  route.serve('deprecateSocle', {
    act: ({ context, who, input }) => deprecateSocle(context, who, input),
    present: presentSocle,
  });
  route.serve('planRebase', {
    act: ({ context, input }) => planRebase(context, input),
    present: presentPlan,
  });
  route.serve('rebaseRelease', {
    act: ({ context, who, input }) => rebaseRelease(context, who, input),
    present: ({ release }) => presentRelease(release),
    status: ({ created }) => (created ? 201 : 200),
  });
}

function presentSocle(socle: Socle): SocleView {
  return { ...socle, layers: [...socle.layers] };
}

function presentPlan({ onto, waves, refused, done }: RebasePlan): RebasePlanView {
  return {
    onto: presentSocle(onto),
    waves: waves.map((wave) => ({ ...wave, items: [...wave.items] })),
    refused: [...refused],
    done,
  };
}
