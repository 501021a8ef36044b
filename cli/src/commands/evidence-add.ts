/** `beluga evidence add`: records a fact about a release, read from the report of the program that found it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { EvidenceRequest, EvidenceView } from '@beluga/contract/evidence-schema';
import { type Command, Option } from 'commander';
import { whenCalled } from '../command.ts';
import { instantOf } from '../deployment/instant.ts';
import { releaseNamed } from '../deployment/release-name.ts';
import { CliError } from '../errors.ts';
import { type LayerStorey, type Report, readReport } from '../evidence/report.ts';
import { connect } from '../platform/home.ts';

type Options = {
  readonly kind: EvidenceRequest['kind'];
  readonly outcome?: EvidenceRequest['outcome'];
  readonly file?: string;
  readonly summary?: string;
  readonly expires?: string;
};
type Read = Report & { readonly digest: string | null };

const mostFindings = 5_000;

export function define(command: Command): void {
  command
    .argument('<release>', 'component@version, or the component for its newest release')
    .addOption(
      new Option('--kind <kind>', 'of what it is a fact').choices(['tests', 'quality', 'performance', 'scan']).makeOptionMandatory(),
    )
    .addOption(new Option('--outcome <outcome>', 'default: what the report says').choices(['passed', 'failed']))
    .option('--file <report>', 'JUnit XML; SARIF, CycloneDX or Trivy JSON; or any JSON, kept by its digest')
    .option('--summary <text>', 'one line for people; default: what the report says')
    .option('--expires <when>', 'from then on it proves nothing: 30d, 12h, or 2026-12-31T00:00:00Z; default: never');
  whenCalled<Options>(command, async (io, options, [release = '']) => {
    const platform = await connect(io.env);
    const named = await releaseNamed(platform, release);
    const { layers } = await platform.client.showRelease(named);
    const evidence = await platform.client.recordEvidence({ ...named, ...requestOf(options, await read(options, layers)) });
    io.show(evidence, () => wordsOf(evidence, `${named.component}@${named.version}`));
    return 0;
  });
}

async function read({ file, kind }: Options, layers: readonly LayerStorey[]): Promise<Read> {
  if (file === undefined) return { outcome: null, summary: null, findings: [], digest: null };
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new CliError('file-unreadable', { file, problem: error.code ?? error.message });
  });
  const report = readReport(kind, bytes.toString('utf8'), file, layers);
  if (report.findings.length > mostFindings)
    throw new CliError('report-unreadable', { file, problem: `it has more than ${mostFindings} findings` });
  return { ...report, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

function requestOf(options: Options, report: Read): EvidenceRequest {
  const { kind, file } = options;
  const outcome = options.outcome ?? report.outcome;
  if (outcome === null) throw new CliError('outcome-missing', { what: file ?? 'without a report' });
  if (kind === 'tests' && outcome === 'passed' && report.outcome === 'failed')
    throw new CliError('outcome-contradicted', { file: file ?? '', summary: report.summary ?? '' });
  return {
    ...{ kind, outcome, findings: [...report.findings] },
    summary: options.summary ?? report.summary ?? (file === undefined ? `${kind} ${outcome}` : basename(file)),
    ...(report.digest === null ? {} : { digest: report.digest }),
    ...(options.expires === undefined ? {} : { expiresAt: instantOf(options.expires, '--expires') }),
  };
}

function wordsOf(evidence: EvidenceView, release: string): string {
  const until = evidence.expiresAt === null ? '' : `, until ${evidence.expiresAt}`;
  return `${release}: ${evidence.kind} ${evidence.outcome}${until}\n  ${evidence.summary}`;
}
