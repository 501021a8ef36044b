import type { EvidenceView } from '@beluga/contract';
import { findRelease } from '../actions/find-release.ts';
import { listExposures } from '../actions/list-exposures.ts';
import { listSigningKeys } from '../actions/list-signing-keys.ts';
import { readSbom } from '../actions/read-sbom.ts';
import { type Evidence, listEvidence, recordEvidence } from '../actions/record-evidence.ts';
import { complianceOfRelease } from '../actions/show-compliance.ts';
import type { Router } from './route.ts';

export function evidenceRoutes(route: Router): void {
  route.serve('listEvidence', {
    act: ({ context, input }) => listEvidence(context, input),
    present: (evidence) => ({ items: evidence.map(presentEvidence) }),
  });
  route.serve('recordEvidence', {
    act: ({ context, who, input }) => recordEvidence(context, who, input),
    status: () => 201,
    present: presentEvidence,
  });
  route.serve('showCompliance', {
    act: async ({ context, input }) => complianceOfRelease(context, await findRelease(context, input.component, input.version)),
    present: (compliance) => (compliance === null ? { met: null, rules: [] } : { ...compliance, rules: [...compliance.rules] }),
  });
  route.serve('showSbom', { act: ({ context, input }) => readSbom(context, input), present: (sbom) => sbom });
  route.serve('listExposures', {
    act: ({ context, input }) => listExposures(context, input.what),
    present: (exposures) => ({ items: [...exposures] }),
  });
  route.serve('listSigningKeys', {
    act: ({ context }) => listSigningKeys(context),
    present: (keys) => ({ items: [...keys] }),
  });
}

function presentEvidence(evidence: Evidence): EvidenceView {
  return { ...evidence, findings: [...evidence.findings] };
}
