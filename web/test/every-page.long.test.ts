import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { openBrowser, person, watched } from './browser.ts';
import { enter, everyPage, visit } from './pages.ts';
import { Plane } from './plane.ts';
import { tellStory } from './story.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const plane = await Plane.open();
const browser = await openBrowser();
after(async () => {
  await browser.close();
  await plane.stop();
});
await tellStory(plane);

/** What axe finds on a page, a line each. */
async function barriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const results = await page.evaluate<AxeResults, readonly string[]>(
    (values) => window.axe.run({ runOnly: { type: 'tag', values: [...values] } }),
    rules,
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`),
  );
}

declare global {
  interface Window {
    readonly axe: { run(options: object): Promise<AxeResults> };
  }
}

/** Words and colours hardly meet: two of the four pairs see both of each; BELUGA_TEST_EVERY_LOOK asks for all. */
const looks = [
  { language: 'fr', theme: 'light' },
  { language: 'en', theme: 'dark' },
  ...(process.env['BELUGA_TEST_EVERY_LOOK'] === undefined
    ? []
    : ([
        { language: 'fr', theme: 'dark' },
        { language: 'en', theme: 'light' },
      ] as const)),
] as const;

for (const { language, theme } of looks) {
  test(`every page is free of barriers in ${language}, ${theme}`, async () => {
    const context = await person(browser, { language, theme });
    const page = await context.newPage();
    const broken = watched(page, () => plane.url);
    await page.goto(plane.url);
    await page.locator('#token').waitFor();
    assert.deepEqual(await barriers(page), [], 'the sign-in');
    await enter(page, plane);
    const found: string[] = [];
    for (const stop of await everyPage(plane)) {
      await visit(page, plane, stop);
      found.push(...(await barriers(page)).map((line) => `${stop.name} ${line}`));
    }
    assert.deepEqual(found, []);
    assert.deepEqual(broken, []);
    assert.equal(await page.locator('html').getAttribute('lang'), language);
    await context.close();
  });
}
