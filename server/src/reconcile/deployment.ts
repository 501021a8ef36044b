/**
 * From a deployment to its end: its start, gates once more, the plan, the steps; what served before goes on serving when it cannot be carried through.
 *
 *   forward, all steps done ............................ succeeded
 *   stopped before or in the shift ── undo ──▶ rolled-back (something served before) | failed (nothing did)
 *   stopped before the shift by a person or a gate ── undo ──▶ cancelled | refused
 *   stopped after the shift ............................ succeeded; what is left to clean is healed later
 */
import { askGates } from '../actions/ask-gates.ts';
import type { Context } from '../actions/context.ts';
import { withDecided } from '../actions/decided.ts';
import { printsNow } from '../actions/secret-prints.ts';
import type { DeploymentPurpose } from '../domain/deployment.ts';
import { answeredAnew, closed, isOpen, reasonOf, type Verdict } from '../domain/gates/verdict.ts';
import type { Release } from '../domain/release.ts';
import type { Step } from '../domain/rollout/step.ts';
import type { Cause, Run } from '../domain/run.ts';
import type { SecretPrints } from '../domain/secret-prints.ts';
import { stamp } from '../domain/stamp.ts';
import { type Place, type Workload, workloadOf } from '../domain/workload.ts';
import { BelugaError } from '../errors.ts';
import type { StoredRelease } from '../store/release.ts';
import type { Ending } from '../store/run.ts';
import { runBefore } from './before.ts';
import { beginDeployment } from './begin.ts';
import { type Carried, carry, messageOf, patiently } from './carry.ts';
import { keepLedger, type LedgerKeeper } from './ledger.ts';
import { openAddress } from './open-address.ts';
import { refusalToBring } from './verify.ts';

type Moving = {
  readonly context: Context;
  readonly run: Run;
  readonly deployment: {
    readonly id: string;
    readonly purpose: DeploymentPurpose;
    readonly former: string | null;
    readonly incident: string | null;
    readonly requestedBy: string;
    readonly overrideId: string | null;
    readonly startedAt: string | null;
    /** What the gates said of it last. */
    readonly verdicts: readonly Verdict[];
  };
  readonly release: StoredRelease;
  readonly desired: Workload;
  /** What served before. */
  readonly former: Workload | null;
  readonly deadline: Temporal.Instant;
  readonly ledger: LedgerKeeper;
  readonly signal: AbortSignal;
};

/** Stopped on purpose, before the traffic moved. */
class Halt extends Error {
  readonly state: 'cancelled' | 'refused';
  /** What every gate said; null where none of them stopped it. */
  readonly verdicts: readonly Verdict[] | null;
  constructor(state: 'cancelled' | 'refused', reason: string, verdicts: readonly Verdict[] | null = null) {
    super(reason);
    this.state = state;
    this.verdicts = verdicts;
  }
}

export async function moveDeployment(context: Context, run: Run, signal: AbortSignal): Promise<void> {
  if (run.deploymentId === null) throw new Error(`run ${run.id} has no deployment`);
  if (!(await beginDeployment(context, run, run.deploymentId))) return;
  const row = await context.store.deployments.find(run.deploymentId);
  if (row === null) throw new BelugaError('unknown-deployment', { id: run.deploymentId });
  const release = await context.store.releases.byDigest(row.release_digest);
  const desired = await decidedOf(context, release, run.environment, await printsOf(context, row.id, release, run.environment));
  const former = row.former_digest === null ? null : await formerOf(context, row.former_digest, run);
  const { id, purpose, incident, requested_by: requestedBy, override_id: overrideId, started_at: startedAt, verdicts } = row;
  const deployment = { id, purpose, former: row.former_digest, incident, requestedBy, overrideId, startedAt, verdicts };
  const ledger = keepLedger(context, desired, row.id, row.ledger);
  try {
    const deadline = deadlineOf(row.started_at, desired, context);
    const moving: Moving = { context, run, deployment, release, desired, former, deadline, ledger, signal };
    const ending = run.direction === 'undo' ? await goOnBack(moving) : await goForward(moving);
    await context.store.runs.finish(run, { ...ending, ledger: await ledger.close() }, stamp(context.now()));
  } finally {
    await ledger.close();
  }
}

function decidedOf(context: Context, release: Release, environment: string, prints: SecretPrints): Promise<Workload> {
  return withDecided(context, workloadOf(release, environment, context.hash, prints));
}

/** Those that the deployment was begun with, also when another server carries it on. */
async function printsOf(context: Context, deployment: string, release: Release, environment: string): Promise<SecretPrints> {
  const { secretPrints } = context.store;
  const known = await secretPrints.of(deployment);
  if (known !== null) return known;
  const now = await printsNow(context, release, environment);
  return Object.keys(now).length === 0 ? now : secretPrints.keep(deployment, now);
}

/** As it was installed, with the secrets of then. */
async function formerOf(context: Context, digest: string, place: Place): Promise<Workload> {
  const current = await context.store.deployments.current(place.component, place.environment);
  const prints = current?.releaseDigest === digest ? await context.store.secretPrints.of(current.deploymentId) : null;
  return decidedOf(context, await context.store.releases.byDigest(digest), place.environment, prints ?? {});
}

/** It runs on while no server is there: what is not done in time goes back, whoever carries it on. */
function deadlineOf(startedAt: string | null, desired: Workload, context: Context): Temporal.Instant {
  const started = startedAt === null ? context.now() : Temporal.Instant.from(startedAt);
  const beforeMs = (desired.before ?? []).reduce((sum, task) => sum + task.deadlineMs, 0);
  return started.add({ milliseconds: desired.rollout.deadlineMs + beforeMs });
}

async function goForward(moving: Moving): Promise<Ending> {
  const { context, run, desired, former, deadline, ledger, signal, deployment } = moving;
  try {
    await askToGoOn(moving);
    await askForSignatures(moving);
    if (desired.kind === 'Service') await patiently(moving, () => openAddress(context, desired));
    await patiently(moving, () => runBefore(context, deployment.id, desired, signal));
  } catch (error) {
    if (signal.aborted) throw error;
    return endWithout(moving, causeOf(error));
  }
  if (deployment.former !== null) await ledger.enter('before');
  const carried = await carry({
    ...{ context, run, desired, former, signal, deadline },
    direction: 'forward',
    before: async (step) => {
      if (step.kind !== 'drain' && step.kind !== 'stop') await askToGoOn(moving);
      if (moves(step) && deployment.former !== null) await ledger.enter('during');
    },
    after: async (step) => {
      if (step.kind === 'drain' || (moves(step) && deployment.former === null)) await ledger.enter('after');
      await ledger.save();
    },
  });
  return endForward(moving, carried);
}

/** From here on requests reach other instances than before. */
function moves({ kind }: Step): boolean {
  return kind === 'weigh' || kind === 'shift';
}

async function endForward(moving: Moving, carried: Carried): Promise<Ending> {
  if (carried.outcome === 'done') return { state: 'succeeded', reason: null, ...nothingMore };
  if (!carried.shifted) return turnBack(moving, carried.error);
  const reason = `It serves; what it replaced is still being cleaned away: ${messageOf(carried.error)}`;
  return { state: 'succeeded', reason, ...nothingMore };
}

const nothingMore = { verdicts: null, ledger: null, log: [] } as const;

async function turnBack(moving: Moving, error: unknown): Promise<Ending> {
  const cause = causeOf(error);
  await moving.context.store.runs.turn(moving.run, cause);
  return putBack(moving, cause);
}

/** Another worker, or this one before, had begun to put back what served. */
async function goOnBack(moving: Moving): Promise<Ending> {
  const cause = await moving.context.store.runs.causeOf(moving.run);
  return putBack(moving, cause ?? causeOf(new Error('It was interrupted.')));
}

async function putBack(moving: Moving, cause: Cause): Promise<Ending> {
  const { context, run, desired, former, signal, ledger } = moving;
  const carried = await carry({
    ...{ context, run, desired, former, signal },
    direction: 'undo',
    deadline: null,
    before: (step) => (moves(step) ? ledger.enter('during') : Promise.resolve()),
    after: (step) => (step.kind === 'drain' ? ledger.enter('after') : Promise.resolve()),
  });
  if (carried.outcome === 'done') return endWithout(moving, cause);
  const reason = `${cause.reason} Then: ${messageOf(carried.error)} What was begun is cleaned away as soon as that is mended.`;
  return { state: 'failed', reason, verdicts: cause.verdicts, ledger: null, log: cause.log };
}

/** The ending of a deployment whose release does not serve. */
function endWithout({ deployment }: Moving, { halt, reason, verdicts, log }: Cause): Ending {
  return { state: halt ?? (deployment.former === null ? 'failed' : 'rolled-back'), reason, verdicts, ledger: null, log };
}

async function askForSignatures({ context, release, desired, deployment }: Moving): Promise<void> {
  const { environment } = desired;
  const refusal = await refusalToBring(context, { release, environment, since: deployment.startedAt });
  if (refusal === null) return;
  const verdict = closed('signature', refusal.reason, refusal.remedy, "the component's pipeline");
  throw new Halt('refused', `${refusal.reason} ${refusal.remedy}`, answeredAnew(deployment.verdicts, verdict));
}

/** Throws when a person cancelled or a gate closed since. */
async function askToGoOn({ context, deployment, release, desired }: Moving): Promise<void> {
  const cancelled = await context.store.deployments.cancelRequest(deployment.id);
  if (cancelled !== null) throw new Halt('cancelled', cancelled);
  const { purpose, incident, requestedBy: requester } = deployment;
  const { verdicts } = await askGates(context, { release, environment: desired.environment, purpose, incident, requester, deployment });
  if (!isOpen(verdicts)) throw new Halt('refused', reasonOf(verdicts), verdicts);
}

function causeOf(error: unknown): Cause {
  const log = error instanceof BelugaError ? error.log : [];
  const { state: halt, verdicts } = error instanceof Halt ? error : nothingHalted;
  return { halt, reason: messageOf(error), verdicts, log };
}

const nothingHalted = { state: null, verdicts: null } as const;
