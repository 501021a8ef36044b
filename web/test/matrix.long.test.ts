import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { seedEstate } from '../../bench/estate/seed.ts';
import { openBrowser, person, watched } from './browser.ts';
import { enter } from './pages.ts';
import { Plane } from './plane.ts';
import { stages } from './story.ts';

const plane = await Plane.open({ loop: false });
const browser = await openBrowser();
after(async () => {
  await browser.close();
  await plane.stop();
});
const components = 300;
await seedEstate(plane.database.kysely, { components, environments: stages, releases: 6, replicas: 3, now: new Date().toISOString() });

/** The rows that are drawn, as a screen reader meets them: the number and the name of each. */
const drawn = `[...document.querySelectorAll('.matrix-rows [role=row]')].map((row) =>
  [Number(row.getAttribute('aria-rowindex')), row.querySelector('[role=rowheader] a').textContent])`;
type Drawn = readonly (readonly [number, string])[];

async function scrollTo(page: Page, row: number): Promise<Drawn> {
  await page.evaluate(`document.querySelector('.matrix-box').scrollTop = ${row * 52}`);
  await page.locator(`.matrix-rows [aria-rowindex="${row + 2}"]`).waitFor();
  return page.evaluate<Drawn>(drawn);
}

test('the matrix is read in its order wherever it is scrolled to, and nobody is left on a row that became another', async () => {
  const page = await (await person(browser)).newPage();
  const broken = watched(page, () => plane.url);
  await enter(page, plane);
  assert.equal(await page.getByRole('table').getAttribute('aria-rowcount'), String(components + 1));
  const names = new Map<number, string>();
  for (const row of [0, 3, 1, 140, 150, 280, 20]) {
    const rows = await scrollTo(page, row);
    assert.ok(rows.length < 40, `${rows.length} rows are drawn`);
    assert.deepEqual(
      rows.map(([index]) => index),
      rows.map((_, place) => (rows[0]?.[0] ?? 0) + place),
    );
    for (const [index, name] of rows) {
      assert.equal(names.get(index) ?? name, name, `row ${index}`);
      names.set(index, name);
    }
  }
  const link = page.locator('.matrix-rows [role=rowheader] a').nth(4);
  await link.focus();
  const focused = await link.textContent();
  await scrollTo(page, 22);
  assert.equal(await page.evaluate('document.activeElement.textContent'), focused, 'a short scroll keeps the focus on its row');
  await scrollTo(page, 200);
  assert.equal(await page.evaluate('document.activeElement.className'), 'matrix-box', 'a long one gives it back to the matrix');
  for (let tabs = 0; tabs < 200; tabs += 1) await page.keyboard.press('Tab');
  const reached = await page.evaluate<string>("document.activeElement.closest('[role=row]')?.getAttribute('aria-rowindex') ?? 'none'");
  assert.ok(Number(reached) > 225, `200 links further by keyboard is row ${reached}`);
  const cell = page.locator(`.matrix-rows [aria-rowindex="${reached}"] [role=cell]`).first();
  await cell.hover();
  assert.equal(await cell.getAttribute('title'), 'serving');
  await cell.getByRole('link').click();
  await page.waitForURL(/\/components\/.+\?environment=/);
  assert.deepEqual(broken, []);
  await page.context().close();
});

test("the signs of the matrix have the colours of PatternFly's states in both themes", async () => {
  const signs = readFileSync(join(import.meta.dirname, '..', 'src', 'pages', 'estate', 'signs.svg'), 'utf8');
  const tokens = { serving: 'icon--color--status--success', degraded: 'icon--color--status--warning', down: 'icon--color--status--danger' };
  const others = { deploying: 'icon--color--status--info', scheduled: 'text--color--subtle', unknown: 'text--color--subtle' };
  for (const theme of ['light', 'dark'] as const) {
    const page = await (await person(browser, { theme })).newPage();
    await enter(page, plane);
    const look = await page.evaluate<Readonly<Record<string, string>>>(`Object.fromEntries(
      Object.entries(${JSON.stringify({ ...tokens, ...others })}).map(([state, token]) =>
        [state, getComputedStyle(document.documentElement).getPropertyValue('--pf-t--global--' + token + (token.startsWith('icon') ? '--default' : '')).trim()]))`);
    for (const [state, color] of Object.entries(look))
      assert.ok(signs.includes(`id="${state}-${theme}" fill="${color}"`), `${state}, ${theme}: ${color}`);
    await page.context().close();
  }
});
