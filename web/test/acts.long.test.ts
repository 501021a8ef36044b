import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { ApiError, createClient } from '@beluga/contract/client';
import type { Page } from 'playwright-core';
import { recordEvidence } from '../../server/src/actions/record-evidence.ts';
import { usualRollout } from '../../server/src/domain/workload.ts';
import { openBrowser, person, watched } from './browser.ts';
import { keepsFocus, press, tabTo, write } from './keyboard.ts';
import { settled } from './pages.ts';
import { Plane } from './plane.ts';
import { stages, travel } from './story.ts';
import { standOnSocle } from './story-signs.ts';

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
    ...{ apiVersion: 'beluga/v1', kind: 'Platform' },
    environments: stages.map((name) => ({ name, ...(name === 'prod' ? { gates: { approvals: 0 } } : {}) })),
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
await plane.release('contrats-web', '1.0.0', { dependsOn: ['contrats-api'], packages: ['pkg:npm/undici@7.1.0', 'pkg:npm/left-pad@1.3.0'] });
await travel(plane, 'contrats-web', '1.0.0', stages);
await plane.release('contrats-web', '1.1.0', {
  dependsOn: ['contrats-api'],
  env: { FRANCHISE: 'oui', MAIL_TOKEN: 'jeton-de-test' },
  packages: ['pkg:npm/undici@7.2.0', 'pkg:npm/pino@9.5.0'],
});
for (const [version, found] of Object.entries({ '1.0.0': [], '1.1.0': ['CVE-2026-31337'] }))
  await recordEvidence(plane.context, 'ci', {
    ...{ component: 'contrats-web', version, kind: 'scan', outcome: 'passed', summary: `${found.length} vulnerabilities` },
    findings: found.map((id) => ({ id, severity: 'high', package: 'pkg:npm/undici@7.2.0', storey: 'dependencies' })),
  });
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

/** Presses the button of the page, reads what it means, and does it; the focus is never lost on the way. */
async function does(page: Page, name: string, meaning: RegExp, reason?: string): Promise<void> {
  await press(page, page.locator('.page-actions').getByRole('button', { name, exact: true }));
  const dialog = page.getByRole('dialog');
  await dialog.getByText(meaning).waitFor();
  if (reason !== undefined) await write(page, dialog.getByLabel('Why, in a sentence'), reason);
  await press(page, dialog.getByRole('button', { name, exact: true }));
  await dialog.waitFor({ state: 'detached' });
  await keepsFocus(page);
}

test('a train is made, takes a release on, is locked, rehearsed, departs, and is rolled back, by keyboard alone', async () => {
  const before = await enters('/trains');
  const { page } = before;
  const make = page.getByRole('button', { name: 'New train' });
  await press(page, make);
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await keepsFocus(page, make);
  await page.keyboard.press('Enter');
  await write(page, dialog.getByLabel('Name'), 'octobre');
  await write(page, dialog.getByLabel('Opens'), inDays(-1));
  await write(page, dialog.getByLabel('Locks'), inDays(1));
  await write(page, dialog.getByLabel('Rehearsal from'), inDays(2));
  await write(page, dialog.getByLabel('Departure from'), inDays(3));
  await dialog.getByText(/^beluga train create octobre --opens/).waitFor();
  await press(page, dialog.getByRole('button', { name: 'Make the train' }));
  await page.getByText('It carries no release yet').waitFor();
  await tabTo(page, page.locator('#board-component'));
  await page.keyboard.type('contrats-web');
  await tabTo(page, page.locator('#board-version'));
  await page.keyboard.type('1.1.0');
  await press(page, page.getByRole('button', { name: 'Put it on the train' }));
  await page.getByRole('gridcell', { name: '1.0.0 → 1.1.0' }).waitFor();
  await press(page, page.getByRole('button', { name: 'Take it off: contrats-web' }));
  await page.getByText('It carries no release yet').waitFor();
  await press(page, page.getByRole('button', { name: 'Undo' }));
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
  await bringsIsShown(that.page);
  await does(that.page, 'Roll it back', /Everything goes back to what was there before/, 'Les quittances sont fausses');
  await that.page.locator('.page-head').getByText('rolled back').waitFor();
  assert.equal(await inProduction('contrats-web'), '1.0.0');
  await that.page.getByText('Les quittances sont fausses').first().waitFor();
  await closed(that);
});

/** What the change of the departure brings: commits, layers, packages, vulnerabilities and configuration, no secret value among them. */
async function bringsIsShown(page: Page): Promise<void> {
  const [change] = await plane.context.store.changes.list({ component: 'contrats-web', limit: 1 });
  await page.goto(`${plane.url}/changes/${change?.id}`);
  const delta = page.locator('.delta');
  await delta.getByRole('heading', { name: '3 packages differ' }).waitFor();
  const rows = await delta.getByRole('listitem').allInnerTexts();
  const told = rows.map((row) => row.replaceAll(/\s+/g, ' ').trim());
  assert.deepEqual(
    ['left-pad npm 1.3.0 removed', 'pino npm 9.5.0 added', 'undici npm 7.1.0 7.2.0'].filter((row) => !told.includes(row)),
    [],
    told.join('\n'),
  );
  assert.ok(told.includes('FRANCHISE oui'), told.join('\n'));
  assert.ok(told.includes('MAIL_TOKEN •••••• added, its value is not shown'), told.join('\n'));
  assert.ok(
    told.some((row) => row.startsWith('Application: layers +1 −1')),
    told.join('\n'),
  );
  assert.ok(told.includes('High CVE-2026-31337 pkg:npm/undici@7.2.0 added'.replace('High', 'high')), told.join('\n'));
  assert.equal((await page.content()).includes('jeton-de-test'), false);
  const order = await delta.getByRole('heading').allInnerTexts();
  assert.deepEqual(order, ['1 commit', 'Image', '3 packages differ', 'Vulnerabilities', 'Configuration']);
  await page.goBack();
}

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

test('what somebody changed by hand is red on the estate, says what and since when, and is put right, by keyboard alone', async () => {
  const visitor = await enters('/');
  const { page } = visitor;
  const place = { component: 'contrats-api', environment: 'dev' };
  const instances = await plane.engine.observe(place);
  const gone = instances.instances[0]?.name ?? '';
  plane.engine.takeAway(gone);
  await page.getByText('1 changed by hand').waitFor();
  await page.getByText(`The container of ${gone} is gone.`).waitFor();
  await press(page, page.getByRole('link', { name: 'contrats-api · dev' }));
  await page.getByRole('gridcell', { name: 'only told' }).waitFor();
  await press(page, page.getByRole('button', { name: 'Put it right' }));
  await page.getByText('contrats-api in dev is being put right').waitFor();
  await page.getByText('What runs is as it was recorded').waitFor();
  assert.equal((await plane.engine.observe(place)).instances.length, 2);
  await keepsFocus(page);
  await tabTo(page, page.locator('#drift-all'), 'Shift+Tab');
  await page.keyboard.press('Space');
  await page.getByText(/put right after/).waitFor();
  await page.goto(`${plane.url}/components/contrats-api?tab=instances&environment=dev`);
  await page.getByRole('heading', { name: 'Changed by hand' }).waitFor();
  await page.getByText(`The container of ${gone} is gone.`).waitFor();
  await closed(visitor);
});

test('the burn-down of a rebase campaign counts what is left, and one less once a release stands on the new socle', async () => {
  await standOnSocle(plane);
  const counted = async () => {
    const { users } = await createClient({ url: plane.url, token: plane.token }).showSocle({ name: 'node-26' });
    return { all: users.length, left: users.filter(({ number }) => number === 1).length };
  };
  const shows = async (page: Page, { all, left }: Awaited<ReturnType<typeof counted>>): Promise<void> => {
    await page.getByText(`${left} release${left === 1 ? '' : 's'} left to move`, { exact: true }).waitFor();
    await page.getByRole('img', { name: new RegExp(`of ${all} releases ${left} are left to move$`) }).waitFor();
    await page
      .getByText(`${all - left} of ${all} releases stand on version 2`)
      .or(page.getByText('Every release that counts'))
      .waitFor();
    const points = (await page.locator('.burn-down .chart-line').getAttribute('points'))?.split(' ') ?? [];
    const drawn = points.map((point) => Number(point.split(',')[1]));
    assert.deepEqual([drawn[0], drawn.at(-1)], [0, Number(((120 * (all - left)) / all).toFixed(1))], 'the line falls by what has moved');
  };
  const visitor = await enters('/images/node-26');
  const before = await counted();
  assert.ok(before.left === before.all && before.left > 1, JSON.stringify(before));
  await shows(visitor.page, before);
  await plane.release('contrats-api', '1.0.1', { run: { repair: 'report' }, socle: 'socle 2' });
  const after = await counted();
  assert.ok(after.left < after.all, JSON.stringify(after));
  await shows(visitor.page, after);
  await closed(visitor);
});

test('a sentence that has no French is marked as English in the French console; no other is, and none in English', async () => {
  const [deployment] = await plane.context.store.views.deployments({ component: 'contrats-web', environment: 'dev', limit: 1 });
  const known = 'Instance web-1 was not ready within 30 s: connection refused.';
  for (const [language, marked, translated] of [
    ['fr', 'en', /^L’exemplaire web-1 n’était pas prêt/],
    ['en', 'en', /^Instance web-1 was not ready/],
  ] as const) {
    const page = await (await person(browser, { language })).newPage();
    await page.goto(await plane.link('/deployments'));
    await settled(page);
    /** The language in which a reader is told to speak the reason of a deployment. */
    const spoken = async (reason: string, shown: string | RegExp): Promise<string | null> => {
      await plane.database.pool.query('update deployment set reason = $1 where id = $2', [reason, deployment?.id]);
      await page.goto(`${plane.url}/deployments/${deployment?.id}`);
      const sentence = page.locator('#main').getByText(shown).first();
      await sentence.waitFor();
      return sentence.evaluate((node) => node.closest('[lang]')?.getAttribute('lang') ?? null);
    };
    assert.equal(await spoken('Something that nobody wrote down.', 'Something that nobody wrote down.'), marked);
    assert.equal(await spoken(known, translated), language);
    assert.equal(await page.locator('#main [lang]').count(), 0, 'and nothing else is marked');
    await page.context().close();
  }
});

test('dependencies are followed one level further at a time, in the picture and in the table, and the address says how far', async () => {
  await plane.release('contrats-lot', '1.0.0', { dependsOn: ['contrats-web'] });
  const visitor = await enters('/components/contrats-lot?tab=dependencies');
  const { page } = visitor;
  const graph = page.getByRole('region', { name: 'Dependencies' });
  await graph.getByRole('link', { name: 'contrats-web' }).waitFor();
  assert.equal(await graph.getByRole('link', { name: 'contrats-api' }).count(), 0);
  await page.getByRole('button', { name: 'One level further: 1 component' }).press('Enter');
  await graph.getByRole('link', { name: 'contrats-api' }).waitFor();
  await page.getByRole('button', { name: 'There is nothing further away' }).waitFor();
  assert.match(page.url(), /levels=%222%22|levels=2/);
  await page.reload();
  await page.getByText('As a table').click();
  const row = page.getByRole('row').filter({ hasText: 'contrats-api' });
  assert.deepEqual(await row.getByRole('cell').or(row.getByRole('gridcell')).allTextContents(), [
    'contrats-api',
    'Needs',
    '2',
    'contrats-web',
  ]);
  await page.getByRole('button', { name: 'One level less' }).click();
  await row.waitFor({ state: 'detached' });
  await graph.getByRole('link', { name: 'contrats-web' }).click();
  await page.getByRole('heading', { name: 'contrats-web', level: 1 }).waitFor();
  await graph.getByRole('link', { name: 'contrats-lot' }).waitFor();
  await closed(visitor);
});

test('a canary shows the share of the traffic that it has, and its instances serve', async () => {
  const rollout = { ...usualRollout, strategy: 'canary' as const, steps: [{ weight: 10, forMs: 1 }] };
  for (const version of ['1.0.0', '2.0.0']) await plane.release('paiement-api', version, { run: { rollout } });
  await travel(plane, 'paiement-api', '1.0.0', ['dev']);
  const visitor = await enters('/');
  const { page } = visitor;
  plane.stepMs = 3_000;
  await page.goto(`${plane.url}/deployments/${await plane.deploy('paiement-api', '2.0.0', 'dev')}`);
  await page.getByText('10 % of the traffic goes to 2.0.0').waitFor();
  const coming = page.locator('.set-new');
  await coming.getByRole('heading', { name: '2.0.0 10 %' }).waitFor();
  assert.deepEqual(await coming.locator('.pf-v6-c-label__text').allInnerTexts(), ['serving', 'serving']);
  plane.stepMs = 0;
  await page.getByText('100 % of the traffic goes to 2.0.0').waitFor();
  await closed(visitor);
});

test('a time is typed in the form of the language of the console, in a browser that speaks another', async () => {
  const visitor = await enters('/trains');
  const { page } = visitor;
  await page.locator('.head-tools button[lang=fr]').click();
  await press(page, page.getByRole('button', { name: 'Nouvelle version majeure' }));
  const locks = page.getByRole('dialog').getByLabel('Verrouillage');
  assert.match(await locks.inputValue(), /^\d\d\/\d\d\/\d{4} 08:00$/);
  await write(page, locks, '31/02/2027');
  await page.getByText('Ce n’est pas une date').waitFor();
  await write(page, locks, '7/12/2026 8:30');
  await page.getByText('lundi 7 décembre 2026 à 08:30').waitFor();
  await page.getByText('--locks 2026-12-07T08:30').waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await locks.inputValue(), '07/12/2026 08:30');
  await closed(visitor);
});
