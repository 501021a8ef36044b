/** Every page of the console, for the tests and the pictures that go through all of them. */

import { createClient } from '@beluga/contract/client';
import type { Page, Request } from 'playwright-core';
import type { Plane } from './plane.ts';

/** By name: the address, and what is done there before it is looked at. */
export type Stop = { readonly name: string; readonly path: string; readonly act?: (page: Page) => Promise<void> };

export async function everyPage(plane: Plane): Promise<readonly Stop[]> {
  return [...(await pagesOfWhatRuns(plane)), ...(await pagesOfWhoDecides(plane))];
}

/** The estate, a component behind all its tabs, deployments, drift: the first half of every page. */
export async function pagesOfWhatRuns(plane: Plane): Promise<readonly Stop[]> {
  const deployments = await plane.context.store.views.deployments({ limit: 100 });
  const bad = deployments.find(({ state }) => state === 'rolled-back');
  const good = deployments.find(({ version, environment }) => version === '1.1.0' && environment === 'int');
  const web = '/components/contrats-web';
  return [
    { name: 'estate', path: '/' },
    { name: 'estate-empty', path: '/?q=nobody' },
    { name: 'component', path: web },
    { name: 'plan', path: web, act: (page) => page.getByRole('button', { name: /1\.2\.0/ }).click() },
    { name: 'between', path: web, act: (page) => page.locator('.between summary').first().click() },
    { name: 'instances', path: `${web}?tab=instances` },
    { name: 'activity', path: `${web}?tab=activity&span=6h` },
    { name: 'logs', path: `${web}?tab=logs` },
    { name: 'configuration', path: `${web}?tab=configuration` },
    {
      name: 'dependencies',
      path: '/components/contrats-api?tab=dependencies',
      act: (page) => page.locator('.graph-table summary').click(),
    },
    { name: 'image', path: `${web}?tab=image` },
    { name: 'releases', path: `${web}?tab=releases` },
    { name: 'deployments', path: '/deployments' },
    { name: 'deployment', path: `/deployments/${good?.id}` },
    { name: 'deployment-rolled-back', path: `/deployments/${bad?.id}` },
    { name: 'drift', path: '/drift?all=yes' },
    { name: 'drift-none', path: '/drift?component=nobody' },
  ];
}

/** Changes, the calendar and all that follows: the other half. */
export async function pagesOfWhoDecides(plane: Plane): Promise<readonly Stop[]> {
  const { items: changes } = await createClient({ url: plane.url, token: plane.token }).listChanges({ limit: 1 });
  return [
    { name: 'changes', path: '/changes' },
    { name: 'change', path: `/changes/${changes[0]?.id}` },
    { name: 'calendar', path: '/calendar' },
    { name: 'calendar-week', path: '/calendar?view=week' },
    { name: 'calendar-freeze', path: '/calendar', act: (page) => page.locator('.page-actions button').first().click() },
    { name: 'stop', path: '/calendar', act: (page) => page.locator('.stop-button').click() },
    { name: 'trains', path: '/trains' },
    { name: 'train-new', path: '/trains?new=yes' },
    { name: 'train', path: '/trains/avril' },
    { name: 'train-lock', path: '/trains/avril', act: (page) => page.locator('.page-actions button').nth(1).click() },
    { name: 'publications', path: '/publications' },
    { name: 'measures', path: '/measures' },
    { name: 'measures-open', path: '/measures?of=deployment-frequency' },
    { name: 'automation', path: '/automation' },
    { name: 'automation-system', path: '/automation?system=contrats' },
    { name: 'images', path: '/images' },
    { name: 'socle', path: '/images/node-26' },
    { name: 'audit', path: '/audit' },
    { name: 'settings', path: '/settings' },
    { name: 'palette', path: '/settings', act: openPalette },
    { name: 'nothing-there', path: '/nowhere' },
  ];
}

async function openPalette(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('contrats-web');
  await page.getByRole('option').first().waitFor();
}

/** Opens a page and waits until it shows what it has; once more when the browser dropped a file of it, as it does when a network comes or goes. */
export async function visit(page: Page, plane: Plane, stop: Stop, tries = 3): Promise<void> {
  const { path, act } = stop;
  const dropped = Promise.withResolvers<never>();
  const see = (request: Request): void => {
    if (/document|script|stylesheet/.test(request.resourceType()) && /NETWORK/.test(request.failure()?.errorText ?? ''))
      dropped.reject(new Error(`${path}: the browser dropped ${request.url()}`));
  };
  const shown = async (): Promise<void> => {
    await page.goto(plane.url + path);
    await settled(page);
    await act?.(page);
    await settled(page);
  };
  page.on('requestfailed', see);
  try {
    await Promise.race([shown(), dropped.promise]);
  } catch (error) {
    if (tries === 1 || !/NETWORK|dropped/.test(String(error))) throw error;
    await visit(page, plane, stop, tries - 1);
  } finally {
    page.off('requestfailed', see);
  }
}

/** Signs in by a link and waits for the console. */
export async function enter(page: Page, plane: Plane, path = '/'): Promise<void> {
  await page.goto(await plane.link(path));
  await settled(page);
}

/** The page has its title, and no skeleton is left. */
export async function settled(page: Page): Promise<void> {
  await page.locator('#main :is(h1, h2)').first().waitFor();
  await page.locator('.skeletons').first().waitFor({ state: 'detached' });
}
