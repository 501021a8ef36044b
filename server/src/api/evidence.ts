import type { EvidenceView } from '@beluga/contract';
import { type Evidence, listEvidence, recordEvidence } from '../actions/record-evidence.ts';
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
}

function presentEvidence(evidence: Evidence): EvidenceView {
  return { ...evidence, findings: [...evidence.findings] };
}
