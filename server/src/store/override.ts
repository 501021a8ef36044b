/** Overrides: asked for by one person, approved by another, consumed once by the deployment that starts with it. */
import type { Kysely, Transaction } from 'kysely';
import type { ChangeOverride } from '../domain/changes/change.ts';
import type { Override } from '../domain/gates/override.ts';
import { type JournalEntry, recorded } from './journal.ts';
import type { Tables } from './tables.ts';

export type OverrideRequest = Pick<
  Override,
  'id' | 'component' | 'version' | 'releaseDigest' | 'environment' | 'reason' | 'requestedBy' | 'requestedAt' | 'expiresAt'
>;
type Filter = {
  readonly id?: string;
  readonly releaseDigest?: string;
  readonly component?: string | undefined;
  readonly environment?: string | undefined;
};

export function overrideStore(kysely: Kysely<Tables>) {
  return {
    request: (request: OverrideRequest): Promise<void> =>
      recorded(kysely, async (transaction) => {
        const { id, component, version, environment, reason, requestedBy, requestedAt, expiresAt } = request;
        await transaction
          .insertInto('gate_override')
          .values({
            ...{ id, release_digest: request.releaseDigest, environment, reason },
            ...{ requested_by: requestedBy, requested_at: requestedAt, expires_at: expiresAt },
            ...{ approved_by: null, approved_at: null, consumed_by: null, consumed_at: null },
          })
          .execute();
        const detail = { component, version, environment, reason, expiresAt };
        return {
          result: undefined,
          entries: [{ at: requestedAt, who: requestedBy, what: 'override.requested', subject: `override/${id}`, detail }],
        };
      }),

    /** False when somebody approved it already, or when it is the person's own. */
    approve: (override: Override, who: string, at: string): Promise<boolean> =>
      recorded(kysely, async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('gate_override')
          .set({ approved_by: who, approved_at: at })
          .where('id', '=', override.id)
          .where('approved_by', 'is', null)
          .where('requested_by', '<>', who)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return { result: false, entries: [] };
        const { component, version, environment, reason, requestedBy } = override;
        const detail = { component, version, environment, reason, requestedBy };
        return { result: true, entries: [{ at, who, what: 'override.approved', subject: `override/${override.id}`, detail }] };
      }),

    list: (filter: Filter = {}): Promise<readonly Override[]> => list(kysely, filter),
    async find(id: string): Promise<Override | null> {
      return (await list(kysely, { id }))[0] ?? null;
    },
  };
}
export type OverrideStore = ReturnType<typeof overrideStore>;

export type Consumed = { readonly override: ChangeOverride; readonly entry: JournalEntry };

/** In the transaction that starts the deployment. Of two that would use one override, the second gets null: its gates are closed. */
export async function consumeOverride(
  transaction: Transaction<Tables>,
  id: string,
  deployment: string,
  at: string,
): Promise<Consumed | null> {
  const consumed = await transaction
    .updateTable('gate_override')
    .set({ consumed_by: deployment, consumed_at: at })
    .where('id', '=', id)
    .where('consumed_by', 'is', null)
    .where('approved_by', 'is not', null)
    .where('expires_at', '>', at)
    .returning(['reason', 'requested_by', 'approved_by'])
    .executeTakeFirst();
  if (consumed === undefined) return null;
  const words = { reason: consumed.reason, requestedBy: consumed.requested_by, approvedBy: consumed.approved_by };
  const entry = { at, who: 'beluga', what: 'override.consumed', subject: `override/${id}`, detail: { deployment, ...words } };
  return { override: { id, ...words }, entry };
}

/** The newest first. */
async function list(kysely: Kysely<Tables>, { id, releaseDigest, component, environment }: Filter): Promise<readonly Override[]> {
  let query = kysely
    .selectFrom('gate_override')
    .innerJoin('release', 'release.digest', 'gate_override.release_digest')
    .selectAll('gate_override')
    .select(['release.component', 'release.version'])
    .orderBy('gate_override.requested_at', 'desc')
    .orderBy('gate_override.id', 'desc')
    .limit(500);
  if (id !== undefined) query = query.where('gate_override.id', '=', id);
  if (releaseDigest !== undefined) query = query.where('gate_override.release_digest', '=', releaseDigest);
  if (component !== undefined) query = query.where('release.component', '=', component);
  if (environment !== undefined) query = query.where('gate_override.environment', '=', environment);
  return (await query.execute()).map((row) => ({
    id: row.id,
    component: row.component,
    version: row.version,
    releaseDigest: row.release_digest,
    environment: row.environment,
    reason: row.reason,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    approvedBy: row.approved_by,
    approvedAt: row.approved_at,
    expiresAt: row.expires_at,
    consumedBy: row.consumed_by,
    consumedAt: row.consumed_at,
  }));
}
