/** The computed risk of a change: points for facts, each with its reason, so that a figure can be argued with. */
import type { Criticality } from '../release.ts';
import type { Neighbour } from './change.ts';
import type { Delta } from './delta.ts';

export type RiskReason = { readonly points: number; readonly reason: string };
export type Risk = { readonly level: 'low' | 'medium' | 'high'; readonly points: number; readonly reasons: readonly RiskReason[] };

export type RiskFacts = {
  readonly criticality: Criticality;
  readonly formerVersion: string | null;
  readonly delta: Delta;
  readonly neighbours: readonly Neighbour[];
  /** How many of the last installations of this component here did not succeed, and how many there were. */
  readonly recent: { readonly failed: number; readonly all: number };
};

/** At most so many points are low, at most so many medium. */
const bounds = { low: 3, medium: 6 };
const manyCommits = 30;

const rules: readonly ((facts: RiskFacts) => RiskReason | null)[] = [
  ({ criticality }) =>
    criticality === 'critical' || criticality === 'high'
      ? point(criticality === 'critical' ? 2 : 1, `it is of ${criticality} criticality`)
      : null,
  ({ formerVersion }) => (formerVersion === null ? point(2, 'it was never installed here') : null),
  ({ neighbours }) => {
    const many = neighbours.length;
    if (many < 5) return null;
    return point(many < 20 ? 1 : 2, `${many} components depend on it`);
  },
  // What comes for the first time changes nothing: that it does is counted above.
  ({ formerVersion, delta }) =>
    formerVersion !== null && delta.configuration.some(({ origin }) => origin !== 'secret') ? point(1, 'its configuration changes') : null,
  ({ formerVersion, delta }) =>
    formerVersion !== null && delta.configuration.some(({ origin }) => origin === 'secret') ? point(1, 'its secrets change') : null,
  ({ formerVersion, delta }) => {
    if (formerVersion === null) return null;
    const below = delta.layers.filter(({ storey, added }) => added > 0 && (storey === 'vendor' || storey === 'socle'));
    return below.length === 0
      ? null
      : point(1, `its ${below.map(({ storey }) => (storey === 'vendor' ? 'vendor base' : storey)).join(' and ')} changes`);
  },
  ({ delta }) => {
    const worse = delta.vulnerabilities.added.filter(({ severity }) => severity === 'critical' || severity === 'high');
    return worse.length === 0
      ? null
      : point(3, `it brings ${counted(worse.length, 'critical or high vulnerability', 'critical or high vulnerabilities')}`);
  },
  ({ delta }) => (delta.commits.some(({ breaking }) => breaking) ? point(2, 'a commit says that it breaks something') : null),
  ({ delta }) => (delta.commits.length > manyCommits ? point(1, `it carries ${delta.commits.length} commits`) : null),
  ({ recent }) =>
    recent.failed > 0
      ? point(2, `${recent.failed} of its last ${counted(recent.all, 'installation', 'installations')} did not succeed`)
      : null,
];

export function riskOf(facts: RiskFacts): Risk {
  const reasons = rules.map((rule) => rule(facts)).filter((reason) => reason !== null);
  const points = reasons.reduce((sum, reason) => sum + reason.points, 0);
  return { level: points <= bounds.low ? 'low' : points <= bounds.medium ? 'medium' : 'high', points, reasons };
}

function point(points: number, reason: string): RiskReason {
  return { points, reason };
}

function counted(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}
