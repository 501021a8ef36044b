/** Deployments: asked for, waiting, moving, ended; and what is current and verified because of them. */
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { DeploymentPurpose, DeploymentState } from '../domain/deployment.ts';
import { holdsAfter, type Waiting } from '../domain/gates/hold.ts';
import type { Verdict } from '../domain/gates/verdict.ts';
import type { Ledger } from '../domain/ledger.ts';
import { type ChangeOpening, endChange, openChange } from './change.ts';
import { type JournalEntry, recorded } from './journal.ts';
import type { Tables } from './tables.ts';

export type DeploymentRequest = {
  readonly id: string;
  readonly runId: string;
  readonly component: string;
  readonly environment: string;
  readonly releaseDigest: string;
  readonly version: string;
  readonly purpose: DeploymentPurpose;
  readonly verdicts: readonly Verdict[];
  /** Why a gate is closed; null when all are open. */
  readonly refusal: string | null;
  /** The change it needs; null where none is needed. */
  readonly change: ChangeOpening | null;
  readonly who: string;
  readonly at: string;
  /** The incident it mends; null for an ordinary one. */
  readonly incident: string | null;
  /** The override it is to start with; null where no gate has to be passed closed. */
  readonly overrideId: string | null;
  /** What it waits for before its turn; null: nothing. */
  readonly waiting: Waiting | null;
  /** Whether it goes on waiting when a gate closes again before its turn. */
  readonly waitForGates: boolean;
  readonly replaceSoaking: boolean;
  /** When its gates are looked at again; null unless it waits for them. */
  readonly lookAt: string | null;
};

export type Current = {
  readonly component: string;
  readonly environment: string;
  readonly releaseDigest: string;
  readonly deploymentId: string;
  readonly installedAt: string;
};

/** What a release may ask the loops for that look every second: runs, whether it lives, how many, whether it is ready by its own command. */
export type Asked = 'job' | 'live' | 'scaling' | 'command';

export function deploymentStore(kysely: Kysely<Tables>) {
  return {
    /** Records a request: refused at once, or waiting in place of the one that waited before. */
    request: (request: DeploymentRequest): Promise<void> => recordRequest(kysely, request),

    /** Asks for an end: a waiting one ends at once; a running one is told (`asked`); an ended one is left alone. */
    cancel: (id: string, by: Canceller, at: string): Promise<Cancelling> => cancel(kysely, id, by, at),

    /** Why it is to end, in a sentence; null when nobody asked for that. */
    async cancelRequest(id: string): Promise<string | null> {
      const columns = ['cancel_requested_by', 'cancel_reason'] as const;
      const row = await kysely.selectFrom('deployment').select(columns).where('id', '=', id).executeTakeFirstOrThrow();
      return row.cancel_requested_by === null ? null : cancelledBy({ who: row.cancel_requested_by, reason: row.cancel_reason });
    },
    async find(id: string) {
      return (await kysely.selectFrom('deployment').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
    },
    async saveLedger(id: string, ledger: Ledger): Promise<void> {
      await kysely
        .updateTable('deployment')
        .set({ ledger: JSON.stringify(ledger) })
        .where('id', '=', id)
        .where('state', '=', 'running')
        .execute();
    },
    /** The release that was current before the current one. */
    formerDigest: (component: string, environment: string): Promise<string | null> => formerDigest(kysely, component, environment),
    current: (component: string, environment: string) => currentOf(kysely, component, environment),
    async allCurrent(): Promise<readonly Current[]> {
      return (await kysely.selectFrom('current_release').selectAll().orderBy('component').execute()).map(presentCurrent);
    },
    /** Those of them whose release asks for this. */
    async currentThatAsk(asked: Asked): Promise<readonly Current[]> {
      const rows = kysely.selectFrom('current_release').selectAll().where(sql<boolean>`asks @> array[${asked}]::text[]`);
      return (await rows.orderBy('component').execute()).map(presentCurrent);
    },
  };
}
export type DeploymentStore = ReturnType<typeof deploymentStore>;

function recordRequest(kysely: Kysely<Tables>, request: DeploymentRequest): Promise<void> {
  return recorded(kysely, async (transaction) => {
    const entries: JournalEntry[] = request.refusal === null ? await takePlace(transaction, request) : [];
    const current = await currentOf(transaction, request.component, request.environment);
    const state: DeploymentState = request.refusal === null ? 'waiting' : 'refused';
    await transaction
      .insertInto('deployment')
      .values(rowOf(request, state, current?.releaseDigest ?? null))
      .execute();
    if (state === 'waiting') await transaction.insertInto('run').values(runOf(request)).execute();
    if (request.change !== null) entries.push(...(await openChange(transaction, request.change, { ...request, deployment: request.id })));
    const { component, environment, version, purpose, refusal, incident, waiting, replaceSoaking } = request;
    const more = {
      ...(incident === null ? {} : { incident }),
      ...(waiting === null ? {} : { waitsFor: waiting }),
      ...(replaceSoaking ? { replaceSoaking } : {}),
    };
    const detail = { component, environment, version, purpose, state, reason: refusal, ...more };
    const what = state === 'refused' ? 'deployment.refused' : 'deployment.requested';
    return {
      result: undefined,
      entries: [...entries, { at: request.at, who: request.who, what, subject: `deployment/${request.id}`, detail }],
    };
  });
}

type Cancelling = 'cancelled' | 'asked' | 'ended';
type Canceller = { readonly who: string; readonly reason: string | null };

function cancelledBy({ who, reason }: Canceller): string {
  return reason === null ? `Cancelled by ${who}.` : `Cancelled by ${who}: ${reason.replace(/[.!]$/, '')}.`;
}

function cancel(kysely: Kysely<Tables>, id: string, by: Canceller, at: string): Promise<Cancelling> {
  const { who, reason } = by;
  return recorded(kysely, async (transaction): Promise<{ result: Cancelling; entries: JournalEntry[] }> => {
    await lockRun(transaction, id);
    const row = await transaction.selectFrom('deployment').select(['state']).where('id', '=', id).executeTakeFirstOrThrow();
    const subject = `deployment/${id}`;
    if (row.state === 'waiting') {
      const ended = await endWaiting(transaction, id, cancelledBy(by), at);
      return {
        result: 'cancelled',
        entries: [...ended, { at, who, what: 'deployment.cancelled', subject, detail: { state: 'cancelled', reason } }],
      };
    }
    if (row.state !== 'running') return { result: 'ended', entries: [] };
    await transaction.updateTable('deployment').set({ cancel_requested_by: who, cancel_reason: reason }).where('id', '=', id).execute();
    return { result: 'asked', entries: [{ at, who, what: 'deployment.cancel-requested', subject, detail: { reason } }] };
  });
}

async function formerDigest(kysely: Kysely<Tables>, component: string, environment: string): Promise<string | null> {
  const current = await currentOf(kysely, component, environment);
  const row = await kysely
    .selectFrom('deployment')
    .select('release_digest')
    .where('component', '=', component)
    .where('environment', '=', environment)
    .where('state', '=', 'succeeded')
    .where('release_digest', '<>', current?.releaseDigest ?? '')
    .orderBy('ended_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.release_digest ?? null;
}

async function currentOf(kysely: Kysely<Tables>, component: string, environment: string): Promise<Current | null> {
  const row = await kysely
    .selectFrom('current_release')
    .selectAll()
    .where('component', '=', component)
    .where('environment', '=', environment)
    .executeTakeFirst();
  return row === undefined ? null : presentCurrent(row);
}

function presentCurrent(row: Selectable<Tables['current_release']>): Current {
  return {
    component: row.component,
    environment: row.environment,
    releaseDigest: row.release_digest,
    deploymentId: row.deployment_id,
    installedAt: row.installed_at,
  };
}

/** A newer request takes the place of the waiting one, never of the running one. */
async function takePlace(transaction: Transaction<Tables>, request: DeploymentRequest): Promise<JournalEntry[]> {
  const { component, environment } = request;
  await sql`select pg_advisory_xact_lock(hashtext(${`${component}/${environment}`}))`.execute(transaction);
  const waiting = await waitingOf(transaction, component, environment);
  if (waiting === undefined) return [];
  await lockRun(transaction, waiting.id);
  if ((await waitingOf(transaction, component, environment)) === undefined) return [];
  const reason = `A newer request took its place: ${request.version}, asked for by ${request.who}.`;
  const ended = await endWaiting(transaction, waiting.id, reason, request.at);
  const detail = { state: 'cancelled', reason, by: request.id };
  return [...ended, { at: request.at, who: request.who, what: 'deployment.cancelled', subject: `deployment/${waiting.id}`, detail }];
}

function waitingOf(transaction: Transaction<Tables>, component: string, environment: string): Promise<{ id: string } | undefined> {
  return transaction
    .selectFrom('deployment')
    .select('id')
    .where('component', '=', component)
    .where('environment', '=', environment)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
}

/** Always the run before its deployment, as a worker that claims it does: no deadlock. */
export async function lockRun(transaction: Transaction<Tables>, deploymentId: string): Promise<void> {
  await transaction.selectFrom('run').select('id').where('deployment_id', '=', deploymentId).forUpdate().execute();
}

async function endWaiting(transaction: Transaction<Tables>, id: string, reason: string, at: string): Promise<JournalEntry[]> {
  const { production } = await transaction
    .updateTable('deployment')
    .set({ state: 'cancelled', reason, ended_at: at, look_at: null })
    .where('id', '=', id)
    .returning('production')
    .executeTakeFirstOrThrow();
  await transaction.updateTable('run').set({ state: 'done', ended_at: at }).where('deployment_id', '=', id).execute();
  return production ? endChange(transaction, id, { state: 'cancelled', touched: false, reason, at }) : [];
}

function rowOf(request: DeploymentRequest, state: DeploymentState, former: string | null) {
  return {
    id: request.id,
    component: request.component,
    environment: request.environment,
    release_digest: request.releaseDigest,
    version: request.version,
    purpose: request.purpose,
    former_digest: former,
    state,
    reason: request.refusal,
    verdicts: JSON.stringify(request.verdicts),
    ledger: null,
    log: '[]',
    cancel_requested_by: null,
    cancel_reason: null,
    look_at: state === 'waiting' ? request.lookAt : null,
    replace_soaking: request.replaceSoaking,
    wait_for_gates: request.waitForGates,
    holds: JSON.stringify(request.waiting === null ? [] : holdsAfter([], request.verdicts, request.at)),
    incident: request.incident,
    override_id: request.overrideId,
    production: request.change !== null,
    requested_by: request.who,
    requested_at: request.at,
    started_at: null,
    ended_at: state === 'refused' ? request.at : null,
  };
}

function runOf(request: DeploymentRequest) {
  return {
    id: request.runId,
    component: request.component,
    environment: request.environment,
    purpose: 'deployment' as const,
    deployment_id: request.id,
    state: 'waiting' as const,
    direction: 'forward' as const,
    epoch: 0,
    lease_owner: null,
    lease_until: null,
    created_at: request.at,
    ended_at: null,
  };
}
