/** What new evidence takes away from a release that was verified before. */
import type { Evidence } from '../evidence.ts';
import type { Exemption } from '../platform.ts';
import { countedFindings } from './vulnerabilities.ts';

/** Why the verifications of the release no longer hold; null when they do. */
export function revocationOf(
  evidence: Evidence,
  exemptions: readonly Exemption[],
  component: string,
  today: Temporal.PlainDate,
): string | null {
  if (evidence.kind === 'scan') {
    const critical = countedFindings(evidence.findings, exemptions, component, today).filter(({ severity }) => severity === 'critical');
    const names = [...new Set(critical.map(({ id }) => id))];
    return names.length === 0 ? null : `a scan found ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' and more' : ''}, critical.`;
  }
  const isTest = evidence.kind === 'tests' || evidence.kind === 'quality' || evidence.kind === 'performance';
  return isTest && evidence.outcome === 'failed' ? `its ${evidence.kind} failed (${evidence.summary}).` : null;
}
