/** What a component did and used over a time, in as many parts as can be drawn. */
import type { Sample } from '../domain/sample.ts';
import { stamp } from '../domain/stamp.ts';
import type { Context } from './context.ts';
import { findComponent, findEnvironment } from './find-release.ts';

export type SamplesWish = {
  readonly component: string;
  readonly environment: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};
export type Samples = { readonly from: string; readonly to: string; readonly stepSeconds: number; readonly items: readonly Sample[] };

const mostParts = 240;
/** As often as the loop looks. */
const fewestSeconds = 15;

export async function readSamples(context: Context, { component, environment, from, to }: SamplesWish): Promise<Samples> {
  findEnvironment(context, environment);
  await findComponent(context, component);
  const until = to === undefined ? context.now() : Temporal.Instant.from(to);
  const since = from === undefined ? until.subtract({ hours: 1 }) : Temporal.Instant.from(from);
  const seconds = Math.max(0, (until.epochMilliseconds - since.epochMilliseconds) / 1000);
  const stepSeconds = Math.max(fewestSeconds, Math.ceil(seconds / mostParts));
  const span = { from: stamp(since), to: stamp(until), stepSeconds };
  return { ...span, items: await context.store.samples.of({ component, environment, ...span }) };
}
