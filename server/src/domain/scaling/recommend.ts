/**
 * How many instances one target asks for: the algorithm of the Kubernetes HorizontalPodAutoscaler (kubernetes.io, "Horizontal Pod
 * Autoscaling", "Algorithm details").
 *
 *   wanted = ceil(current × value / target), unless value / target is within 0.1 of 1
 *
 * An instance without a sample counts as using its whole target when fewer would be wanted and as using nothing when more would; one that
 * is not ready counts as using nothing when more would. If with them the ratio turns round or comes near 1, nothing changes.
 */
const tolerance = 0.1;

export type Sample =
  /** In the unit of the target. */
  | { readonly state: 'measured'; readonly value: number }
  /** It serves, and nothing was measured of it. */
  | { readonly state: 'missing' }
  /** It does not serve yet, so that what it uses says nothing. */
  | { readonly state: 'unready' };

export type Recommendation = {
  readonly wanted: number;
  /** Of what was measured, a mean an instance; null when nothing was, and `wanted` is the current number then. */
  readonly mean: number | null;
};

export function recommend(samples: readonly Sample[], target: number, current: number): Recommendation {
  const values = samples.flatMap((sample) => (sample.state === 'measured' ? [sample.value] : []));
  if (values.length === 0) return { wanted: current, mean: null };
  const total = values.reduce((sum, value) => sum + value, 0);
  const mean = total / values.length;
  const ratio = round(mean / target);
  const missing = count(samples, 'missing');
  const unready = ratio > 1 ? count(samples, 'unready') : 0;
  if (missing + unready === 0) return { wanted: isNear(ratio) ? current : Math.ceil(round(ratio * values.length)), mean };
  const members = values.length + missing + unready;
  const careful = round((total + (ratio < 1 ? missing * target : 0)) / target / members);
  const turned = ratio < 1 ? careful > 1 : careful < 1;
  if (isNear(careful) || turned) return { wanted: current, mean };
  const wanted = Math.ceil(round(careful * members));
  return { wanted: careful < 1 ? Math.min(wanted, current) : Math.max(wanted, current), mean };
}

function isNear(ratio: number): boolean {
  return Math.abs(round(ratio - 1)) <= tolerance;
}

/** What floating point adds is no instance more. */
function round(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}

function count(samples: readonly Sample[], state: Sample['state']): number {
  return samples.filter((sample) => sample.state === state).length;
}
