/** A change in words for a terminal: a heading, then its facts, section by section; an empty section says that it is empty. */
import type { ChangeView } from '@beluga/contract/change-schema';
import { plainText, sizeOf } from '../output/text.ts';

type Facts = ChangeView['facts'];
type Section = { readonly title: string; readonly lines: readonly string[] };

/** Longer lists are cut, with what was left out. */
const most = 30;

export function wordsOfChange(change: ChangeView): string {
  const { facts } = change;
  const sections: readonly Section[] = [
    { title: 'Why it is of this kind', lines: facts.conditions.map(({ met, reason }) => `${met ? 'yes' : 'no '}  ${reason}`) },
    { title: whatTitle(facts), lines: whatOf(facts) },
    { title: 'Blast radius', lines: radiusOf(facts) },
    {
      title: 'Conflicts with open changes',
      lines: facts.conflicts.map(({ change: id, component, version, relation }) => `${id}  ${component}@${version}: ${relation}`),
    },
    { title: 'Gates', lines: facts.verdicts.map(({ gate, verdict, reason }) => `${verdict.padEnd(7)} ${gate}: ${reason}`) },
    { title: `Plan ${facts.plan.hash}`, lines: facts.plan.steps },
    { title: 'Rollback plan', lines: rollbackOf(facts) },
    { title: 'Evidence', lines: evidenceOf(facts) },
    { title: 'Approvals', lines: approvalsOf(facts) },
    { title: 'Times', lines: timesOf(change) },
    { title: 'Ledger', lines: ledgerOf(change) },
  ];
  return [...headOf(change), ...sections.flatMap(({ title, lines }) => ['', title, ...listed(lines)])].map(plainText).join('\n');
}

function approvalsOf({ approvals, override }: Facts): readonly string[] {
  const said = approvals.map(({ who, decision, at, reason }) => `${decision} by ${who} at ${at}${reason === null ? '' : `: ${reason}`}`);
  if (override === null) return said;
  const { id, reason, requestedBy, approvedBy } = override;
  return [...said, `override ${id}, asked for by ${requestedBy}, approved by ${approvedBy ?? 'nobody'}: ${reason}`];
}

function listed(lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return ['  none'];
  const shown = lines.slice(0, most).map((line) => `  ${line}`);
  return lines.length > most ? [...shown, `  and ${lines.length - most} more: --output json shows all`] : shown;
}

function headOf(change: ChangeView): readonly string[] {
  const { facts, closure, state, kind } = change;
  const former = facts.formerVersion === null ? 'for the first time' : `in place of ${facts.formerVersion}`;
  const risk = facts.risk.reasons.map(({ reason, points }) => `${reason} (${points})`).join('; ');
  return [
    `${change.id}  ${facts.component}@${facts.version} to ${facts.environment}, ${former}`,
    `  ${kind} change, ${closure === null ? state : `${state}: ${closure}`}${change.reviewDue ? '; a review is due' : ''}`,
    ...(change.note === null ? [] : [`  ${change.note}`]),
    `  risk ${facts.risk.level}, ${facts.risk.points} points${risk === '' ? '' : `: ${risk}`}`,
    `  system ${facts.system}, criticality ${facts.criticality}${facts.team === null ? '' : `, team ${facts.team}`}`,
    `  asked for by ${facts.requestedBy}${facts.incident === null ? '' : `, for incident ${facts.incident}`}; deployment ${change.deployment}`,
    ...(change.review === null ? [] : [`  reviewed by ${change.review.by}: ${change.review.note}`]),
  ];
}

function whatTitle({ delta }: Facts): string {
  return delta.direction === 'back' ? 'What goes away again' : 'What changes';
}

function whatOf({ delta }: Facts): readonly string[] {
  const { commits, tickets, layers, configuration, packages, vulnerabilities } = delta;
  return [
    ...commits.map(
      ({ id, topic, scope, title, breaking }) =>
        `${id.slice(0, 8)}  ${topic}${scope === null ? '' : ` (${scope})`}${breaking ? ', breaking' : ''}: ${title}`,
    ),
    ...(tickets.length === 0 ? [] : [`tickets ${tickets.join(', ')}`]),
    ...layers.map(({ storey, added, removed, addedBytes }) => `layers of ${storey}: ${added} in (${sizeOf(addedBytes)}), ${removed} out`),
    ...configuration.map((entry) => `${entry.origin} ${entry.name} ${entry.change}${valuesOf(entry)}`),
    ...packagesOf(packages),
    ...vulnerabilities.added.map(({ id, severity, package: name }) => `brings ${id} (${severity}) in ${name}`),
    ...vulnerabilities.removed.map(({ id, severity, package: name }) => `removes ${id} (${severity}) in ${name}`),
    ...(vulnerabilities.scanned ? [] : ['vulnerabilities: not known, no scan of both releases']),
  ];
}

const mostPackages = 8;

function packagesOf(packages: Facts['delta']['packages']): readonly string[] {
  if (packages?.known !== true) return ['packages: not known, no list of both images'];
  const shown = packages.changes.slice(0, mostPackages);
  const lines = shown.map(({ package: name, before, after }) => `package ${name}: ${before ?? 'not there'} -> ${after ?? 'gone'}`);
  const more = packages.count - shown.length;
  return more === 0 ? lines : [...lines, `and ${more} more packages`];
}

function valuesOf({ before, after }: Facts['delta']['configuration'][number]): string {
  if (before === null && after === null) return ' (value not shown)';
  return `: ${before ?? 'nothing'} -> ${after ?? 'nothing'}`;
}

function radiusOf({ neighbours }: Facts): readonly string[] {
  return neighbours.map(
    ({ component, system, criticality, distance }) =>
      `${component} (${system}, ${criticality})${distance === 1 ? '' : `, ${distance} steps away`}`,
  );
}

function rollbackOf({ rollback }: Facts): readonly string[] {
  const proof = { rehearsed: 'rehearsed', available: 'available', none: 'not proven' }[rollback.proof];
  return [`${proof}: ${rollback.reason}`, ...rollback.steps];
}

function evidenceOf({ verifications, evidence }: Facts): readonly string[] {
  return [
    ...verifications.map(({ environment, deployment, at }) => `verified in ${environment} at ${at} by ${deployment}`),
    ...evidence.map(({ kind, outcome, summary, recordedAt }) => `${kind} ${outcome}: ${summary} (${recordedAt})`),
  ];
}

const states = ['new', 'assessed', 'authorised', 'scheduled', 'implementing', 'reviewing', 'closed', 'cancelled'];

function timesOf({ times }: ChangeView): readonly string[] {
  return states.flatMap((state) => (times[state] === undefined ? [] : [`${times[state]}  ${state}`]));
}

function ledgerOf({ ledger }: ChangeView): readonly string[] {
  if (ledger === null) return [];
  const { sent, failed, longestGapMs, p99Ms } = ledger;
  return [`${sent} requests sent, ${failed} failed, longest gap ${longestGapMs} ms, p99 ${p99Ms} ms`];
}
