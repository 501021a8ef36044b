/**
 * `npm run screenshots`: every page as a picture in `.beluga/pictures`, with the story of the tests in French and English, light and dark,
 * and with an estate of 2,000 components in five environments.
 *
 *   ./dev/node web/test/pictures.ts [folder] [only these, such as large-estate,plan]
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { seedEstate } from '../../bench/estate/seed.ts';
import { type Look, openBrowser, person } from './browser.ts';
import { largePages, signsOf2000 } from './large.ts';
import { enter, everyPage, type Stop, settled, visit } from './pages.ts';
import { Plane } from './plane.ts';
import { stages, tellStory } from './story.ts';

const folder = process.argv[2] ?? join(import.meta.dirname, '..', '..', '.beluga', 'pictures');
const only = process.argv[3]?.split(',');
const isWanted = (name: string): boolean => only === undefined || only.includes(name);
const looks: readonly Look[] = [
  { language: 'fr', theme: 'light' },
  { language: 'en', theme: 'dark' },
];

await mkdir(folder, { recursive: true });
const browser = await openBrowser();
await story();
await large();
await browser.close();
process.stdout.write(`Pictures are in ${folder}\n`);
process.exit(0);

async function story(): Promise<void> {
  const plane = await Plane.open();
  await tellStory(plane);
  const stops = await everyPage(plane);
  for (const look of looks) await takeAll(browser, plane, look, stops, '');
  if (isWanted('deployment-live')) await watchOne(plane);
  await plane.stop();
}

/** A deployment in its middle. */
async function watchOne(plane: Plane): Promise<void> {
  plane.stepMs = 1_500;
  await plane.release('contrats-api', '1.1.0', { subject: 'perf: lit une page à la fois' });
  const id = await plane.deploy('contrats-api', '1.1.0', 'dev');
  const context = await person(browser, { language: 'fr' });
  const page = await context.newPage();
  await enter(page, plane, `/deployments/${id}`);
  await page.locator('.sets').getByText('se vide').first().waitFor();
  await page.screenshot({ path: join(folder, 'deployment-live-fr-light.png') });
  plane.stepMs = 0;
  await context.close();
}

async function large(): Promise<void> {
  const plane = await Plane.open({ loop: false });
  await seedEstate(plane.database.kysely, {
    components: 2_000,
    environments: stages,
    releases: 12,
    replicas: 3,
    now: new Date().toISOString(),
  });
  await signsOf2000(plane);
  for (const look of looks) await takeAll(browser, plane, look, await largePages(plane), 'large-');
  await plane.stop();
}

async function takeAll(from: Browser, plane: Plane, look: Look, stops: readonly Stop[], before: string): Promise<void> {
  const context = await person(from, { ...look, direct: true });
  const page = await context.newPage();
  await enter(page, plane);
  for (const stop of stops.filter(({ name }) => isWanted(before + name))) {
    await visit(page, plane, stop);
    await settled(page);
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(folder, `${before}${stop.name}-${look.language}-${look.theme}.png`) });
  }
  await context.close();
}
