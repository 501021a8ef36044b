/** What a report says, whatever program wrote it: JUnit XML, SARIF, Trivy's JSON, CycloneDX with vulnerabilities, or any other JSON. */
import type { FindingView } from '@beluga/contract/evidence-schema';
import { CliError } from '../errors.ts';
import { cyclonedxFindings } from './cyclonedx.ts';
import { readJunit } from './junit.ts';
import { sarifFindings } from './sarif.ts';
import { trivyFindings } from './trivy.ts';

/** `outcome` and `summary` are null where the report does not tell: the person must. */
export type Report = {
  readonly outcome: 'passed' | 'failed' | null;
  readonly summary: string | null;
  readonly findings: readonly FindingView[];
};
export type Json = Readonly<Record<string, unknown>>;
export type LayerStorey = { readonly digest: string; readonly storey: FindingView['storey'] };

const formats: readonly {
  readonly fits: (json: Json) => boolean;
  readonly read: (json: Json, layers: readonly LayerStorey[]) => FindingView[];
}[] = [
  { fits: (json) => Array.isArray(json['runs']) && typeof json['version'] === 'string', read: sarifFindings },
  { fits: (json) => json['bomFormat'] === 'CycloneDX', read: cyclonedxFindings },
  { fits: (json) => json['SchemaVersion'] !== undefined && ('Results' in json || 'ArtifactName' in json), read: trivyFindings },
];

/** Throws `report-unreadable`. `layers` are those of the release, to say in which storey a finding stands. */
export function readReport(kind: string, text: string, file: string, layers: readonly LayerStorey[]): Report {
  if (/^\s*</.test(text.replace(/^\uFEFF/, ''))) return readJunit(text, file);
  const json = parse(text, file);
  const format = formats.find(({ fits }) => fits(json));
  if (format === undefined) return unknownFormat(kind, file);
  const findings = format.read(json, layers);
  const grave = findings.some(({ severity }) => severity === 'critical' || severity === 'high');
  return { outcome: grave ? 'failed' : 'passed', summary: summaryOf(findings), findings };
}

/** A scan whose report nobody can read would say "nothing found"; of other kinds any JSON is kept by its digest. */
function unknownFormat(kind: string, file: string): Report {
  if (kind !== 'scan') return { outcome: null, summary: null, findings: [] };
  throw new CliError('report-unreadable', { file, problem: 'it is neither SARIF, nor CycloneDX, nor the JSON of Trivy' });
}

function parse(text: string, file: string): Json {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof value === 'object' && value !== null) return value as Json;
  } catch (error) {
    throw new CliError(
      'report-unreadable',
      { file, problem: `it is neither JSON nor XML (${(error as Error).message})` },
      { cause: error },
    );
  }
  throw new CliError('report-unreadable', { file, problem: 'it holds no JSON object' });
}

function summaryOf(findings: readonly FindingView[]): string {
  const counted = (['critical', 'high', 'medium', 'low'] as const)
    .map((severity) => ({ severity, count: findings.filter((found) => found.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}`);
  return counted.length === 0 ? 'nothing found' : `${findings.length} found: ${counted.join(', ')}`;
}
