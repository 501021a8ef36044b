import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { addEntry } from '../../server/src/actions/edit-calendar.ts';
import { approveOverride, requestOverride } from '../../server/src/actions/override-gates.ts';
import { boardTrain, createTrain, lockTrain } from '../../server/src/actions/plan-train.ts';
import { requestDeployment } from '../../server/src/actions/request-deployment.ts';
import { openBrowser, person, watched } from './browser.ts';
import { keepsFocus, press, write } from './keyboard.ts';
import { settled } from './pages.ts';
import { Plane } from './plane.ts';
import { travel } from './story.ts';

const plane = await Plane.open({
  platform: {
    apiVersion: 'beluga/v1',
    kind: 'Platform',
    environments: [{ name: 'dev' }, { name: 'int' }, { name: 're7' }, { name: 'preprod' }, { name: 'prod', gates: { approvals: 1 } }],
  },
});
const browser = await openBrowser();
after(async () => {
  await browser.close();
  await plane.stop();
});
await plane.context.store.tokens.add('the-token-of-paul', 'paul', '2026-01-01T00:00:00Z');
await plane.release('contrats-web', '1.0.0', { subject: 'feat: montre le portefeuille' });
await travel(plane, 'contrats-web', '1.0.0', ['dev', 'int', 're7', 'preprod']);

async function enters(path: string, who: string): Promise<{ readonly page: Page; readonly broken: readonly string[] }> {
  const page = await (await person(browser)).newPage();
  const broken = watched(page, () => plane.url);
  await page.goto(await plane.link(path, who));
  await settled(page);
  return { page, broken };
}

test('who asks is told that somebody else decides; the other looks at the plan and approves it by keyboard alone', async () => {
  const asking = await enters('/components/contrats-web', 'lea');
  const { page } = asking;
  await page.getByRole('button', { name: 'Take 1.0.0 here' }).click();
  await page.getByText('it can wait for its gates').waitFor();
  await page.getByText('SBOM passed').waitFor();
  await page.getByRole('button', { name: 'Ask for prod, and wait for the gates' }).click();
  await page.locator('.page-head').getByText('waiting').waitFor();
  const [change] = await plane.context.store.changes.list({ component: 'contrats-web', limit: 1 });
  await page.goto(`${plane.url}/changes/${change?.id}`);
  await page.getByText('nobody approves their own request').waitFor();

  const deciding = await enters(`/changes/${change?.id}`, 'paul');
  const other = deciding.page;
  await other.getByText('It waits for somebody other than the one who asked').waitFor();
  await other
    .getByText(change?.facts.plan.hash ?? 'no plan')
    .first()
    .waitFor();
  assert.ok(await other.getByRole('button', { name: 'Refuse it' }).isDisabled(), 'a no needs its reason');
  await press(other, other.getByRole('button', { name: 'Approve this plan' }));
  await other.getByText('Approved by paul').waitFor();
  await page.getByText('Approved by paul').waitFor();
  await other.locator('.page-head').getByText('successful').waitFor();
  for (const { broken } of [asking, deciding]) assert.deepEqual(broken, []);
  await page.context().close();
  await other.context().close();
});

test('a train is approved as one by another person than who made it, for the plan that is shown, by keyboard alone', async () => {
  // Nothing of it is in production yet to come back to: its change is a normal one.
  await plane.release('sinistres-web', '1.0.0', { subject: 'feat: affiche la franchise', env: { FRANCHISE: 'oui' } });
  await travel(plane, 'sinistres-web', '1.0.0', ['dev', 'int', 're7']);
  const inHours = (hours: number): string => plane.context.now().add({ hours }).toString();
  const dates = { opensAt: inHours(-1), locksAt: inHours(1), rehearsalAt: inHours(2), departsAt: inHours(3) };
  await createTrain(plane.context, 'lea', { name: 'octobre', ...dates });
  await boardTrain(plane.context, 'lea', { train: 'octobre', component: 'sinistres-web', version: '1.0.0' });
  await lockTrain(plane.context, 'lea', 'octobre');
  plane.aheadHours += 4;
  const making = await enters('/trains/octobre', 'lea');
  const { page } = making;
  await does(page, 'Rehearse');
  await page.locator('.page-head').getByText('rehearsed', { exact: true }).waitFor();
  await page.getByText('you made this train, and nobody approves their own request').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Approve this plan' }).count(), 0);

  const deciding = await enters('/trains/octobre', 'paul');
  const other = deciding.page;
  await other.getByText('It waits for somebody other than lea').waitFor();
  await press(other, other.getByText('What sinistres-web brings'));
  await other.getByText('FRANCHISE', { exact: true }).waitFor();
  await other.getByText(/^beluga train approve octobre --plan sha256:[0-9a-f]{64}$/).waitFor();
  await write(other, other.getByLabel('Why, if it needs saying'), 'Vu en preprod');
  await press(other, other.getByRole('button', { name: 'Approve this plan' }));
  await other.getByText('Approved by paul').first().waitFor();
  await keepsFocus(other);
  await page.getByText('Approved by paul').first().waitFor();
  await does(page, 'Let it depart');
  await page.locator('.page-head').getByText('arrived').waitFor();
  const [approval] = await plane.context.store.approvals.list({ component: 'sinistres-web', environment: 'prod' });
  assert.deepEqual(
    approval?.decisions.map(({ who, reason }) => `${who}: ${reason}`),
    ['paul: Vu en preprod'],
  );
  for (const { page: one, broken } of [making, deciding]) {
    assert.deepEqual(broken, []);
    await one.context().close();
  }
});

async function does(page: Page, name: string): Promise<void> {
  await press(page, page.locator('.page-actions').getByRole('button', { name, exact: true }));
  await press(page, page.getByRole('dialog').getByRole('button', { name, exact: true }));
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await keepsFocus(page);
}

test('a freeze shows what it holds up before it is recorded, and the stop button stands on every page until it is released', async () => {
  await plane.release('contrats-api', '1.0.0');
  await travel(plane, 'contrats-api', '1.0.0', ['dev', 'int', 're7', 'preprod']);
  const { page, broken } = await enters('/calendar', 'lea');
  await page.getByRole('button', { name: 'New freeze' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('fin-d-annee');
  await dialog.getByText('Use lower-case').or(dialog.getByText('contrats-api@1.0.0 → prod')).first().waitFor();
  await dialog.getByText('It holds up 1 release').waitFor();
  await dialog.getByRole('button', { name: 'Record the freeze' }).click();
  await page.getByText('fin-d-annee is recorded').waitFor();
  await page.getByRole('cell').getByText('fin-d-annee').first().waitFor();

  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByLabel('Why; everybody who is held up reads it').fill('La base des contrats répond mal');
  await page.getByRole('button', { name: 'Stop everything' }).click();
  await page.getByText('lea stopped the line:').waitFor();
  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByText('La base des contrats répond mal').first().waitFor();
  const refused = await plane.deploy('contrats-api', '1.0.0', 'dev');
  assert.equal((await plane.context.store.views.deployment(refused))?.state, 'refused');
  await page.getByRole('button', { name: 'Let it move again' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Let it move again' }).click();
  await page.getByText('lea stopped the line:').waitFor({ state: 'detached' });
  assert.equal(await plane.context.store.lineStops.current(), null);
  assert.deepEqual(broken, []);
  await page.context().close();
});

test('a change shows the rule that was overridden and by whom, what its gates said, and which open change it meets', async () => {
  const { context } = plane;
  await plane.release('contrats-web', '1.1.0', { subject: 'fix: ferme la faille' });
  await plane.release('contrats-mobile', '1.0.0', { dependsOn: ['contrats-web'] });
  for (const [name, version] of [
    ['contrats-web', '1.1.0'],
    ['contrats-mobile', '1.0.0'],
  ] as const)
    await travel(plane, name, version, ['dev', 'int', 're7', 'preprod']);
  const times = {
    start: '2020-01-01T00:00:00',
    end: '2099-01-01T00:00:00',
    rule: null,
    on: [],
    except: [],
    skip: [],
    timeZone: 'Europe/Paris',
  };
  const closure = { ...times, name: 'cloture', reason: 'Clôture', environments: ['prod'], systems: null, criticality: null };
  await addEntry(context, 'ines', { kind: 'freeze', entry: closure });
  const to = { component: 'contrats-web', version: '1.1.0', environment: 'prod' };
  const { id } = await requestOverride(context, 'lea', { ...to, reason: 'Faille exploitée depuis ce matin' });
  await approveOverride(context, 'paul', id);
  await requestDeployment(context, 'lea', { ...to, waitForGates: true });
  await requestDeployment(context, 'lea', { ...to, component: 'contrats-mobile', version: '1.0.0', waitForGates: true });

  const changeOf = async (component: string) => (await context.store.changes.list({ component, limit: 1 }))[0];
  const { page, broken } = await enters(`/changes/${(await changeOf('contrats-web'))?.id}`, 'lea');
  const card = (title: string) => page.locator('.pf-v6-c-card', { has: page.getByRole('heading', { name: title, exact: true }) });
  await card('A rule was overridden, once').getByText('Faille exploitée depuis ce matin').waitFor();
  await card('A rule was overridden, once').getByText('Asked for by lea, approved by paul').waitFor();
  await card('Gates').getByText('Order of the stages').waitFor();
  await page.goto(`${plane.url}/changes/${(await changeOf('contrats-mobile'))?.id}`);
  await card('Open changes it meets').getByText('contrats-web@1.1.0 contrats-mobile depends on it').waitFor();
  await page.getByRole('button', { name: 'Français' }).click();
  await page.getByText('contrats-mobile dépend de lui').waitFor();
  assert.deepEqual(broken, []);
  await page.context().close();
});
