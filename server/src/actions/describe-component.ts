/** One component for the console: its stages, what may go further, what can be gone back to, and why not where it cannot. */
import type { RollbackPlan } from '../domain/changes/change.ts';
import { type PlaceState, placeState } from '../domain/place-state.ts';
import type { ComponentPage, StageRelease, StageRow } from '../store/views/component-page.ts';
import type { Context } from './context.ts';
import { wayBack } from './describe-change.ts';
import { findComponent } from './find-release.ts';

/** Why something cannot be done; `place` in the sentence is the stage it depends on. */
export type Obstacle = keyof typeof obstacles;
export type Permission = {
  readonly allowed: boolean;
  readonly code: Obstacle | null;
  readonly place: string | null;
  readonly reason: string | null;
};
export type DescribedStage = Omit<StageRow, 'port'> & {
  readonly state: PlaceState | null;
  readonly address: string | null;
  readonly next: string | null;
  readonly between: readonly StageRelease[];
  /** Of the way back; null where there is none. */
  readonly proof: 'rehearsed' | 'available' | null;
  readonly can: { readonly deploy: Permission; readonly rollBack: Permission; readonly cancel: Permission; readonly runJob: Permission };
};
export type DescribedComponent = Omit<ComponentPage, 'stages'> & { readonly stages: readonly DescribedStage[] };

export async function describeComponent(context: Context, name: string): Promise<DescribedComponent> {
  const page = await context.store.consoleViews.component(name, context.environments);
  if (page === null) {
    await findComponent(context, name);
    throw new Error(`component ${name} came while it was looked for`);
  }
  return { ...page, stages: await Promise.all(page.stages.map((stage, index) => described(context, page, stage, index))) };
}

async function described(context: Context, page: ComponentPage, row: StageRow, index: number): Promise<DescribedStage> {
  const { port, ...stage } = row;
  const { kind, name: component } = page.component;
  const source = index === 0 ? (page.releases[0] ?? null) : (page.stages[index - 1]?.current ?? null);
  const next = source !== null && source.digest !== stage.current?.digest ? source.version : null;
  const moving = stage.moving?.state === 'running';
  const place = { component, environment: stage.environment };
  const back = await wayBackFrom(context, component, stage);
  const reachable = kind === 'Service' && stage.current !== null && port !== null;
  return {
    ...stage,
    state: stage.current === null ? null : placeState({ kind, moving, ready: stage.ready, wanted: stage.wanted }),
    address: reachable ? await context.engine.address(place).catch(() => null) : null,
    next,
    between: next === null ? [] : betweenOf(page.releases, source, stage.current),
    proof: proofOf(back),
    can: permissionsOf(page, stage, next, { before: context.environments[index - 1], back }),
  };
}

/** Where another release was installed before: whether it is held, was seen to work there, and was gone back to below. */
async function wayBackFrom(
  context: Context,
  component: string,
  { environment, former, current }: Omit<StageRow, 'port'>,
): Promise<RollbackPlan | null> {
  if (former === null || current === null) return null;
  const { releases } = context.store;
  const [to, from] = await Promise.all([releases.find(component, former), releases.byDigest(current.digest)]);
  return wayBack(context, to, from, environment, null);
}

function proofOf(back: RollbackPlan | null): DescribedStage['proof'] {
  return back === null || back.proof === 'none' ? null : back.proof;
}

/** The releases after what is there, up to what would come; the newest first. What is older came the other way. */
function betweenOf(releases: readonly StageRelease[], source: StageRelease | null, current: StageRelease | null): readonly StageRelease[] {
  const from = releases.findIndex(({ digest }) => digest === source?.digest);
  const to = releases.findIndex(({ digest }) => digest === current?.digest);
  return from < 0 ? [] : releases.slice(from, to < 0 ? from + 1 : Math.max(to, from + 1));
}

function permissionsOf(
  page: ComponentPage,
  { current, former, moving }: Omit<StageRow, 'port'>,
  next: string | null,
  { before, back }: { readonly before: string | undefined; readonly back: RollbackPlan | null },
): DescribedStage['can'] {
  return {
    deploy: next === null ? no(whyNothingNext(page, before, current !== null), before ?? null) : yes,
    rollBack:
      former === null || back === null ? no('no-former') : back.proof === 'none' ? { ...no('not-proven'), reason: back.reason } : yes,
    cancel: moving === null ? no('nothing-moves') : yes,
    runJob: page.component.kind !== 'Job' ? no('not-a-job') : current === null ? no('not-installed') : yes,
  };
}

function whyNothingNext(page: ComponentPage, before: string | undefined, installed: boolean): Obstacle {
  if (page.releases.length === 0) return 'no-release';
  if (installed) return before === undefined ? 'newest-here' : 'same-before';
  return before === undefined ? 'no-release' : 'nothing-before';
}

const obstacles = {
  'no-release': 'It has no release yet.',
  'newest-here': 'The newest release is here.',
  'same-before': 'The same release is in {place}.',
  'nothing-before': 'Nothing is installed in {place} yet.',
  'not-proven': 'The way back is not proven.',
  'no-former': 'No other release was ever installed here.',
  'nothing-moves': 'Nothing waits or moves here.',
  'not-a-job': 'Only a Job has runs.',
  'not-installed': 'It is not installed here.',
} as const;

const yes: Permission = { allowed: true, code: null, place: null, reason: null };

function no(code: Obstacle, place: string | null = null): Permission {
  return { allowed: false, code, place, reason: obstacles[code].replace('{place}', place ?? '') };
}
