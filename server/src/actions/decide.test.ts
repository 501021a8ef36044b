import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { platformOf } from '@beluga/contract/platform';
import { entry } from '../domain/calendar/for-tests.ts';
import type { GateSettings, Platform } from '../domain/platform.ts';
import { BelugaError, type ErrorCode } from '../errors.ts';
import { createPlane, deploy, ended, quickPace, release } from '../reconcile/for-tests.ts';
import { startLoop } from '../reconcile/loop.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { addTraffic } from './add-traffic.ts';
import { decideApproval, listApprovals, requestApproval } from './approve-plan.ts';
import type { Context } from './context.ts';
import { addEntry, removeEntry } from './edit-calendar.ts';
import { createToken, revokeToken } from './manage-tokens.ts';
import { approveOverride, listOverrides, requestOverride } from './override-gates.ts';
import { planDeployment } from './plan-deployment.ts';
import { recordEvidence } from './record-evidence.ts';
import { requestDeployment } from './request-deployment.ts';
import { revokeVerification } from './revoke-verification.ts';
import { rollBack } from './roll-back.ts';
import { signReadiness } from './sign-readiness.ts';
import { simulateRelease } from './simulate-release.ts';
import { resumeLine, stopLine } from './stop-line.ts';

const database = await withDatabase();

const environments = ['re7', 'prod'];

/** A platform of two stages whose last one asks these. */
function planeAsking(gates: Partial<GateSettings> = {}, policies: Partial<Platform['policies']> = {}) {
  const usual = platformOf(null);
  const stages = usual.environments
    .filter(({ name }) => environments.includes(name))
    .map((one) => (one.name === 'prod' ? { ...one, gates: { ...one.gates, ...gates } } : one));
  const platform = { ...usual, environments: stages, policies: { ...usual.policies, ...policies } };
  return createPlane(database, undefined, { platform, environments });
}

async function refused(code: ErrorCode, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => error instanceof BelugaError && error.code === code);
}

async function moving(context: Context, work: () => Promise<void>): Promise<void> {
  const loop = startLoop(context, 'server-1', quickPace);
  try {
    await work();
  } finally {
    await loop.stop();
  }
}

/** Installs a release in the first stage. */
async function ready(context: Context, component: string, version = '1.0.0'): Promise<void> {
  await release(context, component, version);
  await moving(context, async () => {
    for (const environment of environments.slice(0, -1)) {
      const { state, reason } = await deploy(context, component, version, environment);
      assert.equal(state, 'succeeded', `${environment}: ${reason}`);
    }
  });
}

const toProd = (component: string, version = '1.0.0') => ({ component, version, environment: 'prod' });
const stateOf = async (context: Context, id: string) => (await context.store.views.deployment(id))?.state;

/** One gate refused it, and the deployment and its change say so. */
async function refusedBy(context: Context, id: string, gate: string): Promise<void> {
  const { state, reason, verdicts = [] } = (await context.store.views.deployment(id)) ?? {};
  const kept = [verdicts, (await context.store.changes.find(id))?.facts.verdicts ?? []];
  assert.equal(state, 'refused');
  for (const one of kept) {
    const closed = one.filter(({ verdict }) => verdict !== 'open');
    assert.deepEqual([closed.map((answer) => answer.gate), one.length > 1], [[gate], true]);
    assert.ok(reason?.startsWith(closed[0]?.reason ?? '-'), reason ?? '');
  }
}

describe('a deployment that a gate refuses at its start', () => {
  const { context } = planeAsking();

  it('keeps what the gates said then, and so does its change', async () => {
    await ready(context, 'overtaken');
    const waiting = await requestDeployment(context, 'lea', toProd('overtaken'));
    assert.ok(waiting.verdicts.every(({ verdict }) => verdict === 'open'));
    const freeze = entry({ kind: 'freeze', start: '2020-01-01T00:00:00', end: '2099-01-01T00:00:00' });
    const added = await addEntry(context, 'ines', { kind: 'freeze', entry: freeze });
    await moving(context, async () => void (await ended(context, waiting.id)));
    await removeEntry(context, 'ines', added.entry.id);
    await refusedBy(context, waiting.id, 'calendar');
  });
});

describe('a revoked verification', () => {
  const { context } = planeAsking();

  it('ends what waits behind it in the same transaction, and closes the order above until it is verified again', async () => {
    await ready(context, 'revoked');
    const waiting = await requestDeployment(context, 'lea', toProd('revoked'));
    assert.equal(waiting.state, 'waiting');
    const reason = 'the nightly tests failed';
    assert.deepEqual(await revokeVerification(context, 'ines', { component: 'revoked', version: '1.0.0', environment: 're7', reason }), [
      're7',
    ]);
    const after = await context.store.views.deployment(waiting.id);
    assert.equal(after?.state, 'refused');
    assert.match(after?.reason ?? '', /in re7 was revoked: the nightly tests failed\./);
    await refusedBy(context, waiting.id, 'order');
    assert.equal((await requestDeployment(context, 'lea', toProd('revoked'))).state, 'refused');
    await moving(context, async () => {
      assert.equal((await deploy(context, 'revoked', '1.0.0', 're7')).state, 'succeeded');
      assert.equal((await deploy(context, 'revoked', '1.0.0', 'prod')).state, 'succeeded');
    });
    const again = { component: 'revoked', version: '1.0.0', environment: 're7', reason };
    await revokeVerification(context, 'ines', again);
    await refused('no-verification', revokeVerification(context, 'ines', again));
  });

  it('follows by itself from a failed re-test and from a critical vulnerability, but a rollback in production may still need it', async () => {
    await ready(context, 'scanned');
    const waiting = await requestDeployment(context, 'lea', toProd('scanned'));
    const scan = { component: 'scanned', version: '1.0.0', kind: 'scan', outcome: 'failed', summary: '1 finding' } as const;
    const finding = { id: 'CVE-2026-1', severity: 'critical', package: 'openssl', storey: 'vendor' } as const;
    await recordEvidence(context, 'ci', { ...scan, findings: [{ ...finding, severity: 'high' }] });
    assert.equal(await stateOf(context, waiting.id), 'waiting');
    await recordEvidence(context, 'ci', { ...scan, findings: [finding] });
    assert.equal(await stateOf(context, waiting.id), 'refused');
    const reasons = await context.store.verifications.of((await context.store.releases.find('scanned', '1.0.0'))?.digest ?? '');
    assert.ok(reasons.every(({ revoked }) => revoked?.reason === 'a scan found CVE-2026-1, critical.' && revoked.by === 'ci'));
  });
});

describe('an override', () => {
  const { context } = planeAsking({ evidence: ['tests'] });
  const wish = { ...toProd('urgent'), reason: 'A partner waits for it.' };

  it('takes two people, opens one installation, and is refused the second time', async () => {
    await ready(context, 'urgent');
    assert.equal((await requestDeployment(context, 'lea', toProd('urgent'))).state, 'refused');
    const { id } = await requestOverride(context, 'lea', wish);
    await refused('own-request', approveOverride(context, 'lea', id));
    assert.equal((await requestDeployment(context, 'lea', toProd('urgent'))).state, 'refused');
    await approveOverride(context, 'marc', id);
    await refused('no-longer-open', approveOverride(context, 'ines', id));
    const waiting = await requestDeployment(context, 'lea', toProd('urgent'));
    assert.deepEqual([waiting.state, waiting.override], ['waiting', id]);
    await moving(context, async () => assert.equal((await ended(context, waiting.id)).state, 'succeeded'));
    const [consumed] = await listOverrides(context, { component: 'urgent' });
    assert.deepEqual([consumed?.state, consumed?.consumedBy], ['consumed', waiting.id]);
    assert.equal((await requestDeployment(context, 'lea', toProd('urgent'))).state, 'refused');
    const told = await context.store.views.audit({ after: 0, limit: 1000 });
    assert.deepEqual(
      told.filter(({ subject }) => subject === `override/${id}`).map(({ what, who }) => `${what} ${who}`),
      ['override.requested lea', 'override.approved marc', 'override.consumed beluga'],
    );
  });

  it('that another deployment consumed in the meantime leaves the gates closed at the start', async () => {
    await ready(context, 'raced');
    const { id } = await requestOverride(context, 'lea', { ...wish, component: 'raced' });
    await approveOverride(context, 'marc', id);
    const waiting = await requestDeployment(context, 'lea', toProd('raced'));
    await database.pool.query('update gate_override set consumed_by = $1, consumed_at = now() where id = $2', ['dep-other', id]);
    await moving(context, async () => {
      const { state, reason } = await ended(context, waiting.id);
      assert.equal(state, 'refused');
      assert.match(reason ?? '', /lacks evidence: no tests/);
    });
  });

  it('that comes when a gate has closed before the turn is used at the start, and stands in the change', async () => {
    await ready(context, 'later');
    const passed = { component: 'later', version: '1.0.0', kind: 'tests', outcome: 'passed', summary: 'all' } as const;
    await recordEvidence(context, 'ci', passed);
    const waiting = await requestDeployment(context, 'lea', toProd('later'));
    assert.deepEqual([waiting.state, waiting.override], ['waiting', null]);
    await database.pool.query('delete from evidence where release_digest = $1 and kind = $2', [waiting.releaseDigest, 'tests']);
    const { id } = await requestOverride(context, 'lea', { ...wish, component: 'later' });
    await approveOverride(context, 'marc', id);
    await moving(context, async () => assert.equal((await ended(context, waiting.id)).state, 'succeeded'));
    assert.equal((await context.store.changes.find(waiting.id))?.facts.override?.approvedBy, 'marc');
  });

  it('is kept for when it is needed, and expires', async () => {
    await ready(context, 'fit');
    await recordEvidence(context, 'ci', { component: 'fit', version: '1.0.0', kind: 'tests', outcome: 'passed', summary: 'all' });
    const { id } = await requestOverride(context, 'lea', { ...wish, component: 'fit' });
    await approveOverride(context, 'marc', id);
    assert.equal((await requestDeployment(context, 'lea', toProd('fit'))).override, null);
    const far = context
      .now()
      .add({ hours: 24 * 8 })
      .toString();
    await refused('expiry-out-of-range', requestOverride(context, 'lea', { ...wish, component: 'fit', expiresAt: far }));
  });
});

describe('an approval', () => {
  const { context } = planeAsking({ approvals: 1 });

  it('is given by another person, for the plan it saw, and for no other', async () => {
    await ready(context, 'seen');
    const { id, planHash } = await requestApproval(context, 'lea', toProd('seen'));
    assert.equal((await requestApproval(context, 'lea', toProd('seen'))).id, id);
    assert.equal(planHash, (await planDeployment(context, 'lea', toProd('seen'))).hash);
    await refused('own-request', decideApproval(context, 'lea', { id, decision: 'approved' }));
    assert.equal((await requestDeployment(context, 'lea', toProd('seen'))).state, 'refused');
    await decideApproval(context, 'marc', { id, decision: 'approved' });
    assert.equal((await requestDeployment(context, 'marc', toProd('seen'))).state, 'refused');
    await moving(context, async () => {
      assert.equal((await deploy(context, 'seen', '1.0.0', 'prod')).state, 'succeeded');
      // What it replaces is another release now: the plan is no longer the one that was seen. It needs no approval, as it is a standard one.
      assert.equal((await deploy(context, 'seen', '1.0.0', 'prod')).state, 'succeeded');
    });
    assert.deepEqual(
      (await listApprovals(context, { component: 'seen' })).map(({ state }) => state),
      ['void'],
    );
    await refused('plan-changed', decideApproval(context, 'ines', { id, decision: 'approved' }));
  });

  it('may be refused, with the reason', async () => {
    await ready(context, 'rejected');
    const { id } = await requestApproval(context, 'lea', toProd('rejected'));
    await decideApproval(context, 'marc', { id, decision: 'rejected', reason: 'Not before Monday.' });
    const { state, reason } = await requestDeployment(context, 'lea', toProd('rejected'));
    assert.equal(state, 'refused');
    assert.match(reason ?? '', /marc rejected the plan of rejected@1\.0\.0: Not before Monday\./);
  });
});

describe('the stop button', () => {
  const { context } = planeAsking();

  it('lets nothing start on any server, what waits goes on when it is resumed, and a rollback that names its incident starts', async () => {
    await release(context, 'held', '1.0.0');
    await release(context, 'held', '2.0.0');
    await moving(context, async () => {
      for (const version of ['1.0.0', '2.0.0']) await deploy(context, 'held', version, 're7');
      await release(context, 'queued', '1.0.0');
    });
    const waiting = await requestDeployment(context, 'lea', { component: 'queued', version: '1.0.0', environment: 're7' });
    await stopLine(context, 'ines', 'Payments fail.');
    await refused('line-stopped-already', stopLine(context, 'marc', 'Again.'));
    await moving(context, async () => {
      const back = { component: 'held', environment: 're7' };
      const held = await rollBack(context, 'lea', back);
      assert.equal(held.state, 'refused');
      assert.match(held.reason ?? '', /ines stopped the line .*: Payments fail\./);
      const mending = await ended(context, (await rollBack(context, 'lea', { ...back, incident: 'INC0012345' })).id);
      assert.deepEqual([mending.state, mending.incident], ['succeeded', 'INC0012345']);
      assert.equal(await stateOf(context, waiting.id), 'waiting');
      await resumeLine(context, 'ines');
      assert.equal((await ended(context, waiting.id)).state, 'succeeded');
    });
    await refused('line-moves', resumeLine(context, 'ines'));
  });
});

describe('a soak and a readiness file', () => {
  const wanted = { soak: { forMs: 0, requests: 100, jobRuns: 1, protected: false }, readinessFile: true };
  const { context } = planeAsking(wanted, { readiness: ['rae'] });

  it('are proven by what happened and by whoever signs', async () => {
    await ready(context, 'proven');
    const { verdicts } = await planDeployment(context, 'lea', toProd('proven'));
    assert.deepEqual(
      verdicts.filter(({ verdict }) => verdict !== 'open').map(({ gate }) => gate),
      ['soak', 'readiness'],
    );
    const { digest = '' } = (await context.store.releases.find('proven', '1.0.0')) ?? {};
    const reading = (requests: number, releaseDigest: string | null = digest) =>
      context.store.traffic.keepReading({ component: 'proven', environment: 're7', releaseDigest, requests }, '2026-01-01T00:00:00Z');
    // What the router counts while a deployment moves is nobody's; a counter that fell began anew.
    await reading(0, null);
    for (const [requests, counted] of [
      [900, 0],
      [960, 60],
      [20, 80],
    ] as const) {
      await reading(requests);
      assert.equal(await context.store.traffic.requests(digest, 're7'), counted);
    }
    await reading(1_000, null);
    await reading(2_000);
    assert.equal((await planDeployment(context, 'lea', toProd('proven'))).allowed, false);
    await addTraffic(context, { component: 'proven', environment: 're7', requests: 20 });
    await signReadiness(context, 'ines', { system: 'contrats', line: 'rae' });
    assert.equal((await planDeployment(context, 'lea', toProd('proven'))).allowed, true);
  });

  it('are told by a simulation of a release tagged now', async () => {
    const { earliest, stages } = await simulateRelease(context, 'lea', { component: 'proven', environment: 'prod' });
    assert.ok(earliest !== null);
    assert.deepEqual(stages.at(-1)?.needs, ['0 s and 100 requests in re7']);
    assert.equal(stages.length, 2);
  });
});

describe('a token', () => {
  const { context } = planeAsking();

  it('is made and revoked by the owner only, opens as the person it names, and is kept as a hash', async () => {
    await refused('only-the-owner', createToken(context, 'lea', { name: 'marc' }));
    const { id, secret } = await createToken(context, 'owner', { name: 'marc' });
    assert.deepEqual(await context.store.tokens.owner(secret), { name: 'marc', access: 'write' });
    const { rows } = await database.pool.query('select * from token');
    assert.doesNotMatch(JSON.stringify([rows, await context.store.views.audit({ after: 0, limit: 1000 })]), new RegExp(secret));
    await revokeToken(context, 'owner', id);
    assert.equal(await context.store.tokens.owner(secret), null);
    await refused('unknown-token', revokeToken(context, 'owner', id));
  });
});
