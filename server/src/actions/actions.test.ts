import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { BelugaError, type ErrorCode } from '../errors.ts';
import { createPlane, deploy, quickPace, release, specOf } from '../reconcile/for-tests.ts';
import { startLoop } from '../reconcile/loop.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { planDeployment } from './plan-deployment.ts';
import { recordSocle } from './record-socle.ts';
import { registerRelease } from './register-release.ts';
import { requestDeployment } from './request-deployment.ts';
import { rollBack } from './roll-back.ts';
import { runJob } from './run-job.ts';
import { showConfig } from './show-config.ts';

const database = await withDatabase();
const { context, engine } = createPlane(database);

async function refused(code: ErrorCode, sentence: RegExp, work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof BelugaError, String(error));
    assert.equal(error.code, code);
    assert.match(`${error.message} ${error.remedy}`, sentence);
    return true;
  });
}

describe('a release', () => {
  const request = (image: string) => ({ spec: specOf('stable'), version: '1.0.0', image, layers: [], commit: null });
  const one = `127.0.0.1:4600/stable@sha256:${'1'.repeat(64)}`;
  const other = `127.0.0.1:4600/stable@sha256:${'2'.repeat(64)}`;

  it('registered again with the same content is the same release', async () => {
    const first = await registerRelease(context, 'lea', request(one));
    const again = await registerRelease(context, 'marc', request(one));
    assert.deepEqual([first.created, again.created], [true, false]);
    assert.equal(first.release.digest, again.release.digest);
    assert.equal(again.release.createdBy, 'lea');
  });

  it('never names two digests: other content under its version is refused with both', async () => {
    await refused(
      'release-exists',
      /already names sha256:[0-9a-f]{64}, not sha256:[0-9a-f]{64}/,
      registerRelease(context, 'lea', request(other)),
    );
  });

  it('of the same content under another version is another release', async () => {
    const next = await registerRelease(context, 'lea', { ...request(one), version: '1.0.1' });
    assert.equal(next.created, true);
    assert.notEqual(next.release.digest, (await registerRelease(context, 'lea', request(one))).release.digest);
  });

  it('needs an image that the registry holds', () =>
    refused(
      'image-missing',
      /does not hold .*missing@/,
      registerRelease(context, 'lea', request(`127.0.0.1:4600/missing@sha256:${'3'.repeat(64)}`)),
    ));

  it('may not speak of an environment that is not there', () => {
    const overlay = { env: {}, files: [], secrets: [], replicas: null, resources: null, schedule: null };
    const spec = { ...specOf('stray'), environments: { production: overlay } };
    return refused(
      'unknown-environment',
      /production.*Choose one of: dev, int, re7, preprod, prod/s,
      registerRelease(context, 'lea', { ...request(one), spec }),
    );
  });
});

describe('a request for what is not there', () => {
  const ask = (component: string, version: string, environment: string) =>
    requestDeployment(context, 'lea', { component, version, environment });

  it('names the known components', async () => {
    await release(context, 'known', '1.0.0');
    await refused('unknown-component', /No component is called knwon.*known/s, ask('knwon', '1.0.0', 'dev'));
  });
  it('names the known environments', () =>
    refused('unknown-environment', /Choose one of: dev, int, re7, preprod, prod/, ask('known', '1.0.0', 'production')));
  it('names the known versions', () => refused('unknown-version', /has no release 9.9.9.*1\.0\.0/s, ask('known', '9.9.9', 'dev')));
  it('leaves nothing behind', async () => {
    assert.deepEqual(await context.store.views.deployments({ component: 'known', limit: 10 }), []);
  });
});

describe('a rollback', () => {
  it('is refused where nothing was before', async () => {
    await release(context, 'fresh', '1.0.0');
    await refused('nothing-to-roll-back', /no former release in dev/, rollBack(context, 'lea', { component: 'fresh', environment: 'dev' }));
  });
});

describe('a plan', () => {
  it('tells gates and steps, is bound to its content by a hash, and changes nothing', async () => {
    await release(context, 'planned', '1.0.0');
    const wish = { component: 'planned', environment: 'dev', version: '1.0.0' };
    const plan = await planDeployment(context, 'lea', wish);
    assert.equal(plan.allowed, true);
    assert.deepEqual(
      plan.steps.map((step) => step.split(' ')[0]),
      ['Bring', 'Start', 'Wait', 'Shift'],
    );
    assert.equal(plan.hash, (await planDeployment(context, 'lea', wish)).hash);
    assert.notEqual(plan.hash, (await planDeployment(context, 'lea', { ...wish, environment: 'int' })).hash);
    assert.deepEqual((await engine.observe(wish)).instances, []);
    assert.deepEqual(await context.store.views.deployments({ component: 'planned', limit: 10 }), []);
  });
});

describe('a configuration', () => {
  it('is shown with the origin of each entry and never with the value of a secret', async () => {
    const spec = {
      ...specOf('shown', { dependsOn: ['contrats-api'] }),
      config: { env: { COLOUR: 'blue' }, files: [], secrets: [{ name: 'password', ref: 'env:SHOWN_PASSWORD' }] },
      environments: { prod: { env: { COLOUR: 'red' }, files: [], secrets: [], replicas: null, resources: null, schedule: null } },
    };
    const image = `127.0.0.1:4600/shown@sha256:${'4'.repeat(64)}`;
    await registerRelease(context, 'lea', { spec, version: '1.0.0', image, layers: [], commit: null });
    const entries = await showConfig(context, { component: 'shown', environment: 'prod', version: '1.0.0' });
    const of = (name: string) => entries.find((entry) => entry.name === name);
    assert.deepEqual(of('COLOUR'), { name: 'COLOUR', value: 'red', origin: 'environment' });
    assert.deepEqual(of('CONTRATS_API_URL'), { name: 'CONTRATS_API_URL', value: 'http://contrats-api', origin: 'dependency' });
    assert.deepEqual(of('/run/secrets/password'), { name: '/run/secrets/password', value: null, origin: 'secret' });
  });
});

describe('a job', () => {
  it('runs now when asked, with the release that is installed, and keeps its log', async () => {
    const loop = startLoop(context, 'server-1', quickPace);
    await release(context, 'nightly', '1.0.0', { kind: 'Job', run: { schedule: '0 3 * * *' } });
    await deploy(context, 'nightly', '1.0.0', 'dev');
    assert.deepEqual(await context.store.views.jobRuns({ component: 'nightly', environment: 'dev', limit: 10 }), []);
    const { id } = await runJob(context, 'lea', { component: 'nightly', environment: 'dev' });
    for (;;) {
      const run = (await context.store.views.jobRuns({ component: 'nightly', environment: 'dev', limit: 10 })).find((one) => one.id === id);
      if (run?.endedAt !== null && run !== undefined) {
        assert.deepEqual([run.state, run.exitCode, run.version, run.cause], ['succeeded', 0, '1.0.0', 'person']);
        break;
      }
      await sleep(10);
    }
    await loop.stop();
  });

  it('is the only kind that has runs', async () => {
    const loop = startLoop(context, 'server-1', quickPace);
    await release(context, 'no-job', '1.0.0');
    await deploy(context, 'no-job', '1.0.0', 'dev');
    await loop.stop();
    await refused('not-a-job', /no-job is not a Job/, runJob(context, 'lea', { component: 'no-job', environment: 'dev' }));
  });
});

describe('a socle', () => {
  it('must be an image that the registry holds', () =>
    refused(
      'image-missing',
      /missing/,
      recordSocle(context, 'lea', { name: 'node-26', image: '127.0.0.1:4600/missing@sha256:0', vendor: 'x', layers: [] }),
    ));
});
