/**
 * The estate as the console reads it: 2,000 components in five environments with a year of releases, read at the API and in Chromium.
 *
 * Its peers are the bars of the design: lists p95 under 100 ms, the first useful paint under 1 s, a keystroke in the filter under 100 ms, a
 * frame of a scroll through all rows p95 at most 34 ms, two of the screen's. Beside the scroll stands what the browser itself needs for it:
 * a page with nothing but the same texts in as many lines. The interface and the simulated engine run in this process, on the same processor
 * as the one that asks; the browser is one of its own.
 */
import { buildConsole } from '../dev/build-console.ts';
import { closeDatabases } from '../server/src/store/postgres/for-tests.ts';
import { openBrowser, person } from '../web/test/browser.ts';
import { enter } from '../web/test/pages.ts';
import { Plane } from '../web/test/plane.ts';
import { stages } from '../web/test/story.ts';
import { plain, plainList, scrolled } from './estate/scroll.ts';
import { seedEstate } from './estate/seed.ts';
import { type Bench, figureOf, figuresOf, type Report, type Run, ratioTo } from './harness.ts';

type Page = Parameters<typeof enter>[0];

const components = 2_000;
const keys = 'sinistres';
const scroll = 'frame of a scroll';
/** At most, in seconds at the 95th percentile. */
const bars: Readonly<Record<string, number>> = { 'first useful paint': 1, 'keystroke in the filter': 0.1, [scroll]: 0.034 };
const barOfLists = 0.1;

export const estateBench: Bench = {
  rounds: 40,
  async measure({ rounds, say }) {
    await buildConsole();
    const runs = await runsOf({ rounds, say });
    const scenarios = [...new Set(runs.map(({ scenario }) => scenario))];
    const barOf = (name: string): number => bars[name] ?? barOfLists;
    const bar = Object.fromEntries(scenarios.map((name) => [name, { seconds: figureOf([barOf(name)]) }]));
    const ratio = Object.fromEntries(
      scenarios.map((name) => [`${name}, p95`, ratioTo(percentile(runs, name), { 'the bar': barOf(name) }, 1)]),
    );
    const notes = scenarios.map(
      (name) =>
        `${name}: p50 ${ms(percentile(runs, name, 0.5))} ms, p95 ${ms(percentile(runs, name))} ms of ${secondsOf(runs, name, 'ours').length}`,
    );
    const peers = { 'the bar': bar, [plain]: figuresOf(runs, plain) };
    return { runs, ours: figuresOf(runs, 'ours'), peers, ratio: { ...ratio, ...againstPlain(runs) }, notes: [...notes, noteOfPlain(runs)] };
  },
};

function againstPlain(runs: readonly Run[]): Report['ratio'] {
  const p95 = (contender: string): number => percentile(runs, scroll, 0.95, contender);
  return { [`${scroll}, p95, beside a plain list`]: ratioTo(p95('ours'), { [plain]: p95(plain) }) };
}

function noteOfPlain(runs: readonly Run[]): string {
  const [ours, theirs] = ['ours', plain].map((contender) => {
    const times = runs.flatMap(({ contender: who, scenario, values }) => (who === contender && scenario === scroll ? [values] : []));
    return figureOf(times.map((values) => values?.['workMs'] ?? Number.NaN)).median;
  });
  return `${scroll}: ${theirs?.toFixed(1)} ms of the page's processor time in ${plain}, ${ours?.toFixed(1)} ms in ours`;
}

async function runsOf({ rounds, say }: Parameters<Bench['measure']>[0]): Promise<readonly Run[]> {
  const plane = await Plane.open({ loop: false });
  try {
    const now = new Date().toISOString();
    const written = await seedEstate(plane.database.kysely, { components, environments: stages, releases: 12, replicas: 4, now });
    await plane.database.pool.query('analyze');
    say(`${written.components} components, ${written.cells} cells, ${written.deployments} deployments`);
    const runs: Run[] = [];
    for (const [scenario, call] of Object.entries(lists(plane))) {
      await call();
      for (let round = 1; round <= rounds; round += 1) runs.push({ scenario, contender: 'ours', round, seconds: await timed(call) });
      say(`${scenario}: p95 ${ms(percentile(runs, scenario))} ms`);
    }
    runs.push(...(await inBrowser(plane, Math.max(3, Math.round(rounds / 8)))));
    return runs;
  } finally {
    await plane.stop();
    await closeDatabases();
  }
}

function lists(plane: Plane): Readonly<Record<string, () => Promise<unknown>>> {
  const read = (path: string) => async () => {
    const answer = await fetch(`${plane.url}/api/v1${path}`, { headers: { authorization: `Bearer ${plane.token}` } });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.arrayBuffer();
  };
  const past = new Date(Date.now() - 10 * 86_400_000).toISOString();
  const estate = read('/estate');
  return {
    estate,
    'estate after a change': async () => {
      await touch(plane);
      await estate();
    },
    'estate as of ten days ago': read(`/estate?at=${past}`),
    component: read('/components/contrats-01-web-0'),
    deployments: read('/deployments?limit=100'),
    changes: read('/changes?limit=100'),
    audit: read('/audit?limit=100'),
    components: read('/components'),
    releases: read('/releases'),
  };
}

/** An instance was seen to come or to go: the next reading of the estate cannot be the one before. */
async function touch({ context, database }: Plane): Promise<void> {
  const one = await database.kysely.selectFrom('sighting').selectAll().where('environment', '=', 'dev').limit(1).executeTakeFirstOrThrow();
  await context.store.sightings.record({ ...one, ready: one.ready === 0 ? 1 : 0, at: new Date().toISOString() });
}

async function inBrowser(plane: Plane, rounds: number): Promise<readonly Run[]> {
  const browser = await openBrowser();
  const page = await (await person(browser, { direct: true })).newPage();
  await enter(page, plane);
  const list = await plainList(await person(browser, { direct: true }), components);
  const runs: Run[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    runs.push({ scenario: 'first useful paint', contender: 'ours', round, seconds: await firstPaint(page, plane) });
    for (const seconds of await keystrokes(page)) runs.push({ scenario: 'keystroke in the filter', contender: 'ours', round, seconds });
    await page.locator('.filter-words input').fill('');
    runs.push(...(await scrolled(page, 'ours', round)), ...(await scrolled(list, plain, round)));
  }
  await browser.close();
  return runs;
}

/**
 * From the start of the navigation until a row of the matrix is painted. Chromium drops a page that it loads when a network interface comes
 * or goes; that navigation does not count.
 */
async function firstPaint(page: Page, plane: Plane, tries = 3): Promise<number> {
  try {
    await page.goto(`${plane.url}/`);
    await page.locator('[role=rowheader]').first().waitFor();
  } catch (error) {
    if (tries === 1) throw error;
    return firstPaint(page, plane, tries - 1);
  }
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

function secondsOf(runs: readonly Run[], scenario: string, contender: string): readonly number[] {
  return runs.filter((run) => run.scenario === scenario && run.contender === contender).map(({ seconds }) => seconds);
}

function percentile(runs: readonly Run[], scenario: string, share = 0.95, contender = 'ours'): number {
  const sorted = secondsOf(runs, scenario, contender).toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

function ms(seconds: number): string {
  return (1000 * seconds).toFixed(0);
}
