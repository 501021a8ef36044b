/** What every page is looked at for: barriers and cut words in each look, and how it reads when it is zoomed in four times. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { openBrowser, person, watched } from './browser.ts';
import { enter, type Stop, visit } from './pages.ts';
import { Plane } from './plane.ts';
import { tellStory } from './story.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds on a page, a line each. */
async function barriers(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(axe);
  const results = await page.evaluate<AxeResults, readonly string[]>(
    (values) => window.axe.run({ runOnly: { type: 'tag', values: [...values] }, resultTypes: ['violations'], preload: false }),
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

/** The words and the colours of an open page are changed in it, as its own switches do, and each look is looked at. */
const looks = [
  { language: 'fr', dark: false },
  { language: 'fr', dark: true },
  { language: 'en', dark: true },
  { language: 'en', dark: false },
] as const;

async function wear(page: Page, { language, dark }: (typeof looks)[number]): Promise<void> {
  const spoken = await page.locator('html').getAttribute('lang');
  if (spoken !== language) await page.evaluate(`document.querySelector('.head-tools button[lang=${language}]').click()`);
  await page.locator(`html[lang=${language}]`).waitFor({ state: 'attached' });
  await page.evaluate(`document.documentElement.classList.toggle('pf-v6-theme-dark', ${dark})`);
  // Colours on their way from one theme to the other are of neither.
  await page.evaluate(`new Promise((resolve) => requestAnimationFrame(() => {
    for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish();
    requestAnimationFrame(resolve);
  }))`);
}

/** Words that are cut off where nobody asked for it: the matrix and the log cut on purpose, with the whole in the title. */
const cutOff = `(() => {
  const words = 'button, a, th, td, h1, h2, h3, h4, label, dt, dd, option, .pf-v6-c-label__text, .pf-v6-c-nav__link-text';
  const cut = [...document.querySelectorAll(words)].filter((node) => {
    const { overflowX } = getComputedStyle(node);
    return node.clientWidth > 1 && node.scrollWidth > node.clientWidth + 1 && /hidden|clip/.test(overflowX) && node.closest('.matrix, .log, .clamp') === null;
  });
  return cut.map((node) => node.tagName + ' ' + node.textContent + ': ' + node.clientWidth + ' of ' + node.scrollWidth);
})()`;

/** What is cut off at the right or asks for scrolling in two directions, but tables, logs and drawings, which may (WCAG 1.4.10). */
const beyond = `(() => {
  const width = document.documentElement.clientWidth;
  const scrolls = (node) => node !== null && node.id !== 'main' && (/(auto|scroll|hidden)/.test(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
  const wide = [...document.querySelectorAll('body *')].filter((node) => {
    const box = node.getBoundingClientRect();
    return box.width > 0 && box.right > width + 1 && !scrolls(node.parentElement);
  });
  return wide.map((node) => node.tagName + '.' + node.className + ' ends at ' + Math.round(node.getBoundingClientRect().right));
})()`;

type Stops = (plane: Plane) => Promise<readonly Stop[]>;

/** Tells the story on a platform of its own, and goes through these pages twice. The browser fetches their files itself, which is twice as quick. */
export async function lookAt(which: string, pages: Stops): Promise<void> {
  const plane = await Plane.open();
  const browser = await openBrowser();
  after(async () => {
    await browser.close();
    await plane.stop();
  });
  await tellStory(plane);
  const stops = await pages(plane);

  test(`every page of ${which} is free of barriers and cuts no word off in both languages, light and dark`, async () => {
    const context = await person(browser, { language: 'fr', theme: 'light', direct: true });
    const page = await context.newPage();
    const broken = watched(page, () => plane.url);
    await page.goto(plane.url);
    await page.locator('#token').waitFor();
    assert.deepEqual(await barriers(page), [], 'the sign-in');
    await enter(page, plane);
    const found: string[] = [];
    for (const [index, stop] of stops.entries()) {
      await visit(page, plane, stop);
      // There and back: one look of each page is the one that the page before was left in.
      for (const look of index % 2 === 0 ? looks : looks.toReversed()) {
        await wear(page, look);
        const problems = [...(await barriers(page)), ...(await page.evaluate<readonly string[]>(cutOff))];
        found.push(...problems.map((line) => `${stop.name}, ${look.language}, ${look.dark ? 'dark' : 'light'}: ${line}`));
      }
    }
    assert.deepEqual(found, []);
    assert.deepEqual(broken, []);
    await context.close();
  });

  test(`zoomed in four times every page of ${which} shows its title and is read by scrolling down alone`, async () => {
    const context = await person(browser, { width: 320, height: 256, language: 'fr', direct: true });
    const page = await context.newPage();
    await enter(page, plane);
    const found: string[] = [];
    for (const stop of stops) {
      await visit(page, plane, stop);
      found.push(...(await page.evaluate<readonly string[]>(beyond)).map((line) => `${stop.name}: ${line}`));
      const room = await page.evaluate<number>(`document.querySelector('#main').getBoundingClientRect().height`);
      if (room < 128) found.push(`${stop.name}: only ${room} of 256 pixels are left for the page`);
    }
    assert.deepEqual(found, []);
    await context.close();
  });
}
