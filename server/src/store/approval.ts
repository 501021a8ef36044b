/** Approvals: a plan that somebody asks others to look at, and what they said. */
import type { Kysely } from 'kysely';
import type { Approval, Decision } from '../domain/gates/approval.ts';
import { recorded } from './journal.ts';
import type { Tables } from './tables.ts';

export type ApprovalRequest = Omit<Approval, 'decisions'>;
type Filter = {
  readonly id?: string;
  readonly releaseDigest?: string;
  readonly component?: string | undefined;
  readonly environment?: string | undefined;
};

export function approvalStore(kysely: Kysely<Tables>) {
  return {
    request: (request: ApprovalRequest): Promise<void> =>
      recorded(kysely, async (transaction) => {
        const { id, component, version, environment, planHash, requestedBy, requestedAt, expiresAt } = request;
        await transaction
          .insertInto('approval')
          .values({
            ...{ id, release_digest: request.releaseDigest, environment, plan_hash: planHash },
            ...{ requested_by: requestedBy, requested_at: requestedAt, expires_at: expiresAt },
          })
          .execute();
        const detail = { component, version, environment, planHash, expiresAt };
        return {
          result: undefined,
          entries: [{ at: requestedAt, who: requestedBy, what: 'approval.requested', subject: `approval/${id}`, detail }],
        };
      }),

    /** A person's word on a plan; a later one of the same person replaces it. */
    decide: (approval: Approval, decision: Decision): Promise<void> =>
      recorded(kysely, async (transaction) => {
        await transaction
          .insertInto('approval_decision')
          .values({ approval_id: approval.id, ...decision })
          .onConflict((conflict) => conflict.columns(['approval_id', 'who']).doUpdateSet({ ...decision }))
          .execute();
        const { id, component, version, environment, planHash } = approval;
        const detail = { component, version, environment, planHash, reason: decision.reason };
        const what = `approval.${decision.decision}`;
        return { result: undefined, entries: [{ at: decision.at, who: decision.who, what, subject: `approval/${id}`, detail }] };
      }),

    list: (filter: Filter = {}): Promise<readonly Approval[]> => list(kysely, filter),
    async find(id: string): Promise<Approval | null> {
      return (await list(kysely, { id }))[0] ?? null;
    },
  };
}
export type ApprovalStore = ReturnType<typeof approvalStore>;

/** The newest first. */
async function list(kysely: Kysely<Tables>, { id, releaseDigest, component, environment }: Filter): Promise<readonly Approval[]> {
  let query = kysely
    .selectFrom('approval')
    .innerJoin('release', 'release.digest', 'approval.release_digest')
    .selectAll('approval')
    .select(['release.component', 'release.version'])
    .orderBy('approval.requested_at', 'desc')
    .orderBy('approval.id', 'desc')
    .limit(500);
  if (id !== undefined) query = query.where('approval.id', '=', id);
  if (releaseDigest !== undefined) query = query.where('approval.release_digest', '=', releaseDigest);
  if (component !== undefined) query = query.where('release.component', '=', component);
  if (environment !== undefined) query = query.where('approval.environment', '=', environment);
  const rows = await query.execute();
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const decisions = await kysely
    .selectFrom('approval_decision')
    .selectAll()
    .where('approval_id', 'in', ids)
    .orderBy('at')
    .orderBy('who')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    component: row.component,
    version: row.version,
    releaseDigest: row.release_digest,
    environment: row.environment,
    planHash: row.plan_hash,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
    decisions: decisions
      .filter(({ approval_id }) => approval_id === row.id)
      .map(({ who, decision, reason, at }) => ({ who, decision, reason, at })),
  }));
}
