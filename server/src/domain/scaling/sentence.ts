/** A decision of the scaling in one sentence: what was measured, what is wanted, and what kept the number from it. */
import type { Replicas, Scaling } from '../release.ts';
import type { Asked, TargetName } from './decide.ts';

export type Decided = {
  readonly current: number;
  /** What the targets ask for, then what the windows leave of it, then what the limit on growth does, then the decision. */
  readonly raw: number;
  readonly stable: number;
  readonly paced: number;
  readonly wanted: number;
  readonly strongest: Asked | null;
  readonly blind: readonly Asked[];
  readonly replicas: Replicas;
  readonly scaling: Scaling;
};

export function decisionSentence(decided: Decided): string {
  const { current, wanted, strongest } = decided;
  const mean = strongest?.mean ?? null;
  const why = strongest === null || mean === null ? 'nothing could be measured' : measured(strongest.name, strongest.target, mean);
  const head = wanted === current ? `Stays at ${wanted}` : `From ${current} to ${wanted}`;
  return `${head}: ${why}${limit(decided)}.`;
}

function measured(name: TargetName, target: number, mean: number): string {
  const value = Math.round(mean * 10) / 10;
  switch (name) {
    case 'cpu':
      return `CPU is at ${Math.round(mean)} % of its limit and ${target} % is wanted`;
    case 'memory':
      return `memory is at ${Math.round(mean)} % of its limit and ${target} % is wanted`;
    case 'requests':
      return `each instance gets ${value} requests a second and ${target} are wanted`;
    case 'concurrency':
      return `each instance has ${value} requests in flight and ${target} are wanted`;
  }
}

function limit({ current, raw, stable, paced, wanted, strongest, blind, replicas, scaling }: Decided): string {
  if (blind.length > 0 && (strongest?.wanted ?? current) < current)
    return `; without a measure of ${blind.map(({ name }) => name).join(' and ')} it does not shrink`;
  if (wanted < paced) return `; it would need ${paced}, and ${replicas.max} is the most`;
  if (wanted > paced) return `; ${replicas.min} is the fewest`;
  if (paced < stable) return `; it needs ${stable}, and grows by at most the double or four in 15 s`;
  if (raw < stable) return `; it needs ${raw}, and shrinks when it needed no more for ${scaling.downAfterMs / 1000} s`;
  if (raw > stable) return `; it needs ${raw}, and grows when it needed as many for ${scaling.upAfterMs / 1000} s`;
  return '';
}
