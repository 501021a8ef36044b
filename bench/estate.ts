/**
 * The estate as the console reads it: 2,000 components in five environments with a year of releases, read at the API and in Chromium.
 *
 * It has no peers; its bars are of the design: lists p95 under 100 ms, the first useful paint under 1 s, a keystroke in the filter under
 * 100 ms. The interface and the simulated engine run in this process; the browser is one of its own.
 */
import { openBrowser, person } from '../web/test/browser.ts';
import { enter } from '../web/test/pages.ts';
import { Plane } from '../web/test/plane.ts';
import { stages } from '../web/test/story.ts';
import { seedEstate } from './estate/seed.ts';
import { type Bench, figureOf, type Run } from './harness.ts';

type Page = Parameters<typeof enter>[0];

const components = 2_000;
const keys = 'sinistres';

export const estateBench: Bench = {
  rounds: 40,
  async measure({ rounds, say }) {
    const plane = await Plane.open({ loop: false });
    const now = new Date().toISOString();
    const written = await seedEstate(plane.database.kysely, { components, environments: stages, releases: 12, replicas: 4, now });
    await plane.database.pool.query('analyze');
    say(`${written.components} components, ${written.cells} cells, ${written.deployments} deployments`);
    const runs: Run[] = [];
    for (const [scenario, call] of Object.entries(lists(plane))) {
      await call();
      for (let round = 1; round <= rounds; round += 1) runs.push({ scenario, contender: 'ours', round, seconds: await timed(call) });
      say(`${scenario}: p95 ${(1000 * percentile(runs, scenario)).toFixed(0)} ms`);
    }
    runs.push(...(await inBrowser(plane, Math.max(3, Math.round(rounds / 8)))));
    await plane.stop();
    const scenarios = [...new Set(runs.map(({ scenario }) => scenario))];
    const ours = Object.fromEntries(scenarios.map((name) => [name, { seconds: figureOf(secondsOf(runs, name)) }]));
    const notes = scenarios.map(
      (name) => `${name}: p95 ${(1000 * percentile(runs, name)).toFixed(0)} ms of ${secondsOf(runs, name).length}`,
    );
    return { runs, ours, peers: {}, ratio: {}, notes };
  },
};

function lists(plane: Plane): Readonly<Record<string, () => Promise<unknown>>> {
  const read = (path: string) => async () => {
    const answer = await fetch(`${plane.url}/api/v1${path}`, { headers: { authorization: `Bearer ${plane.token}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.arrayBuffer();
  };
  const past = new Date(Date.now() - 10 * 86_400_000).toISOString();
  return {
    estate: read('/estate'),
    'estate as of ten days ago': read(`/estate?at=${past}`),
    component: read('/components/contrats-01-web-0'),
    deployments: read('/deployments?limit=100'),
    components: read('/components'),
  };
}

async function inBrowser(plane: Plane, rounds: number): Promise<readonly Run[]> {
  const browser = await openBrowser();
  const page = await (await person(browser)).newPage();
  await enter(page, plane);
  const runs: Run[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    runs.push({ scenario: 'first useful paint', contender: 'ours', round, seconds: await firstPaint(page, plane) });
    for (const seconds of await keystrokes(page)) runs.push({ scenario: 'keystroke in the filter', contender: 'ours', round, seconds });
  }
  await browser.close();
  return runs;
}

/** From the start of the navigation until a row of the matrix is painted. */
async function firstPaint(page: Page, plane: Plane): Promise<number> {
  await page.goto(`${plane.url}/`);
  await page.locator('[role=rowheader]').first().waitFor();
  return page.evaluate<number>('new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now() / 1000)))');
}

/** In the page, whose types this file does not know: from the next key until the frame after the one that it changes. */
const timeOfKey = `
  window.typed = new Promise((resolve) => {
    document.querySelector('.filter-words input').addEventListener('keydown', () => {
      const begun = performance.now();
      requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => resolve((performance.now() - begun) / 1000))));
    }, { once: true });
  });
  undefined`;

/** From each key until the frame after it that shows the rows that fit. */
async function keystrokes(page: Page): Promise<readonly number[]> {
  const field = page.locator('.filter-words input');
  await field.fill('');
  const seconds: number[] = [];
  for (const key of keys) {
    await page.evaluate(timeOfKey);
    await field.press(key);
    seconds.push(await page.evaluate<number>('window.typed'));
  }
  return seconds;
}

async function timed(call: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await call();
  return (performance.now() - begun) / 1000;
}

function secondsOf(runs: readonly Run[], scenario: string): readonly number[] {
  return runs.filter((run) => run.scenario === scenario).map(({ seconds }) => seconds);
}

function percentile(runs: readonly Run[], scenario: string): number {
  const sorted = secondsOf(runs, scenario).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(0.95 * sorted.length) - 1)] ?? Number.NaN;
}
