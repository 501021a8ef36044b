import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createClient } from '@beluga/contract/client';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, person, watched } from './browser.ts';
import { enter, settled } from './pages.ts';
import { Plane } from './plane.ts';
import { travel } from './story.ts';

const plane = await Plane.open();
const browser: Browser = await openBrowser();
after(async () => {
  await browser.close();
  await plane.stop();
});
await plane.release('contrats-web', '1.0.0', { subject: 'feat: montre le portefeuille' });
await travel(plane, 'contrats-web', '1.0.0', ['dev', 'int']);

/** A person who is signed in, with what their pages did wrong. */
async function enters(path = '/'): Promise<{ readonly page: Page; readonly broken: readonly string[] }> {
  const page = await (await person(browser)).newPage();
  const broken = watched(page, () => plane.url);
  await enter(page, plane, path);
  return { page, broken };
}

async function closed({ page, broken }: Awaited<ReturnType<typeof enters>>): Promise<void> {
  assert.deepEqual(broken, []);
  await page.context().close();
}

test('a link signs in once, and its code is nowhere in the history', async () => {
  const page = await (await person(browser)).newPage();
  const link = await plane.link();
  await page.goto(link);
  await settled(page);
  assert.equal(page.url(), `${plane.url}/`);
  const other = await (await person(browser)).newPage();
  await other.goto(link);
  await other.getByText(/This link was used already/).waitFor();
  await other.locator('#token').fill('not the token');
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.getByText(/does not know that token/).waitFor();
  await page.context().close();
  await other.context().close();
});

test('by mouse: from the estate to a component, the plan first, then the deployment, live to its end', async () => {
  const visitor = await enters();
  const { page } = visitor;
  await plane.release('contrats-web', '1.1.0', { subject: 'feat: affiche la franchise', env: { FRANCHISE: 'oui' } });
  await page.getByRole('link', { name: 'contrats-web' }).click();
  await page.getByRole('button', { name: 'Take 1.1.0 here' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Nothing stands in the way.').waitFor();
  await dialog.getByText('feat: affiche la franchise').waitFor();
  await dialog.getByText('FRANCHISE', { exact: true }).waitFor();
  plane.stepMs = 250;
  await dialog.getByRole('button', { name: 'Install in dev' }).click();
  await page.getByText('% of the traffic goes to 1.1.0').first().waitFor();
  await page.getByText('100 % of the traffic goes to 1.1.0').first().waitFor();
  await page.locator('.page-head').getByText('succeeded').waitFor();
  plane.stepMs = 0;
  await page.getByText('Requests sent').waitFor();
  await closed(visitor);
});

test('by keyboard alone: the palette, a component, its logs, and a deployment', async () => {
  const visitor = await enters();
  const { page } = visitor;
  await page.keyboard.press('Control+k');
  await page.keyboard.type('logs contrats-web');
  await page.getByRole('option', { name: /Logs of contrats-web/ }).waitFor();
  await page.getByText('beluga logs contrats-web --env prod --follow').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('listening on 8080').first().waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('stop');
  await page.getByText('beluga stop-the-line --reason').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Press the stop button' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('contrats-web');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  const take = page.getByRole('button', { name: 'Take 1.1.0 here' });
  await take.waitFor();
  for (let tabs = 0; tabs < 60 && !(await take.evaluate((one) => one === document.activeElement)); tabs += 1)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const go = page.getByRole('button', { name: 'Install in int' });
  await page.getByText('Nothing stands in the way.').waitFor();
  for (let tabs = 0; tabs < 20 && !(await go.evaluate((one) => one === document.activeElement)); tabs += 1)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('.page-head').getByText('succeeded').waitFor();
  await closed(visitor);
});

test('a second browser sees it too, a reload in the middle loses nothing, and a server that is started again is found again', async () => {
  const [first, second] = [await enters('/components/contrats-web'), await enters()];
  await plane.release('contrats-web', '1.2.0');
  plane.stepMs = 700;
  await first.page.getByRole('button', { name: 'Take 1.2.0 here' }).click();
  await first.page.getByRole('button', { name: 'Install in dev' }).click();
  await second.page.getByText('1 moving now').waitFor();
  await second.page.getByRole('link', { name: 'contrats-web@1.2.0 to dev' }).click();
  await first.page.reload();
  await settled(first.page);
  for (const { page } of [first, second]) {
    await page.locator('.page-head').getByText('running').waitFor();
    await page.evaluate('window.sameAsBefore = true');
  }
  await plane.stop();
  for (const { page } of [first, second]) {
    await page.locator('[data-live=away]').waitFor();
    await page.locator('.page-head').getByText('running').waitFor();
  }
  await plane.start();
  for (const { page } of [first, second]) await page.locator('[data-live=live]').waitFor();
  plane.stepMs = 0;
  for (const { page } of [first, second]) {
    await page.locator('.page-head').getByText('succeeded').waitFor();
    assert.equal(await page.evaluate('window.sameAsBefore'), true, 'the page stood all the time');
  }
  await closed(first);
  await closed(second);
});

test('a deployment that is cancelled puts back what served, and a rollback says first what it does', async () => {
  const visitor = await enters('/components/contrats-web');
  const { page } = visitor;
  await page.getByRole('button', { name: 'Roll back to 1.1.0' }).click();
  await page.getByText('Release 1.1.0 is installed again in place of 1.2.0').waitFor();
  plane.stepMs = 600;
  await page.getByRole('dialog').getByRole('button', { name: 'Roll back to 1.1.0' }).click();
  await page.getByRole('button', { name: 'Cancel and put back' }).click();
  await page.locator('.page-head').getByText('cancelled').waitFor();
  plane.stepMs = 0;
  await page.getByText('what served before still serves').first().waitFor();
  await page.goto(`${plane.url}/deployments/${(await inDev('contrats-web')).deployment}`);
  await page.getByRole('button', { name: 'Roll back to 1.1.0' }).click();
  await page.getByRole('dialog').getByText('Release 1.1.0 is installed again in place of 1.2.0').waitFor();
  await closed(visitor);
});

async function inDev(component: string): Promise<{ readonly deployment: string }> {
  const { stages } = await createClient({ url: plane.url, token: plane.token }).showComponent({ component });
  const current = stages.find(({ environment }) => environment === 'dev')?.current;
  assert.ok(current);
  return current;
}

test('a release that never gets ready leaves what serves, and its page tells why, with the last words of the instance', async () => {
  const visitor = await enters();
  const { page } = visitor;
  await plane.release('contrats-web', '9.9.9');
  await page.goto(`${plane.url}/deployments/${await plane.deploy('contrats-web', '9.9.9', 'dev')}`);
  await page.locator('.page-head').getByText('rolled back').waitFor();
  await page.getByText('was not ready within 30 s: connection refused').first().waitFor();
  await page.getByText('Error: listen EACCES').waitFor();
  await closed(visitor);
});

test('the estate of a former time is read once, whatever happens now', async () => {
  const visitor = await enters();
  const { page } = visitor;
  let asked = 0;
  page.on('request', (request) => {
    if (request.url().includes('/api/v1/estate')) asked += 1;
  });
  await page.goto(`${plane.url}/?at=${new Date().toISOString()}`);
  await page.getByText('The estate as it was on').waitFor();
  await page.locator('[data-live=live]').waitFor();
  const refreshed = page.waitForRequest((request) => request.url().endsWith('/api/v1/line'));
  await plane.release('contrats-web', '1.3.0');
  await refreshed;
  await page.getByRole('link', { name: 'contrats-web', exact: true }).waitFor();
  assert.equal(asked, 1);
  await closed(visitor);
});

test('filters are in the address, and a table of them can be taken away', async () => {
  const visitor = await enters('/?q=contrats&environment=int');
  const { page } = visitor;
  await page.getByText('1 component', { exact: true }).waitFor();
  await page.getByRole('textbox', { name: 'Component, system, team or version' }).fill('nobody');
  await page.getByText('No component fits these filters').waitFor();
  assert.match(page.url(), /q=nobody/);
  await page.getByRole('textbox', { name: 'Component, system, team or version' }).fill('');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  assert.equal((await download).suggestedFilename(), 'estate.csv');
  await closed(visitor);
});

test('a line of a log has an address of its own', async () => {
  const visitor = await enters('/components/contrats-web?tab=logs&environment=dev');
  const { page } = visitor;
  await page.getByText('listening on 8080').first().waitFor();
  await page
    .getByRole('button', { name: /^\d\d:\d\d:\d\d/ })
    .first()
    .click();
  await page.waitForURL(/line=/);
  await page.reload();
  await page.locator('.log-chosen').waitFor();
  await closed(visitor);
});
