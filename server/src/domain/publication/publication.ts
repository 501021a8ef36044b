/**
 * A publication: what an installation changed since the former release in that environment, as its change recorded it.
 *
 * Nobody writes it: it is made from commits, tickets, layers and configuration, and says the same for ever.
 */
import type { Change } from '../changes/change.ts';
import type { ConfigurationChange } from '../changes/configuration.ts';
import type { CommitTopic, ReadCommit } from '../changes/conventional-commit.ts';
import type { LayerChange, Vulnerability } from '../changes/delta.ts';

export type Publication = {
  /** Of the change, which opens everything else. */
  readonly change: string;
  readonly component: string;
  readonly system: string;
  readonly environment: string;
  readonly version: string;
  readonly formerVersion: string | null;
  /** `back`: what is listed went away again. */
  readonly direction: 'forward' | 'back';
  readonly installedAt: string;
  /** In which people read it. */
  readonly timeZone: string;
  readonly breaking: readonly ReadCommit[];
  readonly topics: readonly { readonly topic: CommitTopic; readonly commits: readonly ReadCommit[] }[];
  readonly tickets: readonly string[];
  readonly layers: readonly LayerChange[];
  readonly configuration: readonly ConfigurationChange[];
  readonly vulnerabilities: { readonly added: readonly Vulnerability[]; readonly removed: readonly Vulnerability[] };
};

const order: readonly CommitTopic[] = ['security', 'feature', 'fix', 'performance', 'other'];

/** Null while the change has not ended well: what is not installed is not published. */
export function publicationOf({ id, facts, closure, closedAt }: Change, timeZone: string): Publication | null {
  if (closure !== 'successful' || closedAt === null) return null;
  const { component, system, environment, version, formerVersion, delta } = facts;
  const topics = order.map((topic) => ({ topic, commits: delta.commits.filter((commit) => commit.topic === topic) }));
  return {
    ...{ change: id, component, system, environment, version, formerVersion, direction: delta.direction, installedAt: closedAt, timeZone },
    breaking: delta.commits.filter(({ breaking }) => breaking),
    topics: topics.filter(({ commits }) => commits.length > 0),
    ...{ tickets: delta.tickets, layers: delta.layers },
    // What comes for the first time has settings, and none that differ from anything.
    configuration: formerVersion === null ? delta.configuration.filter(({ origin }) => origin !== 'setting') : delta.configuration,
    vulnerabilities: { added: delta.vulnerabilities.added, removed: delta.vulnerabilities.removed },
  };
}
