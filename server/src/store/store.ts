/** The store: what Beluga remembers, by noun, in PostgreSQL. */
import type { Kysely } from 'kysely';
import { type AddressStore, addressStore } from './address.ts';
import { type DeploymentStore, deploymentStore } from './deployment.ts';
import { type EvidenceStore, evidenceStore } from './evidence.ts';
import { type JobRunStore, jobRunStore } from './job-run.ts';
import { journalChannel } from './journal.ts';
import { type ReleaseStore, releaseStore } from './release.ts';
import { type RunStore, runStore } from './run.ts';
import { type SocleStore, socleStore } from './socle.ts';
import type { Tables } from './tables.ts';
import { type TokenStore, tokenStore } from './token.ts';
import { type Views, views } from './views/views.ts';

export type Store = {
  readonly releases: ReleaseStore;
  readonly deployments: DeploymentStore;
  readonly runs: RunStore;
  readonly jobRuns: JobRunStore;
  readonly socles: SocleStore;
  readonly evidence: EvidenceStore;
  readonly addresses: AddressStore;
  readonly tokens: TokenStore;
  readonly views: Views;
  /** Calls the listener after every recorded change, of this server or another; gives what ends it. */
  onEvent(listener: () => void): () => void;
};

export function createStore(kysely: Kysely<Tables>, listen: (channel: string, handler: () => void) => void): Store {
  const listeners = new Set<() => void>();
  listen(journalChannel, () => {
    for (const listener of listeners) listener();
  });
  return {
    releases: releaseStore(kysely),
    deployments: deploymentStore(kysely),
    runs: runStore(kysely),
    jobRuns: jobRunStore(kysely),
    socles: socleStore(kysely),
    evidence: evidenceStore(kysely),
    addresses: addressStore(kysely),
    tokens: tokenStore(kysely),
    views: views(kysely),
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
