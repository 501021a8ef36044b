/** The platform itself: whether it answers, how it is spoken to, what runs where. */
import { describePlatform } from '../actions/describe-platform.ts';
import type { Router } from './route.ts';

export function statusRoutes(route: Router): void {
  route.serve('health', {
    act: async ({ version }) => version,
    present: (version) => ({ status: 'up' as const, version }),
  });
  route.serve('describeApi', {
    act: async ({ request }) => request.server.swagger(),
    present: (document) => document,
  });
  route.serve('showRegistry', {
    act: async ({ context }) => context.registry,
    present: ({ kind, host, namespace, plainHttp }) => ({ kind, host, namespace, plainHttp }),
  });
  route.serve('status', {
    act: ({ context }) => describePlatform(context),
    present: (status) => ({ ...status, environments: [...status.environments], components: [...status.components] }),
  });
}
