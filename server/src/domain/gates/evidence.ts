/** Required evidence: of each kind that an environment asks for, the newest one passed and has not expired. */
import type { Evidence, EvidenceKind } from '../evidence.ts';
import { type GateFacts, nameOf } from './facts.ts';
import { closed, opened, type Verdict } from './verdict.ts';

export function evidenceGate(facts: GateFacts): Verdict | null {
  const { evidence } = facts.settings;
  return evidence.length === 0 ? null : verdictOn('evidence', facts, evidence);
}

export function signatureGate(facts: GateFacts): Verdict | null {
  return facts.settings.signature ? verdictOn('signature', facts, ['signature']) : null;
}

export function provenanceGate(facts: GateFacts): Verdict | null {
  return facts.settings.provenance ? verdictOn('provenance', facts, ['provenance']) : null;
}

function verdictOn(gate: string, facts: GateFacts, kinds: readonly EvidenceKind[]): Verdict {
  const found = kinds.map((kind) => ({ kind, problem: problemOf(facts, kind) }));
  const wrong = found.filter(({ problem }) => problem !== null);
  if (wrong.length === 0) return opened(gate, `${nameOf(facts)} has ${kinds.join(', ')}.`);
  const reason = `${nameOf(facts)} lacks evidence: ${wrong.map(({ problem }) => problem).join('; ')}.`;
  const made = kinds.every((kind) => kind === 'signature' || kind === 'provenance');
  const remedy = made
    ? 'Release it again with `beluga release`, which signs what it registers.'
    : `Run them in the pipeline and record them with \`beluga evidence add\`: ${wrong.map(({ kind }) => kind).join(', ')}.`;
  return closed(gate, reason, remedy, "the component's pipeline");
}

function problemOf({ evidence, now }: GateFacts, kind: EvidenceKind): string | null {
  const newest = newestOf(evidence, kind);
  if (newest === undefined) return `no ${kind}`;
  if (newest.outcome === 'failed') return `${kind} failed (${newest.summary})`;
  const expired = newest.expiresAt !== null && Temporal.Instant.compare(Temporal.Instant.from(newest.expiresAt), now) <= 0;
  return expired ? `${kind} expired on ${newest.expiresAt?.slice(0, 10)}` : null;
}

/** The newest of a kind; they come newest first. */
export function newestOf(evidence: readonly Evidence[], kind: EvidenceKind): Evidence | undefined {
  return evidence.find((one) => one.kind === kind);
}
