import { normalise, type ReleaseView } from '@beluga/contract';
import { findRelease } from '../actions/find-release.ts';
import { registerRelease, type StoredRelease } from '../actions/register-release.ts';
import { checkedManifest } from './manifest.ts';
import type { Router } from './route.ts';

export function releaseRoutes(route: Router): void {
  route.serve('listReleases', {
    act: ({ context, input }) => context.store.views.releases(input),
    present: (releases) => ({ items: releases.map(presentRelease) }),
  });
  route.serve('showRelease', {
    act: ({ context, input }) => findRelease(context, input.component, input.version),
    present: presentRelease,
  });
  route.serve('registerRelease', {
    act: ({ context, who, input: { manifest, ...rest } }) =>
      registerRelease(context, who, { ...rest, spec: normalise(checkedManifest(manifest)) }),
    status: ({ created }) => (created ? 201 : 200),
    present: ({ release }) => presentRelease(release),
  });
}

export function presentRelease({ spec, layers, commits: _commits, ...release }: StoredRelease): ReleaseView {
  return { ...release, system: spec.system, kind: spec.kind, layers: [...layers] };
}
