/** When a release that is tagged now could be in an environment, stage by stage; changes nothing. */
import { type Milestone, roadOf } from '../domain/gates/road.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { StoredRelease } from '../store/release.ts';
import type { Context } from './context.ts';
import { findComponent, findEnvironment, findRelease } from './find-release.ts';
import { gatherFacts } from './gather-facts.ts';

export type SimulationWish = {
  readonly component: string;
  readonly environment: string;
  /** The release that the new one is like; default: the newest. */
  readonly version?: string | undefined;
  readonly incident?: string | undefined;
};
export type Simulation = {
  readonly component: string;
  readonly like: string;
  readonly environment: string;
  /** RFC 3339, as `earliest`. */
  readonly from: string;
  readonly earliest: string | null;
  readonly stages: readonly Milestone[];
};

export async function simulateRelease(context: Context, who: string, wish: SimulationWish): Promise<Simulation> {
  const { component, environment, incident = null } = wish;
  findEnvironment(context, environment);
  const release = await findLike(context, component, wish.version);
  const road = context.environments.slice(0, context.environments.indexOf(environment) + 1);
  const question = { release, purpose: 'deploy', incident, requester: who, deployment: null } as const;
  const facts = await Promise.all(road.map((stage) => gatherFacts(context, { ...question, environment: stage })));
  const from = context.now();
  const stages = roadOf(facts, from);
  const earliest = stages.at(-1)?.earliest ?? null;
  return { component, like: release.version, environment, from: stamp(from), earliest: earliest === null ? null : stamp(earliest), stages };
}

async function findLike(context: Context, component: string, version: string | undefined): Promise<StoredRelease> {
  await findComponent(context, component);
  const [newest] = await context.store.releases.versions(component);
  const like = version ?? newest;
  if (like === undefined) throw new BelugaError('unknown-component', { component, known: 'none with a release' });
  return findRelease(context, component, like);
}
