import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OperationId, routeTable, shapes } from '@beluga/contract';
import { platformOf } from '@beluga/contract/platform';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { decideApproval, requestApproval } from '../actions/approve-plan.ts';
import { release } from '../reconcile/for-tests.ts';
import { listen, token } from './for-tests.ts';

type Document = {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly operationId: string; readonly responses: object; readonly security?: readonly unknown[] }>>
    >
  >;
};

const usual = platformOf(null);
const asking = {
  ...usual,
  environments: usual.environments.map((one) => (one.name === 'prod' ? { ...one, gates: { ...one.gates, approvals: 1 } } : one)),
  policies: { exemptions: [], socles: [], readiness: ['rae'] },
};
const { url, context, engine } = await listen({ platform: asking });
const document = (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as Document;
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
);

test('the document is OpenAPI 3.1 and describes every route of the contract, and no other', () => {
  assert.equal(document.openapi, '3.1.0');
  const wanted = routeTable.map(({ id, method, url: path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')} ${id}`);
  const found = described.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`);
  assert.deepEqual(found.toSorted(), wanted.toSorted());
});

test('every operation tells its successes, its problems and whether it needs a token', () => {
  for (const { operationId, responses, security } of described) {
    const statuses = Object.keys(responses);
    const wanted = Object.keys(shapes[operationId as OperationId].responses);
    assert.deepEqual(statuses.toSorted(), [...wanted, '4XX', '5XX'].toSorted(), operationId);
    const route = routeTable.find(({ id }) => id === operationId);
    assert.equal((security ?? []).length > 0, route?.access !== 'public', operationId);
  }
});

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const layers = [{ digest: digest('b'), sizeBytes: 12, storey: 'application' }];
const manifest = {
  apiVersion: 'beluga/v1',
  kind: 'Service',
  metadata: { name: 'web', system: 'contrats' },
  config: { env: { A: 1 }, secrets: [{ name: 'db', ref: 'file:/etc/db' }] },
};
const commit = { id: 'c0ffee', branch: 'main', subject: 'Greet', author: 'lea', at: '2026-01-01T00:00:00Z' };
const request = { manifest, version: '1.0.0', image: `127.0.0.1:4600/web@${digest('a')}`, layers, commit };
const place = 'component=web&environment=dev';
const job = { component: 'relance', environment: 'dev' };
const freeze = { name: 'year-end', start: '2026-12-20T18:00', for: '15d', rule: 'FREQ=YEARLY', reason: 'The books are closed.' };
const ics = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'BEGIN:VEVENT',
  'UID:1',
  'DTSTART:20270101T090000Z',
  'DURATION:PT1H',
  'SUMMARY:x',
  'END:VEVENT',
]
  .concat('END:VCALENDAR')
  .join('\r\n');

const layer = (letter: string) => ({ digest: digest(letter), sizeBytes: 12, storey: 'socle' });
const socle = (letter: string) => ({
  image: `127.0.0.1:4600/base@${digest(letter)}`,
  vendor: `127.0.0.1:4600/os@${digest('d')}`,
  layers: [layer(letter)],
  runtime: { node: '26' },
});
const moved = { component: 'web', version: '2.0.0', image: `127.0.0.1:4600/web@${digest('e')}`, layers: [layer('d'), ...layers] };

/** The first one there, which makes its change a normal one. */
const installation = { component: 'rappel', environment: 'prod', version: '1.0.0' };
const [past, soon] = ['2026-01-01T00:00:00Z', '2126-01-01T00:00:00Z'];
const days = { opensAt: past, locksAt: past, rehearsalAt: past, departsAt: soon };

/** A journey through every operation that answers with JSON, in an order in which each succeeds. */
const journey: readonly (readonly [id: OperationId, status: number, path: string, body?: object, who?: string])[] = [
  ['health', 200, '/health'],
  ['describeApi', 200, '/openapi.json'],
  ['registerRelease', 201, '/releases', request],
  ['registerRelease', 200, '/releases', request],
  ['listReleases', 200, '/releases?component=web'],
  ['showRelease', 200, '/releases/web/1.0.0'],
  ['showRegistry', 200, '/registry'],
  ['listComponents', 200, '/components'],
  ['planDeployment', 200, '/plans', { component: 'web', environment: 'dev', version: '1.0.0' }],
  ['planDeployment', 200, '/plans', { component: 'web', environment: 'prod', version: '1.0.0' }],
  ['requestDeployment', 201, '/deployments', { component: 'web', environment: 'prod', version: '1.0.0' }],
  ['listChanges', 200, '/changes?component=web&state=cancelled'],
  ['showChange', 200, '/changes/LATEST'],
  ['reviewChange', 200, '/changes/LATEST/review', { note: 'It was asked for too early.' }],
  ['planDeployment', 200, '/plans', installation],
  ['requestDeployment', 201, '/deployments', { ...installation, waitForGates: true }],
  ['approveChange', 200, '/changes/LATEST/approve', { planHash: 'PLAN', reason: 'Looked at.' }, 'marc'],
  ['cancelChange', 200, '/changes/LATEST/cancel', { reason: 'The partner is not ready.' }],
  ['requestDeployment', 201, '/deployments', { ...installation, waitForGates: true }, 'marc'],
  ['refuseChange', 200, '/changes/LATEST/refuse', { planHash: 'PLAN' }, 'owner'],
  ['showPlatform', 200, '/platform'],
  ['showSystemPublication', 200, '/publications/of-system/contrats?days=7&language=en'],
  ['listPublications', 200, '/publications?system=contrats&language=en'],
  ['showPublication', 200, '/publications/INSTALLED?language=en'],
  ['measureDelivery', 200, '/measures?system=contrats&days=7'],
  ['mapAutomation', 200, '/automation?system=contrats'],
  ['listDeliveries', 200, '/deliveries?state=dead'],
  ['replayDelivery', 200, '/deliveries/dlv-1/replay', {}],
  ['requestDeployment', 201, '/deployments', { component: 'web', environment: 'dev', version: '1.0.0' }],
  ['listDeployments', 200, `/deployments?${place}&limit=10`],
  ['countInstallations', 200, '/installations?environment=dev&from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z'],
  ['showDeployment', 200, '/deployments/LATEST'],
  ['rollBack', 201, '/rollbacks', { component: 'web', environment: 'dev', version: '1.0.0' }],
  ['cancelDeployment', 200, '/deployments/LATEST/cancel', {}],
  ['listInstances', 200, `/instances?${place}`],
  ['listDrift', 200, '/drift?open=true'],
  ['repairDrift', 200, '/drift/repair', { component: 'vitrine', environment: 'dev' }],
  ['listSamples', 200, '/samples?component=vitrine&environment=dev'],
  ['listLeftovers', 200, '/leftovers'],
  ['clean', 200, '/leftovers/removal', {}],
  ['showConfig', 200, `/config?${place}&version=1.0.0`],
  ['runJob', 201, '/runs', job],
  ['listRuns', 200, '/runs?component=relance&environment=dev'],
  [
    'recordSocle',
    200,
    '/socles/node-26',
    { image: `127.0.0.1:4600/node@${digest('c')}`, vendor: `127.0.0.1:4600/os@${digest('d')}`, layers: [] },
  ],
  ['listSocles', 200, '/socles'],
  ['recordSocle', 200, '/socles/base', socle('c')],
  ['registerRelease', 201, '/releases', { ...request, version: '2.0.0', layers: [layer('c'), ...layers] }],
  ['recordSocle', 200, '/socles/base', socle('d')],
  ['showSocle', 200, '/socles/base'],
  ['planRebase', 200, '/socles/base/rebase'],
  ['rebaseReleases', 200, '/socles/base/rebase', { releases: [moved, { ...moved, version: '3.0.0' }] }],
  ['deprecateSocle', 200, '/socles/base/deprecation', { reason: 'replaced', instead: 'node-26' }],
  [
    'recordEvidence',
    201,
    '/releases/web/1.0.0/evidence',
    {
      ...{ kind: 'scan', outcome: 'failed', summary: '1 finding', digest: digest('e'), expiresAt: '2126-01-01T00:00:00Z' },
      findings: [{ id: 'CVE-2026-1', severity: 'high', package: 'pkg:npm/left-pad@1.0.0', storey: null }],
    },
  ],
  ['listEvidence', 200, '/releases/web/1.0.0/evidence'],
  ['showCompliance', 200, '/releases/web/1.0.0/compliance'],
  ['showSbom', 200, '/releases/web/1.0.0/sbom'],
  ['listExposures', 200, '/exposures?what=CVE-2026-1'],
  ['listSigningKeys', 200, '/signing-keys'],
  ['simulateRelease', 200, '/simulations', { component: 'web', environment: 'prod' }],
  ['listVerifications', 200, '/releases/relance/1.0.0/verifications'],
  ['revokeVerification', 200, '/releases/relance/1.0.0/verifications/revoke', { environment: 'dev', reason: 'It lied.' }],
  ['listVerifications', 200, '/releases/relance/1.0.0/verifications'],
  ['requestApproval', 201, '/approvals', { component: 'web', version: '1.0.0', environment: 'prod' }],
  ['requestApproval', 201, '/approvals', { component: 'web', version: '1.0.0', environment: 'prod' }, 'marc'],
  ['decideApproval', 200, '/approvals/LATEST/decision', { decision: 'approved', reason: 'Seen.' }],
  ['listApprovals', 200, '/approvals?environment=prod'],
  ['requestOverride', 201, '/overrides', { component: 'web', version: '1.0.0', environment: 'prod', reason: 'Now.' }, 'marc'],
  ['approveOverride', 200, '/overrides/LATEST/approve', {}],
  ['listOverrides', 200, '/overrides?component=web'],
  ['stopLine', 200, '/line/stop', { reason: 'Payments fail.' }],
  ['showLine', 200, '/line'],
  ['resumeLine', 200, '/line/resume', {}],
  ['signReadiness', 200, '/readiness/contrats', { line: 'rae', note: 'DOC-12', expiresAt: '2126-01-01T00:00:00Z' }],
  ['showReadiness', 200, '/readiness/contrats'],
  ['addTraffic', 200, '/traffic', { ...job, requests: 12 }],
  ['createToken', 201, '/tokens', { name: 'ines' }, 'owner'],
  ['listTokens', 200, '/tokens'],
  ['revokeToken', 200, '/tokens/LATEST/revoke', {}, 'owner'],
  ['previewCalendarEntry', 200, '/calendar/preview', { kind: 'freeze', entry: freeze }],
  ['addCalendarEntry', 201, '/calendar/entries', { kind: 'freeze', entry: freeze }],
  ['showCalendar', 200, '/calendar?environment=prod&from=2026-12-01T00:00:00Z&to=2027-01-31T00:00:00Z'],
  ['removeCalendarEntry', 200, '/calendar/entries/LATEST/remove', {}],
  ['importCalendar', 200, '/calendar/import', { kind: 'window', calendar: ics }],
  ['createTrain', 201, '/trains', { name: 'avril', ...days }],
  ['boardTrain', 200, '/trains/avril/members', { component: 'web', version: '1.0.0' }],
  ['leaveTrain', 200, '/trains/avril/removals', { component: 'web' }],
  ['boardTrain', 200, '/trains/avril/members', { component: 'relance', version: '1.0.0' }],
  ['lockTrain', 200, '/trains/avril/lock', {}],
  ['reopenTrain', 200, '/trains/avril/reopen', { locksAt: days.locksAt }],
  ['lockTrain', 200, '/trains/avril/lock', {}],
  ['showTrain', 200, '/trains/avril'],
  ['approveTrain', 200, '/trains/avril/approvals', { reason: 'Seen.' }, 'marc'],
  ['moveTrain', 201, '/trains/avril/trips', { kind: 'rehearsal' }],
  ['showTrainPublication', 200, '/publications/of-train/avril'],
  ['createTrain', 201, '/trains', { name: 'octobre', ...days }],
  ['cancelTrain', 200, '/trains/octobre/cancel', {}],
  ['listTrains', 200, '/trains'],
  ['showScale', 200, '/scale?component=vitrine&environment=dev'],
  ['setScale', 200, '/scale', { component: 'vitrine', environment: 'dev', to: 3 }],
  ['showEstate', 200, '/estate'],
  ['showComponent', 200, '/components/web'],
  ['makeSignInLink', 201, '/sign-in-links', {}],
  ['openSession', 201, '/sessions', { token }],
  ['showSession', 200, '/session'],
  ['closeSession', 200, '/session/close', {}],
  ['status', 200, '/status'],
  ['showEstate', 200, '/estate?today=2026-01-01T00:00:00Z'],
  ['showComponent', 200, '/components/web'],
  ['openSession', 201, '/sessions', { token }],
  ['showSession', 200, '/session'],
  ['closeSession', 200, '/session/close', {}],
  ['makeSignInLink', 201, '/sign-in-links', {}],
  ['readAudit', 200, '/audit?after=0&limit=1000'],
  ['readAudit', 200, '/audit?before=1000000&search=Lea%20release&limit=10'],
];

type Answer = { readonly id?: string; readonly hash?: string; readonly entry?: { readonly id: string } };

test('every real answer fits the schema that the document promises', async () => {
  await installJob();
  await giveUpADelivery();
  await strangerFound();
  let [latest, plan] = ['', ''];
  for (const who of ['marc', 'owner']) await context.store.tokens.add(`token-of-${who}`, who, '2026-01-01T00:00:00Z');
  for (const [id, status, path, body, who] of journey) {
    const route = routeTable.find((one) => one.id === id);
    const response = await fetch(`${url}/api/v1${path.replace('LATEST', latest).replace('INSTALLED', installed)}`, {
      method: route?.method ?? 'GET',
      headers: { authorization: `Bearer ${who === undefined ? token : `token-of-${who}`}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body).replace('PLAN', plan) }),
    });
    const answer = (await response.json()) as Answer;
    assert.equal(response.status, status, `${id}: ${JSON.stringify(answer)}`);
    assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
    const compiled = Compile((shapes[id].responses as Readonly<Record<number, TSchema>>)[status] as TSchema);
    assert.ok(compiled.Check(answer), `${id}: ${JSON.stringify(compiled.Errors(answer))}`);
    latest = answer.id ?? answer.entry?.id ?? latest;
    plan = answer.hash ?? plan;
  }
  const untried = routeTable.filter(({ id, stream }) => stream === undefined && !journey.some(([tried]) => tried === id));
  assert.deepEqual(
    untried.map(({ id }) => id),
    [],
  );
});

async function strangerFound(): Promise<void> {
  const found = [{ instance: 'curious', kind: 'stranger', sentence: 'The container curious is on the network of dev.' }] as const;
  const finding = { component: '', environment: 'dev', found, repair: 'report', event: null, at: '2026-01-01T00:00:00Z' } as const;
  await context.store.drift.settle({ ...finding, kinds: ['stranger'] }, () => 'drift-1');
  const limits = [{ instance: 'vitrine.dev.0', kind: 'limits', sentence: 'vitrine.dev.0 has other limits.' }] as const;
  await context.store.drift.settle({ ...finding, component: 'vitrine', found: limits, kinds: ['limits'] }, () => 'drift-2');
}

/** A delivery that was given up, so that it can be sent again. */
async function giveUpADelivery(): Promise<void> {
  const { deliveries } = context.store;
  const now = context.now();
  const draft = { target: 'itsm', key: 'chg-1', body: { kind: 'change' as const, changes: ['chg-1'] }, afterMs: 0, joinsMs: 0 };
  await deliveries.relay(
    () => [],
    () => '',
    now,
  );
  await release(context, 'told', '1.0.0');
  await deliveries.relay(
    () => [draft],
    () => 'dlv-1',
    now,
  );
  const [delivery] = await deliveries.take(1, 1_000, now);
  assert.ok(delivery !== undefined);
  await deliveries.end(delivery, { state: 'dead', problem: 'it answered 404' }, now.toString());
}

let installed = '';

/** A service that runs, and a job that is recorded as installed, so that it can be run, and in production. */
async function installJob(): Promise<void> {
  const { startLoop } = await import('../reconcile/loop.ts');
  const { deploy, quickPace } = await import('../reconcile/for-tests.ts');
  const loop = startLoop(context, 'api-test', quickPace);
  await release(context, 'vitrine', '1.0.0');
  await deploy(context, 'vitrine', '1.0.0', 'dev');
  const jobs = ['relance', 'rappel'];
  for (const name of jobs) await release(context, name, '1.0.0', { kind: 'Job', run: { schedule: '0 6 1 1 *' } });
  for (const environment of ['dev', 'int', 're7', 'preprod'])
    await Promise.all(jobs.map((name) => deploy(context, name, '1.0.0', environment)));
  const { id } = await requestApproval(context, 'lea', { component: 'relance', environment: 'prod', version: '1.0.0' });
  await decideApproval(context, 'marc', { id, decision: 'approved' });
  const last = await deploy(context, 'relance', '1.0.0', 'prod');
  await loop.stop();
  const { state, reason } = last;
  installed = last.id;
  assert.equal(state, 'succeeded', `${reason} ${engine.performed.length}`);
}
