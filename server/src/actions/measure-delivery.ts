/** The measures of delivery of an environment, of all systems or of one. */
import { figuresOf, type Measures, measuresOf, slicesOf } from '../domain/measures/measures.ts';
import { stamp } from '../domain/stamp.ts';
import type { Context } from './context.ts';
import { findEnvironment } from './find-release.ts';

export type MeasureWish = {
  readonly environment?: string | undefined;
  readonly system?: string | undefined;
  readonly days?: number | undefined;
  /** Into how many equal parts the time is cut, to see how it goes; default: 1. */
  readonly slices?: number | undefined;
};
type Slice = Pick<Measures, 'installations' | 'figures'> & { readonly from: string; readonly to: string };
export type Measured = Measures & {
  readonly environment: string;
  readonly from: string;
  readonly to: string;
  readonly slices: readonly Slice[];
};

/** Of the last environment and the last 30 days unless said. */
export async function measureDelivery(context: Context, { environment, system, days = 30, slices = 1 }: MeasureWish): Promise<Measured> {
  const where = environment ?? context.environments.at(-1) ?? '';
  findEnvironment(context, where);
  const to = context.now();
  const from = to.subtract({ hours: days * 24 });
  const attempts = await context.store.views.attempts({ environment: where, system, from: stamp(from) });
  const parts = slicesOf({ from, to }, slices).map((part) => {
    return { from: stamp(part.from), to: stamp(part.to), ...figuresOf(attempts, part) };
  });
  return { ...measuresOf(attempts, { from, to }), environment: where, from: stamp(from), to: stamp(to), slices: parts };
}
