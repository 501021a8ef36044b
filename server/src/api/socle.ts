import type { MovedView, RebasePlanView, SocleView } from '@beluga/contract';
import { deprecateSocle } from '../actions/deprecate-socle.ts';
import { planRebase } from '../actions/plan-rebase.ts';
import { type Moved, rebaseReleases } from '../actions/rebase-releases.ts';
import { recordSocle } from '../actions/record-socle.ts';
import { showSocle } from '../actions/show-socle.ts';
import type { RebasePlan, Socle } from '../domain/socle.ts';
import { refusalOf } from './problem.ts';
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
  route.serve('rebaseReleases', {
    act: ({ context, who, input }) => rebaseReleases(context, who, input),
    present: (moved) => ({ items: moved.map(presentMoved) }),
  });
}

function presentSocle(socle: Socle): SocleView {
  return { ...socle, layers: [...socle.layers] };
}

function presentMoved(moved: Moved): MovedView {
  const { component, version } = moved.from;
  if (moved.outcome === 'refused') return { component, version, outcome: 'refused', problem: refusalOf(moved.error) };
  return { component, version, outcome: moved.outcome, newVersion: moved.release.version };
}

function presentPlan({ onto, waves, refused, done }: RebasePlan): RebasePlanView {
  return {
    onto: presentSocle(onto),
    waves: waves.map((wave) => ({ ...wave, items: [...wave.items] })),
    refused: [...refused],
    done,
  };
}
