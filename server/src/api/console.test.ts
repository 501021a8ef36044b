import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ComponentPageSchema, type ComponentPageView, EstateSchema, type EstateView, type Problem } from '@beluga/contract';
import { Value } from 'typebox/value';
import { deploy, quickPace, release } from '../reconcile/for-tests.ts';
import { startLoop } from '../reconcile/loop.ts';
import { listen, token } from './for-tests.ts';

const { url, client, context } = await listen();
type Opened = { readonly cookie: string; readonly proof: string };

async function signIn(body: object): Promise<Response> {
  return fetch(`${url}/api/v1/sessions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

async function opened(body: object): Promise<Opened> {
  const response = await signIn(body);
  assert.equal(response.status, 201);
  const header = response.headers.get('set-cookie') ?? '';
  assert.match(header, /^beluga-\d+=[\w-]{40,}; Path=\/api\/v1; HttpOnly; SameSite=Strict$/);
  const { proof } = (await response.json()) as { proof: string };
  return { cookie: header.split(';')[0] ?? '', proof };
}

function look(headers: Readonly<Record<string, string>>): Promise<number> {
  return fetch(`${url}/api/v1/session`, { headers }).then(({ status }) => status);
}

test('a browser signs in with a token; its cookie opens nothing without the proof that the page keeps', async () => {
  const { cookie, proof } = await opened({ token });
  assert.equal(await look({ cookie, 'x-beluga-proof': proof }), 200);
  assert.equal(await look({ cookie }), 401);
  assert.equal(await look({ 'x-beluga-proof': proof }), 401);
  const other = await opened({ token });
  assert.equal(await look({ cookie, 'x-beluga-proof': other.proof }), 401);
});

test('a link signs in once, for the one who asked for it', async () => {
  const { code } = await client.makeSignInLink();
  const { cookie, proof } = await opened({ code });
  const session = await fetch(`${url}/api/v1/session`, { headers: { cookie, 'x-beluga-proof': proof } });
  assert.equal(((await session.json()) as { name: string }).name, 'lea');
  const again = await signIn({ code });
  assert.equal(again.status, 403);
  assert.equal(((await again.json()) as Problem).code, 'link-used');
});

test('a link is of no use after ten minutes, a session after twelve hours', async () => {
  let now = Temporal.Now.instant();
  const later = await listen({ now: () => now });
  const { code } = await later.client.makeSignInLink();
  const session = await later.context.store.sessions.open('lea', { at: now.toString(), until: now.add({ hours: 12 }).toString() });
  now = now.add({ minutes: 10 });
  const answer = await fetch(`${later.url}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  assert.equal(answer.status, 403);
  const owner = (at: Temporal.Instant) => later.context.store.sessions.owner(session.cookie, session.proof, at.toString());
  assert.equal((await owner(now))?.name, 'lea');
  assert.equal(await owner(now.add({ hours: 12 })), null);
});

test('who signs out is signed out; a wrong token is refused with the way to a good one', async () => {
  const { cookie, proof } = await opened({ token });
  const headers = { cookie, 'x-beluga-proof': proof, 'content-type': 'application/json' };
  assert.equal((await fetch(`${url}/api/v1/session/close`, { method: 'POST', headers, body: '{}' })).status, 200);
  assert.equal(await look({ cookie, 'x-beluga-proof': proof }), 401);
  const refused = await signIn({ token: 'wrong' });
  assert.equal(refused.status, 403);
  assert.match(((await refused.json()) as Problem).remedy, /beluga open/);
});

test('the estate tells what runs where, what is behind, what is red and why, also as it was', async () => {
  const loop = startLoop(context, 'estate-test', quickPace);
  await release(context, 'api', '1.0.0');
  await deploy(context, 'api', '1.0.0', 'dev');
  await deploy(context, 'api', '1.0.0', 'int');
  const between = context.now().toString();
  await release(context, 'api', '1.1.0', { dependsOn: ['web'] });
  await release(context, 'api', '1.2.0', { dependsOn: ['web'] });
  await deploy(context, 'api', '1.2.0', 'dev');
  await loop.stop();

  const estate: EstateView = await client.showEstate();
  assert.ok(Value.Check(EstateSchema, estate));
  const cells = estate.rows.find((row) => row.component === 'api')?.cells ?? [];
  assert.deepEqual(
    cells.map(({ environment, version, behind, state, ready }) => [environment, version, behind, state, ready]),
    [
      ['dev', '1.2.0', 0, 'serving', 2],
      ['int', '1.0.0', 2, 'serving', 2],
    ],
  );
  assert.deepEqual([estate.counts.systems, estate.counts.components, estate.counts.instances], [1, 1, 4]);
  const former = await client.showEstate({ at: between });
  assert.deepEqual(
    former.rows.flatMap((row) => row.cells).map(({ environment, version }) => `${environment} ${version}`),
    ['dev 1.0.0', 'int 1.0.0'],
  );
});

test('a component comes with its stages, what is between them, and what may be done and why not', async () => {
  const page: ComponentPageView = await client.showComponent({ component: 'api' });
  assert.ok(Value.Check(ComponentPageSchema, page), JSON.stringify(Value.Errors(ComponentPageSchema, page)));
  const [dev, int, re7] = page.stages;
  assert.deepEqual([dev?.next, int?.next, re7?.next], [null, '1.2.0', '1.0.0']);
  assert.deepEqual(
    int?.between.map(({ version }) => version),
    ['1.2.0', '1.1.0'],
  );
  assert.deepEqual([dev?.former, dev?.can.rollBack.allowed], ['1.0.0', true]);
  assert.equal(int?.can.rollBack.allowed, false);
  assert.match(int?.can.rollBack.reason ?? '', /No other release was ever installed here/);
  assert.match(dev?.can.deploy.reason ?? '', /newest release is here/);
  assert.deepEqual(page.component.dependsOn, ['web']);
  await assert.rejects(client.showComponent({ component: 'nobody' }), /No component is called nobody/);
});
