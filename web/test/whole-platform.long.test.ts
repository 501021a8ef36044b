import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createClient } from '../../server/src/drivers/engine/docker/client.ts';
import { Platform } from '../../server/test/platform.ts';
import { openBrowser, person, watched } from './browser.ts';
import { settled } from './pages.ts';

const manifest = `
apiVersion: beluga/v1
kind: Service
metadata: { name: web, system: contrats }
run:
  command: [node, server.js]
  health: { path: /healthz, within: 20s }
  stop: { grace: 2s }
`;
const server = `
const { createServer } = require('node:http');
createServer((_, response) => response.end(process.env.BELUGA_VERSION)).listen(process.env.PORT, () => console.log('it listens'));
process.on('SIGTERM', () => process.exit(0));
`;

const platform = await Platform.open();
const browser = await openBrowser();
after(async () => {
  await browser.close();
  await platform.close();
});

test('with a real engine: a release is taken to the first stage in the console, watched, killed under, and its log is read', async () => {
  await platform.release('1.0.0', manifest, { 'server.js': server });
  const url = `http://${platform.host}`;
  const page = await (await person(browser)).newPage();
  const broken = watched(page, () => url);
  const { code } = await platform.client().makeSignInLink();
  await page.goto(`${url}/components/web#sign-in=${code}`);
  await settled(page);
  await page.getByRole('button', { name: 'Take 1.0.0 here' }).click();
  await page.getByText('Nothing stands in the way.').waitFor();
  await page.getByRole('button', { name: 'Install in dev' }).click();
  await page.getByText('100 % of the traffic goes to 1.0.0').first().waitFor({ timeout: 60_000 });
  await platform.kill();
  await page.locator('[data-live=away]').waitFor();
  await platform.start();
  await page.locator('[data-live=live]').waitFor();
  await page.locator('.page-head').getByText('succeeded').waitFor({ timeout: 60_000 });
  await page.goto(`${url}/components/web?tab=logs`);
  await page.getByText('it listens').first().waitFor();
  assert.deepEqual(broken, []);
});

test('with a real engine: what somebody pauses by hand is found and put right, and what runs is drawn', async () => {
  const url = `http://${platform.host}`;
  const page = await (await person(browser)).newPage();
  const broken = watched(page, () => url);
  const { code } = await platform.client().makeSignInLink();
  const [instance] = (await platform.client().listInstances({ component: 'web', environment: 'dev' })).items;
  await page.goto(`${url}/drift?all=yes#sign-in=${code}`);
  await settled(page);
  await page.getByText('What runs is as it was recorded, and always was').waitFor();
  await createClient(platform.real.socket).docker.getContainer(`bs.${instance?.name}`).pause();
  await page.getByText(`${instance?.name} is paused.`).waitFor();
  await page.getByText(/put right after/).waitFor({ timeout: 60_000 });
  await page.goto(`${url}/components/web?tab=activity&span=15m`);
  await page.getByRole('img', { name: /^Memory: now \d/ }).waitFor({ timeout: 60_000 });
  await page.getByText('Deployments of this time').waitFor();
  assert.deepEqual(broken, []);
});
