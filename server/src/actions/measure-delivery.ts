/** The measures of delivery of an environment, of all systems or of one. */
import { type Measures, measuresOf } from '../domain/measures/measures.ts';
import { stamp } from '../domain/stamp.ts';
import type { Context } from './context.ts';
import { findEnvironment } from './find-release.ts';

export type MeasureWish = {
  readonly environment?: string | undefined;
  readonly system?: string | undefined;
  readonly days?: number | undefined;
};
export type Measured = Measures & { readonly environment: string; readonly from: string; readonly to: string };

/** Of the last environment and the last 30 days unless said. */
export async function measureDelivery(context: Context, { environment, system, days = 30 }: MeasureWish): Promise<Measured> {
  const where = environment ?? context.environments.at(-1) ?? '';
  findEnvironment(context, where);
  const to = context.now();
  const from = to.subtract({ hours: days * 24 });
  const attempts = await context.store.views.attempts({ environment: where, system, from: stamp(from) });
  return { ...measuresOf(attempts, { from, to }), environment: where, from: stamp(from), to: stamp(to) };
}
