/** Verifications: where a release proved itself, until that is revoked; and how long it stayed there. */
import { type Kysely, sql, type Transaction } from 'kysely';
import { revokedVerdict } from '../domain/gates/order.ts';
import { answeredAnew, type Verdict } from '../domain/gates/verdict.ts';
import { endChange } from './change.ts';
import { type JournalEntry, recorded } from './journal.ts';
import type { Tables } from './tables.ts';

export type Verification = {
  readonly releaseDigest: string;
  readonly environment: string;
  readonly deploymentId: string;
  /** RFC 3339. */
  readonly verifiedAt: string;
  readonly revoked: { readonly at: string; readonly by: string | null; readonly reason: string } | null;
};

export type Revocation = {
  readonly releaseDigest: string;
  /** As people name it, `web@1.4.0`. */
  readonly release: string;
  readonly environments: readonly string[];
  /** Those whose waiting deployments of the release end with it. */
  readonly beyond: readonly string[];
  readonly reason: string;
  readonly who: string;
  readonly at: string;
};

export function verificationStore(kysely: Kysely<Tables>) {
  return {
    async of(releaseDigest: string): Promise<readonly Verification[]> {
      const rows = await kysely
        .selectFrom('verification')
        .selectAll()
        .where('release_digest', '=', releaseDigest)
        .orderBy('verified_at')
        .execute();
      return rows.map((row) => ({
        releaseDigest: row.release_digest,
        environment: row.environment,
        deploymentId: row.deployment_id,
        verifiedAt: row.verified_at,
        revoked: row.revoked_at === null ? null : { at: row.revoked_at, by: row.revoked_by, reason: row.revoked_reason ?? '' },
      }));
    },

    /** Revokes them and ends what waits behind them, in one transaction. Gives the environments in which something was revoked. */
    revoke: (revocation: Revocation): Promise<readonly string[]> => recorded(kysely, (transaction) => revoke(transaction, revocation)),

    /** How long a release has been the current one of an environment, all its stays together; in milliseconds until `now`. */
    residence: (component: string, environment: string, releaseDigest: string, now: Temporal.Instant) =>
      residence(kysely, component, environment, releaseDigest, now),
  };
}
export type VerificationStore = ReturnType<typeof verificationStore>;

async function revoke(
  transaction: Transaction<Tables>,
  { releaseDigest, release, environments, beyond, reason, who, at }: Revocation,
): Promise<{ result: readonly string[]; entries: JournalEntry[] }> {
  if (environments.length === 0) return { result: [], entries: [] };
  const rows = await transaction
    .updateTable('verification')
    .set({ revoked_at: at, revoked_reason: reason, revoked_by: who })
    .where('release_digest', '=', releaseDigest)
    .where('environment', 'in', [...environments])
    .where('revoked_at', 'is', null)
    .returning('environment')
    .execute();
  const revoked = [...new Set(rows.map(({ environment }) => environment))];
  const entries = revoked.map((environment) => ({
    ...{ at, who, what: 'verification.revoked', subject: `release/${release}` },
    detail: { environment, reason, releaseDigest },
  }));
  const why = revokedVerdict(release, revoked, reason);
  const refused = revoked.length === 0 ? [] : await refuseWaiting(transaction, releaseDigest, beyond, why, at);
  return { result: revoked, entries: [...entries, ...refused] };
}

async function refuseWaiting(
  transaction: Transaction<Tables>,
  releaseDigest: string,
  environments: readonly string[],
  why: Verdict,
  at: string,
): Promise<JournalEntry[]> {
  if (environments.length === 0) return [];
  // Always the run before its deployment, as a worker that claims it does: no deadlock.
  const runs = await transaction
    .selectFrom('run')
    .innerJoin('deployment', 'deployment.id', 'run.deployment_id')
    .select(['run.id', 'run.deployment_id', 'deployment.verdicts'])
    .where('deployment.release_digest', '=', releaseDigest)
    .where('deployment.environment', 'in', [...environments])
    .where('deployment.state', '=', 'waiting')
    .where('deployment.purpose', '=', 'deploy')
    .forUpdate('run')
    .execute();
  const entries: JournalEntry[] = [];
  for (const { deployment_id, verdicts } of runs) {
    const refusal = { reason: why.reason, verdicts: answeredAnew(verdicts, why) };
    if (deployment_id !== null) entries.push(...(await refuse(transaction, deployment_id, refusal, at)));
  }
  return entries;
}

/** Why a deployment is refused: in a sentence, and what every gate said. */
export type Refusal = { readonly reason: string; readonly verdicts: readonly Verdict[] };

/** Ends a waiting deployment because a gate is closed; the caller holds its run. */
export async function refuse(transaction: Transaction<Tables>, id: string, refusal: Refusal, at: string): Promise<JournalEntry[]> {
  const { reason, verdicts } = refusal;
  const ended = await transaction
    .updateTable('deployment')
    .set({ state: 'refused', reason, verdicts: JSON.stringify(verdicts), ended_at: at, look_at: null })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .returning(['component', 'environment', 'version', 'production'])
    .executeTakeFirst();
  if (ended === undefined) return [];
  await transaction.updateTable('run').set({ state: 'done', ended_at: at }).where('deployment_id', '=', id).execute();
  const { production, ...place } = ended;
  const change = production ? await endChange(transaction, id, { state: 'refused', touched: false, reason, verdicts, at }) : [];
  const detail = { ...place, state: 'refused', reason };
  return [...change, { at, who: 'beluga', what: 'deployment.refused', subject: `deployment/${id}`, detail }];
}

async function residence(
  kysely: Kysely<Tables>,
  component: string,
  environment: string,
  releaseDigest: string,
  now: Temporal.Instant,
): Promise<{ readonly residedMs: number; readonly resides: boolean }> {
  const stays = kysely
    .selectFrom('deployment')
    .select(['release_digest', 'ended_at'])
    .select(sql<string | null>`lead(ended_at) over (order by ended_at)`.as('left_at'))
    .where('component', '=', component)
    .where('environment', '=', environment)
    .where('state', '=', 'succeeded')
    .as('stay');
  const rows = await kysely.selectFrom(stays).select(['ended_at', 'left_at']).where('release_digest', '=', releaseDigest).execute();
  const spans = rows.map(({ ended_at, left_at }) => {
    const end = left_at === null ? now : Temporal.Instant.from(left_at);
    return ended_at === null ? 0 : Math.max(0, end.epochMilliseconds - Temporal.Instant.from(ended_at).epochMilliseconds);
  });
  return { residedMs: spans.reduce((sum, span) => sum + span, 0), resides: rows.some(({ left_at }) => left_at === null) };
}
