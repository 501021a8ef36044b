/** Known vulnerabilities: at most as many as the environment bears, by severity, beside those that are exempted for a time. */
import type { Finding } from '../evidence.ts';
import type { Exemption, Severity } from '../platform.ts';
import { newestOf } from './evidence.ts';
import { type GateFacts, nameOf } from './facts.ts';
import { closed, opened, type Verdict } from './verdict.ts';

const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

export function vulnerabilityGate(facts: GateFacts): Verdict | null {
  const { vulnerabilities } = facts.settings;
  if (vulnerabilities === null) return null;
  const scan = newestOf(facts.evidence, 'scan');
  if (scan === undefined) {
    const remedy = 'Scan the image in the pipeline and record it with `beluga evidence add`.';
    return closed('vulnerabilities', `${nameOf(facts)} was never scanned.`, remedy, "the component's pipeline");
  }
  const today = facts.now.toZonedDateTimeISO(facts.calendar.timeZone).toPlainDate();
  const counted = countedFindings(scan.findings, facts.exemptions, facts.release.component, today);
  const over = severities.filter((severity) => countOf(counted, severity) > (vulnerabilities[severity] ?? Infinity));
  const exempted = scan.findings.length - counted.length;
  if (over.length === 0)
    return opened('vulnerabilities', `${nameOf(facts)} has no more than is borne${exempted > 0 ? `; ${exempted} are exempted` : ''}.`);
  const reasons = over.map((severity) => sentenceOf(counted, severity, vulnerabilities[severity] ?? 0));
  const remedy =
    'Update what has them, `beluga socle rebase` when it is the socle, or let security exempt them for a time in platform.yaml.';
  return closed('vulnerabilities', `${nameOf(facts)} has ${reasons.join('; ')}.`, remedy, 'the team of the component, or security');
}

/** Those that no exemption covers on that day. */
export function countedFindings(
  findings: readonly Finding[],
  exemptions: readonly Exemption[],
  component: string,
  today: Temporal.PlainDate,
): readonly Finding[] {
  const holding = exemptions.filter(
    ({ components, until }) => (components?.includes(component) ?? true) && Temporal.PlainDate.compare(today, until) <= 0,
  );
  return findings.filter(({ id }) => !holding.some(({ vulnerability }) => vulnerability === id));
}

function countOf(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

function sentenceOf(findings: readonly Finding[], severity: Severity, borne: number): string {
  const names = [...new Set(findings.filter((finding) => finding.severity === severity).map(({ id }) => id))];
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ' …' : '');
  return `${countOf(findings, severity)} ${severity} where ${borne} are borne (${shown})`;
}
