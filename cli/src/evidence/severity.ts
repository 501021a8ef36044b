/** The severities that programs write, as the four that Beluga knows. What nobody rated is not called low. */
import type { FindingView } from '@beluga/contract/evidence-schema';

type Severity = FindingView['severity'];

const words: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  high: 'high',
  error: 'high',
  medium: 'medium',
  moderate: 'medium',
  warning: 'medium',
  low: 'low',
  negligible: 'low',
  info: 'low',
  note: 'low',
  none: 'low',
};

export function severityOf(word: string | null): Severity {
  return words[(word ?? '').toLowerCase()] ?? 'medium';
}

/** The qualitative rating of CVSS 3.1 and 4.0; null for what is no score. */
export function severityOfScore(score: number): Severity | null {
  if (!Number.isFinite(score) || score < 0 || score > 10) return null;
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
}

/** The gravest of some. */
export function gravest(severities: readonly Severity[]): Severity | null {
  return (['critical', 'high', 'medium', 'low'] as const).find((one) => severities.includes(one)) ?? null;
}
