import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { openBrowser, person, watched } from './browser.ts';
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

/** Goes on with the tab key until the control has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const wanted = page.getByRole('button', { name });
  await wanted.waitFor();
  for (let tabs = 0; tabs < 80 && !(await wanted.evaluate((one) => one === document.activeElement)); tabs += 1)
    await page.keyboard.press('Tab');
  assert.ok(await wanted.evaluate((one) => one === document.activeElement), String(name));
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
  await tabTo(other, 'Approve this plan');
  await other.keyboard.press('Enter');
  await other.getByText('Approved by paul').waitFor();
  await page.getByText('Approved by paul').waitFor();
  await other.locator('.page-head').getByText('successful').waitFor();
  for (const { broken } of [asking, deciding]) assert.deepEqual(broken, []);
  await page.context().close();
  await other.context().close();
});

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
