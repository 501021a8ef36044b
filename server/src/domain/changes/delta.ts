/** What changes between the release that runs in an environment and the one that is installed: commits, tickets, layers, configuration. */
import type { CommitMessage } from '../commit.ts';
import type { Evidence, Finding } from '../evidence.ts';
import type { Release, Storey } from '../release.ts';
import { type Workload, workloadOf } from '../workload.ts';
import { type ConfigurationChange, configurationDelta } from './configuration.ts';
import { type ReadCommit, readCommit } from './conventional-commit.ts';
import { type Differing, type PackageDelta, packageDelta } from './packages.ts';

export type LayerChange = { readonly storey: Storey; readonly added: number; readonly removed: number; readonly addedBytes: number };
export type Vulnerability = Pick<Finding, 'id' | 'severity' | 'package'>;

export type Delta = {
  /** `back`: an older release is installed, and what is listed goes away. */
  readonly direction: 'forward' | 'back';
  readonly commits: readonly ReadCommit[];
  readonly tickets: readonly string[];
  readonly layers: readonly LayerChange[];
  readonly configuration: readonly ConfigurationChange[];
  /** Of the SBOMs; absent in changes that are older than it. */
  readonly packages?: PackageDelta;
  /** Known from the last scan of each release; `scanned` says whether both were scanned. */
  readonly vulnerabilities: {
    readonly scanned: boolean;
    readonly added: readonly Vulnerability[];
    readonly removed: readonly Vulnerability[];
  };
};

type Described = Release & { readonly createdAt: string };

export type DeltaFacts = {
  readonly environment: string;
  readonly former: Described | null;
  readonly release: Described;
  /** The commits of every release after the older of the two up to the newer. */
  readonly commits: readonly CommitMessage[];
  /** What differs between the lists of packages; null where one is not known. */
  readonly packages: Differing | null;
  readonly formerEvidence: readonly Evidence[];
  readonly evidence: readonly Evidence[];
  readonly hash: (text: string) => string;
};

export function deltaOf(facts: DeltaFacts): Delta {
  const { former, release, environment, hash } = facts;
  const commits = [...new Map(facts.commits.map((commit) => [commit.id, commit])).values()].map(readCommit);
  const workload = (one: Release): Workload => workloadOf(one, environment, hash);
  return {
    direction: former !== null && former.createdAt > release.createdAt ? 'back' : 'forward',
    commits,
    tickets: [...new Set(commits.flatMap(({ tickets }) => tickets))],
    layers: layersBetween(former, release),
    configuration: configurationDelta(former === null ? null : workload(former), workload(release)),
    packages: packageDelta(facts.packages),
    vulnerabilities: vulnerabilitiesBetween(former === null ? null : facts.formerEvidence, facts.evidence),
  };
}

const storeys: readonly Storey[] = ['vendor', 'socle', 'dependencies', 'application'];

function layersBetween(former: Release | null, release: Release): readonly LayerChange[] {
  const had = new Set((former?.layers ?? []).map(({ digest }) => digest));
  const has = new Set(release.layers.map(({ digest }) => digest));
  return storeys.flatMap((storey) => {
    const added = release.layers.filter((layer) => layer.storey === storey && !had.has(layer.digest));
    const removed = (former?.layers ?? []).filter((layer) => layer.storey === storey && !has.has(layer.digest));
    if (added.length + removed.length === 0) return [];
    return [{ storey, added: added.length, removed: removed.length, addedBytes: added.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) }];
  });
}

function vulnerabilitiesBetween(former: readonly Evidence[] | null, evidence: readonly Evidence[]): Delta['vulnerabilities'] {
  const before = former === null ? [] : lastScan(former);
  const after = lastScan(evidence);
  if (before === null || after === null) return { scanned: false, added: [], removed: [] };
  const name = (one: Vulnerability): string => `${one.id} ${one.package}`;
  const had = new Set(before.map(name));
  const has = new Set(after.map(name));
  return { scanned: true, added: after.filter((one) => !had.has(name(one))), removed: before.filter((one) => !has.has(name(one))) };
}

/** The findings of the newest scan; null without one. */
function lastScan(evidence: readonly Evidence[]): readonly Vulnerability[] | null {
  const scans = evidence.filter(({ kind }) => kind === 'scan').toSorted((a, b) => (a.recordedAt < b.recordedAt ? 1 : -1));
  return scans[0]?.findings.map(({ id, severity, package: name }) => ({ id, severity, package: name })) ?? null;
}
