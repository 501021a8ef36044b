import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { ApiError, createClient } from '@beluga/contract/client';
import type { Page } from 'playwright-core';
import { openBrowser, person, watched } from './browser.ts';
import { settled } from './pages.ts';
import { Plane } from './plane.ts';
import { stages, travel } from './story.ts';

/** Where Teams would be: refuses what it is told until it is said otherwise. */
let answers = 404;
const heard: string[] = [];
const others = createServer((request, response) => {
  void (async () => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (answers === 200) heard.push(body);
    response.writeHead(answers).end();
  })();
});
await new Promise<void>((resolve) => void others.listen(0, '127.0.0.1', resolve));
const plane = await Plane.open({
  platform: {
    ...{ apiVersion: 'beluga/v1', kind: 'Platform', environments: stages.map((name) => ({ name })) },
    channels: [{ name: 'suivi', kind: 'teams', url: 'env:SUIVI' }],
  },
  variables: { SUIVI: `http://127.0.0.1:${(others.address() as AddressInfo).port}/hook` },
});
const browser = await openBrowser();
after(async () => {
  await browser.close();
  await plane.stop();
  others.closeAllConnections();
  others.close();
});
await plane.context.store.tokens.add('the-token-of-the-owner', 'owner', '2026-01-01T00:00:00Z');
await plane.release('contrats-api', '1.0.0', { run: { repair: 'report' } });
await travel(plane, 'contrats-api', '1.0.0', stages);
await plane.release('contrats-web', '1.0.0', { dependsOn: ['contrats-api'] });
await travel(plane, 'contrats-web', '1.0.0', stages);
await plane.release('contrats-web', '1.1.0', { dependsOn: ['contrats-api'] });
await travel(plane, 'contrats-web', '1.1.0', stages.slice(0, 3));

async function enters(path: string, who = 'lea'): Promise<{ readonly page: Page; readonly broken: readonly string[] }> {
  const page = await (await person(browser)).newPage();
  const broken = watched(page, () => plane.url);
  await page.goto(await plane.link(path, who));
  await settled(page);
  return { page, broken };
}

async function closed({ page, broken }: Awaited<ReturnType<typeof enters>>): Promise<void> {
  assert.deepEqual(broken, []);
  await page.context().close();
}

const inProduction = async (component: string): Promise<string | undefined> =>
  (await plane.context.store.neighbours.parties('prod')).find((one) => one.component === component)?.version;

/** As a field for a local time wants it, so many days from now in the zone of the browser. */
function inDays(days: number): string {
  return Temporal.Now.plainDateTimeISO('Europe/Paris').add({ days }).toString({ smallestUnit: 'minute' });
}

/** Presses the button of the page, reads what it means, and does it. */
async function does(page: Page, name: string, meaning: RegExp): Promise<void> {
  await page.locator('.page-actions').getByRole('button', { name, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(meaning).waitFor();
  await dialog.getByRole('button', { name, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

test('a train is made, takes a release on, is locked, rehearsed, departs, and is rolled back, all in the console', async () => {
  const before = await enters('/trains');
  const { page } = before;
  await page.getByRole('button', { name: 'New train' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('octobre');
  await dialog.getByLabel('Opens').fill(inDays(-1));
  await dialog.getByLabel('Locks').fill(inDays(1));
  await dialog.getByLabel('Rehearsal from').fill(inDays(2));
  await dialog.getByLabel('Departure from').fill(inDays(3));
  await dialog.getByText(/^beluga train create octobre --opens/).waitFor();
  await dialog.getByRole('button', { name: 'Make the train' }).click();
  await page.getByText('It carries no release yet').waitFor();
  await page.locator('#board-component').selectOption('contrats-web');
  await page.locator('#board-version').selectOption('1.1.0');
  await page.getByRole('button', { name: 'Put it on the train' }).click();
  await page.getByRole('gridcell', { name: '1.0.0 → 1.1.0' }).waitFor();
  await page.getByRole('button', { name: 'Take it off: contrats-web' }).click();
  await page.getByText('It carries no release yet').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('gridcell', { name: '1.0.0 → 1.1.0' }).waitFor();
  await does(page, 'Lock the doors', /From then on the set is what it is/);
  await page.locator('.page-head').getByText('locked').waitFor();
  await closed(before);

  plane.aheadHours = 96;
  const that = await enters('/trains/octobre');
  await does(that.page, 'Rehearse', /wave by wave. If one fails, all go back/);
  await that.page.locator('.page-head').getByText('rehearsed', { exact: true }).waitFor();
  assert.equal(await inProduction('contrats-web'), '1.0.0');
  await does(that.page, 'Let it depart', /installed in the last environment/);
  await that.page.locator('.page-head').getByText('arrived').waitFor();
  assert.equal(await inProduction('contrats-web'), '1.1.0');
  await does(that.page, 'Roll it back', /Everything goes back to what was there before/);
  await that.page.locator('.page-head').getByText('rolled back').waitFor();
  assert.equal(await inProduction('contrats-web'), '1.0.0');
  await closed(that);
});

test('what a channel refused is told under Settings, and sent once more', async () => {
  const visitor = await enters('/settings');
  const { page } = visitor;
  await page
    .getByText(/messages? (was|were) given up/)
    .first()
    .waitFor();
  answers = 200;
  const row = page.getByRole('row').filter({ hasText: 'suivi' }).first();
  await row.getByRole('button', { name: /Send once more/ }).click();
  await page.getByText('It is sent to suivi once more').waitFor();
  for (let tries = 0; tries < 200 && heard.length === 0; tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.match(heard[0] ?? 'nothing', /contrats-web|contrats-api/);
  await closed(visitor);
});

test('a token is made and told once, opens the interface, and opens nothing once it is revoked; by keyboard alone', async () => {
  const visitor = await enters('/settings', 'owner');
  const { page } = visitor;
  await page.locator('#token-name').focus();
  await page.keyboard.type('pipeline-contrats');
  await page.keyboard.press('Enter');
  await page.getByText('The token of pipeline-contrats; it is shown this once').waitFor();
  const secret = await page.getByLabel('The token', { exact: true }).inputValue();
  const caller = createClient({ url: plane.url, token: secret });
  assert.equal((await caller.showSession()).name, 'pipeline-contrats');
  await page.reload();
  await settled(page);
  const revoke = page.getByRole('button', { name: 'Revoke the token of pipeline-contrats' });
  await revoke.waitFor();
  assert.equal((await page.content()).includes(secret), false, 'it is not told again');
  await revoke.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Revoke pipeline-contrats for good' }).press('Enter');
  await page.getByText('The token of pipeline-contrats opens nothing any more').waitFor();
  await assert.rejects(caller.showSession(), (error) => error instanceof ApiError && error.problem.code === 'unauthorized');
  await closed(visitor);
});

test('what somebody changed by hand is red on the estate, says what and since when, and is put right by a button', async () => {
  const visitor = await enters('/');
  const { page } = visitor;
  const place = { component: 'contrats-api', environment: 'dev' };
  const instances = await plane.engine.observe(place);
  const gone = instances.instances[0]?.name ?? '';
  plane.engine.takeAway(gone);
  await page.getByText('1 changed by hand').waitFor();
  await page.getByText(`The container of ${gone} is gone.`).waitFor();
  await page.getByRole('link', { name: 'contrats-api · dev' }).click();
  await page.getByRole('gridcell', { name: 'only told' }).waitFor();
  await page.getByRole('button', { name: 'Put it right' }).click();
  await page.getByText('contrats-api in dev is being put right').waitFor();
  await page.getByText('What runs is as it was recorded').waitFor();
  assert.equal((await plane.engine.observe(place)).instances.length, 2);
  await page.locator('#drift-all').check({ force: true });
  await page.getByText(/put right after/).waitFor();
  await page.goto(`${plane.url}/components/contrats-api?tab=instances&environment=dev`);
  await page.getByRole('heading', { name: 'Changed by hand' }).waitFor();
  await page.getByText(`The container of ${gone} is gone.`).waitFor();
  await closed(visitor);
});
