/** SARIF 2.1.0: one finding for each rule and place; suppressed results and passed ones are none. */
import type { FindingView } from '@beluga/contract/evidence-schema';
import { at, listIn, textIn } from './json.ts';
import type { Json } from './report.ts';
import { severityOf, severityOfScore } from './severity.ts';

export function sarifFindings(json: Json): FindingView[] {
  const found = new Map<string, FindingView>();
  for (const run of listIn(json, 'runs')) {
    const rules = new Map(rulesOf(run).map((rule) => [textIn(rule, 'id'), rule]));
    for (const result of listIn(run, 'results').filter(counts)) {
      const finding = findingOf(result, rules);
      found.set(`${finding.id}\0${finding.package}`, finding);
    }
  }
  return [...found.values()];
}

function rulesOf(run: Json): readonly Json[] {
  return [
    ...listIn(run, 'tool', 'driver', 'rules'),
    ...listIn(run, 'tool', 'extensions').flatMap((extension) => listIn(extension, 'rules')),
  ];
}

/** A suppression that was not accepted suppresses nothing (SARIF 2.1.0, 3.35.3). */
function counts(result: Json): boolean {
  const kind = textIn(result, 'kind') ?? 'fail';
  const accepted = listIn(result, 'suppressions').some((one) => (textIn(one, 'status') ?? 'accepted') === 'accepted');
  return !accepted && (kind === 'fail' || kind === 'open' || kind === 'review');
}

function findingOf(result: Json, rules: ReadonlyMap<string | null, Json>): FindingView {
  const id = textIn(result, 'ruleId') ?? textIn(result, 'rule', 'id') ?? 'unnamed';
  const rule = rules.get(id);
  const score = Number(at(rule, ['properties', 'security-severity']) ?? at(result, ['properties', 'security-severity']));
  const level = textIn(result, 'level') ?? textIn(rule, 'defaultConfiguration', 'level') ?? 'warning';
  const place = textIn(listIn(result, 'locations')[0], 'physicalLocation', 'artifactLocation', 'uri');
  return {
    id: id.slice(0, 200),
    severity: severityOfScore(score) ?? severityOf(level),
    package: (place ?? 'unknown').slice(0, 500),
    storey: null,
  };
}
