/**
 * The road of a release that does not exist yet: when it could be in each environment, were it tagged now.
 *
 * What people have to bring (evidence, traffic, approvals) is taken as brought and told as needed; what time decides (soak, calendar) is
 * waited for; what would close a gate for good ends the road there.
 */
import type { Evidence, EvidenceKind } from '../evidence.ts';
import type { Approval } from './approval.ts';
import type { GateFacts } from './facts.ts';
import { evaluateGates } from './gates.ts';
import { spanOf } from './soak.ts';
import { isOpen, opensAtOf, type Verdict } from './verdict.ts';

export type Milestone = {
  readonly environment: string;
  /** The first instant at which it could start there; null when time alone does not bring it there. */
  readonly earliest: Temporal.Instant | null;
  /** What somebody has to bring until then, in words. */
  readonly needs: readonly string[];
  /** As they would be then. */
  readonly verdicts: readonly Verdict[];
};

const mostWaits = 20;

/** `facts` are those of each environment on the road, in their order, of a release like the one to come. */
export function roadOf(facts: readonly GateFacts[], from: Temporal.Instant): readonly Milestone[] {
  const milestones: Milestone[] = [];
  let at = from;
  let arrived = true;
  for (const [index, stage] of facts.entries()) {
    const reached = waitFor(supposed(stage, facts.slice(0, index), milestones, at), at);
    at = reached.at;
    arrived = arrived && reached.open;
    milestones.push({ environment: stage.environment, earliest: arrived ? at : null, needs: needsOf(stage), verdicts: reached.verdicts });
  }
  return milestones;
}

type Supposed = (now: Temporal.Instant) => GateFacts;

/** Goes from one instant at which time alone opens something to the next. */
function waitFor(supposedAt: Supposed, from: Temporal.Instant): { at: Temporal.Instant; open: boolean; verdicts: readonly Verdict[] } {
  let at = from;
  for (let waits = 0; ; waits += 1) {
    const verdicts = evaluateGates(supposedAt(at));
    const opensAt = opensAtOf(verdicts);
    if (isOpen(verdicts) || opensAt === null || waits === mostWaits) return { at, open: isOpen(verdicts), verdicts };
    at = Temporal.Instant.from(opensAt);
  }
}

/** The facts of a stage as they would be at an instant, with everything brought that people bring. */
function supposed(stage: GateFacts, below: readonly GateFacts[], milestones: readonly Milestone[], from: Temporal.Instant): Supposed {
  const { soak: wanted } = stage.settings;
  return (now) => {
    const before = milestones.findLast(({ environment }) => environment === stage.soak?.environment)?.earliest ?? from;
    const residedMs = now.epochMilliseconds - before.epochMilliseconds;
    return {
      ...stage,
      ...{ now, purpose: 'deploy', moment: 'before', revokedIn: {}, override: null },
      verifiedIn: below.map(({ environment }) => environment),
      soak:
        stage.soak === null
          ? null
          : { ...stage.soak, residedMs, resides: true, requests: wanted?.requests ?? 0, jobRuns: wanted?.jobRuns ?? 0 },
      evidence: kinds.map((kind) => brought(kind, now)),
      approvals: Array.from({ length: stage.settings.approvals }, (_, index) => given(stage, index, now)),
    };
  };
}

const kinds: readonly EvidenceKind[] = ['tests', 'quality', 'performance', 'scan', 'sbom', 'provenance', 'signature'];

function brought(kind: EvidenceKind, now: Temporal.Instant): Evidence {
  const at = now.toString();
  return {
    id: kind,
    releaseDigest: '',
    kind,
    outcome: 'passed',
    summary: 'supposed',
    findings: [],
    digest: null,
    recordedBy: '',
    recordedAt: at,
    expiresAt: null,
  };
}

function given({ planHash, environment, release }: GateFacts, index: number, now: Temporal.Instant): Approval {
  const { component, version, digest: releaseDigest } = release;
  return {
    ...{ id: `supposed-${index}`, component, version, releaseDigest, environment, planHash, requestedBy: '' },
    ...{ requestedAt: now.toString(), expiresAt: now.add({ hours: 1 }).toString() },
    decisions: [{ who: `somebody else (${index + 1})`, decision: 'approved', at: now.toString(), reason: null }],
  };
}

function needsOf({ settings, release, soak, change, incident }: GateFacts): readonly string[] {
  const { evidence, vulnerabilities } = settings;
  const made = [settings.signature ? 'a signature' : null, settings.provenance ? 'a provenance' : null];
  const kindsAsked = [...new Set([...evidence, ...(vulnerabilities === null ? [] : ['scan' as const])])];
  const needs = [
    ...kindsAsked.map((kind) => asked[kind]),
    ...made,
    settings.soak === null || soak === null ? null : soakNeeds(release.kind, settings.soak, soak.environment),
    change !== null && incident !== null ? null : approvalNeeds(settings.approvals, change !== null),
  ];
  return needs.filter((need) => need !== null);
}

const asked: Readonly<Record<'tests' | 'quality' | 'performance' | 'scan', string>> = {
  tests: 'tests that pass',
  quality: 'a look at its quality that passes',
  performance: 'a performance test that passes',
  scan: 'a scan that passes',
};

/** What its change will be nobody knows before it is there. */
function approvalNeeds(approvals: number, hasChange: boolean): string | null {
  if (approvals === 0) return null;
  const people = approvals === 1 ? 'the approval of another person' : `the approval of ${approvals} other people`;
  return hasChange ? `${people}, unless its change is standard` : people;
}

function soakNeeds(kind: GateFacts['release']['kind'], soak: NonNullable<GateFacts['settings']['soak']>, environment: string): string {
  const work = kind === 'Job' ? `${soak.jobRuns} successful runs` : `${soak.requests} requests`;
  return `${spanOf(soak.forMs)} and ${work} in ${environment}`;
}
