import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { openBrowser, person, watched } from './browser.ts';
import { settled } from './pages.ts';
import { Plane } from './plane.ts';
import { travel } from './story.ts';

const plane = await Plane.open();
const browser = await openBrowser();
after(async () => {
  await browser.close();
  await plane.stop();
});
const place = { component: 'contrats-web', environment: 'dev' };
let second = 0;

/** What an instance that runs writes, a second after the other. */
async function writes(...texts: readonly string[]): Promise<void> {
  const { instances } = await plane.engine.observe(place);
  const instance = instances[0]?.name ?? '';
  const { logs } = plane.context;
  const intake = await logs.intake(place, instance);
  for (const text of texts) {
    second += 1;
    intake.take({ at: Temporal.Now.instant().add({ seconds: second }).toString(), instance, stream: 'out', text });
  }
  await logs.settle(place);
}

await plane.release('contrats-web', '1.0.0');
await travel(plane, 'contrats-web', '1.0.0', ['dev']);
await writes('INFO le portefeuille de 1.0.0 est ouvert');
await plane.release('contrats-web', '1.1.0');
await travel(plane, 'contrats-web', '1.1.0', ['dev']);

async function opens(search = ''): Promise<{ readonly page: Page; readonly broken: readonly string[] }> {
  const page = await (await person(browser)).newPage();
  const broken = watched(page, () => plane.url);
  await page.goto(await plane.link(`/components/contrats-web?tab=logs&environment=dev${search}`));
  await settled(page);
  return { page, broken };
}

async function closed({ page, broken }: Awaited<ReturnType<typeof opens>>): Promise<void> {
  assert.deepEqual(broken, []);
  await page.context().close();
}

/** The texts in sight, in their order. */
const textsOf = (page: Page): Promise<readonly string[]> => page.locator('.log-text').allTextContents();

test('each level of a log is hidden and shown by its button, and a search narrows what is left', async () => {
  await writes('ERROR la banque refuse', 'WARN la banque est lente', 'INFO un contrat est lu', 'DEBUG la requête dure 3 ms');
  const visitor = await opens();
  const { page } = visitor;
  await page.getByText('la requête dure 3 ms').waitFor();
  for (const [level, text] of [
    ['Errors', 'la banque refuse'],
    ['Warnings', 'la banque est lente'],
    ['Information', 'un contrat est lu'],
    ['Details', 'la requête dure 3 ms'],
  ] as const) {
    const button = page.getByRole('button', { name: level, exact: true });
    const all = await textsOf(page);
    await button.click();
    await page.getByText(text).waitFor({ state: 'detached' });
    assert.equal(await button.getAttribute('aria-pressed'), 'false');
    const left = await textsOf(page);
    assert.deepEqual(
      left,
      all.filter((one) => left.includes(one)),
      'the others stay, in their order',
    );
    await button.click();
    await page.getByText(text).waitFor();
    assert.deepEqual(await textsOf(page), all);
  }
  await page.getByRole('button', { name: 'Warnings', exact: true }).click();
  await page.getByRole('textbox', { name: 'Search in the log' }).fill('BANQUE');
  await page
    .getByText('1 line,')
    .or(page.getByText('1 line', { exact: true }))
    .first()
    .waitFor();
  assert.deepEqual(await textsOf(page), ['ERROR la banque refuse']);
  assert.equal(await page.locator('mark').textContent(), 'banque');
  await closed(visitor);
});

test('a log that is paused stands still and counts what comes; it goes on where it was', async () => {
  const visitor = await opens();
  const { page } = visitor;
  await page.locator('.log-text').first().waitFor();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  const before = await textsOf(page);
  await writes('INFO une ligne pendant la pause', 'INFO une autre');
  await page.getByRole('button', { name: 'Go on (2 new)' }).waitFor();
  assert.deepEqual(await textsOf(page), before);
  await page.getByRole('button', { name: 'Go on (2 new)' }).click();
  await page.getByText('une ligne pendant la pause').waitFor();
  await writes('INFO une ligne après la pause');
  await page.getByText('une ligne après la pause').waitFor();
  await closed(visitor);
});

test('what is downloaded is what is shown, line by line, with its time and its instance', async () => {
  await writes('ERROR le guichet est fermé', 'ERROR le guichet est fermé encore');
  const visitor = await opens();
  const { page } = visitor;
  await page.getByText('le guichet est fermé encore').waitFor();
  await page.getByRole('textbox', { name: 'Search in the log' }).fill('guichet');
  await page.getByText('le portefeuille').waitFor({ state: 'detached' });
  const started = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  const file = await started;
  assert.equal(file.suggestedFilename(), 'contrats-web.dev.log');
  const lines = readFileSync(await file.path(), 'utf8').split('\n');
  assert.equal(lines.length, 2);
  for (const line of lines) assert.match(line, /^\d{4}-\d\d-\d\dT[\d:.]+Z contrats-web\.dev\.\S+ ERROR le guichet est fermé/);
  await closed(visitor);
});

test('former instances are read by themselves, and the command that does the same is shown', async () => {
  const visitor = await opens();
  const { page } = visitor;
  await page.getByText('le portefeuille de 1.0.0 est ouvert').waitFor();
  await page.getByText('la banque refuse').waitFor();
  await page.locator('#former').check({ force: true });
  await page.getByText('beluga logs contrats-web --env dev --previous').waitFor();
  await page.getByText('le portefeuille de 1.0.0 est ouvert').waitFor();
  const { instances } = await plane.engine.observe(place);
  const there = new Set(instances.map(({ name }) => name));
  const shown = await page.locator('.log-instance').evaluateAll((all) => all.map((one) => one.getAttribute('title') ?? ''));
  assert.ok(shown.length > 0);
  assert.deepEqual(
    shown.filter((name) => there.has(name)),
    [],
  );
  assert.match(page.url(), /previous=yes/);
  await closed(visitor);
});

test('a link to a line opens the log at that line, however much was written since, and stands still there', async () => {
  await writes('WARN la ligne qui compte');
  const cursor = await plane.context.logs.newest(place);
  await writes(...Array.from({ length: 3_000 }, (_, line) => `INFO ligne ${line} de la suite`));
  const visitor = await opens(`&line=${cursor}`);
  const { page } = visitor;
  const line = page.locator('.log-chosen');
  await line.waitFor();
  assert.match((await line.textContent()) ?? '', /la ligne qui compte/);
  await page.waitForFunction(`(() => {
    const [line, log] = ['.log-chosen', '.log'].map((one) => document.querySelector(one)?.getBoundingClientRect());
    return line !== undefined && log !== undefined && line.top >= log.top && line.bottom <= log.bottom;
  })()`);
  await page.getByRole('button', { name: /^Go on/ }).waitFor();
  await closed(visitor);
});
