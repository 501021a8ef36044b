/** `beluga release show`: one release, what was recorded about it, and whether its image conforms. */
import type { ReleaseView } from '@beluga/contract/api-schema';
import type { ComplianceView, EvidenceView } from '@beluga/contract/evidence-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { releaseNamed } from '../deployment/release-name.ts';
import { sizeOf } from '../output/text.ts';
import { connect } from '../platform/home.ts';

type Shown = { readonly release: ReleaseView; readonly compliance: ComplianceView; readonly evidence: readonly EvidenceView[] };

export function define(command: Command): void {
  command.argument('<release>', 'component@version, or the component for its newest release');
  whenCalled(command, async (io, _options, [name = '']) => {
    const platform = await connect(io.env);
    const named = await releaseNamed(platform, name);
    const [release, compliance, { items: evidence }] = await Promise.all([
      platform.client.showRelease(named),
      platform.client.showCompliance(named),
      platform.client.listEvidence(named),
    ]);
    io.show({ ...release, compliance, evidence }, () => wordsOf({ release, compliance, evidence }));
    return 0;
  });
}

function wordsOf({ release, compliance, evidence }: Shown): string {
  const { component, version, digest, image, layers, commit, createdAt, createdBy } = release;
  const rules = compliance.rules.map(({ rule, met, sentence }) => `  ${met ? 'met    ' : 'not met'}  ${rule.padEnd(10)}  ${sentence}`);
  const facts = newestOf(evidence).map(({ kind, outcome, summary }) => `  ${outcome}  ${kind.padEnd(11)}  ${summary}`);
  return [
    `${component}@${version}`,
    `  release     ${digest}`,
    `  image       ${image}`,
    `  commit      ${commit === null ? '-' : `${commit.id.slice(0, 8)} ${commit.subject}`}`,
    `  registered  ${createdAt} by ${createdBy}`,
    ...layers.map(({ storey, sizeBytes, digest: layer }) => `  ${storey.padEnd(14)}${layer} ${sizeOf(sizeBytes)}`),
    `Compliance: ${compliance.met === null ? 'not looked into' : compliance.met ? 'met' : 'not met'}`,
    ...rules,
    `Evidence${facts.length === 0 ? ': none' : ''}`,
    ...facts,
  ].join('\n');
}

/** Of each kind the newest; they come newest first. */
function newestOf(evidence: readonly EvidenceView[]): readonly EvidenceView[] {
  return [...new Map(evidence.toReversed().map((one) => [one.kind, one])).values()];
}
