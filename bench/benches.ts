/** What can be measured, by name. */
import type { Bench } from './harness.ts';

export const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  image: async () => (await import('./image.ts')).imageBench,
  estate: async () => (await import('./estate.ts')).estateBench,
  rebase: async () => (await import('./rebase.ts')).rebaseBench,
  heal: async () => (await import('./heal.ts')).healBench,
  router: async () => (await import('./router.ts')).routerBench,
  rollout: async () => (await import('./rollout.ts')).rolloutBench,
};
