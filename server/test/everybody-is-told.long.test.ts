import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServiceNowServer, startServiceNow, template } from '../src/drivers/itsm/servicenow/server-for-tests.ts';
import { type MailServer, startMailServer } from '../src/drivers/notify/mail-server-for-tests.ts';
import { Platform } from './platform.ts';

const manifest = `
apiVersion: beluga/v1
kind: Service
metadata: { name: web, system: contrats }
run:
  command: [node, server.js]
  health: { path: /healthz, within: 20s }
  stop: { grace: 5s }
`;
const server = `
const { createServer } = require('node:http');
createServer((_, response) => response.end(process.env.BELUGA_VERSION)).listen(process.env.PORT);
process.on('SIGTERM', () => process.exit(0));
`;
const broken = `process.exit(3);`;

const cards: string[] = [];
const teams = createServer((request, response) => {
  void (async () => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    cards.push(body);
    response.writeHead(202).end();
  })();
});
const fileOf = (serviceNow: string): string => `
apiVersion: beluga/v1
kind: Platform
environments: [{ name: prod, gates: { approvals: 0 } }]
itsm: { kind: servicenow, url: "${serviceNow}", user: beluga, password: env:SERVICENOW_PASSWORD, standardTemplate: ${template} }
channels:
  - { name: equipe, kind: teams, url: env:TEAMS_URL }
  - { name: courrier, kind: email, url: env:MAIL_URL, from: beluga@example.fr, to: [equipe@example.fr] }
`;

/**
 * Until it is so, or for three minutes: then the assertion that follows says what is not. What a killed server was just bringing is brought
 * again when its lease is over, after two minutes.
 */
async function until(condition: () => boolean): Promise<void> {
  for (const since = performance.now(); !condition() && performance.now() - since < 180_000; ) await sleep(50);
}

describe('a running platform with a ServiceNow, a Teams and a mail server of the company', () => {
  let platform: Platform;
  let tool: ServiceNowServer;
  let mail: MailServer;
  const closed = () => [...tool.rows.values()].filter(({ state }) => state === '3');
  before(async () => {
    tool = await startServiceNow();
    await new Promise<void>((resolve) => void teams.listen(0, '127.0.0.1', resolve));
    mail = await startMailServer();
    const env = {
      SERVICENOW_PASSWORD: 'secret',
      TEAMS_URL: `http://127.0.0.1:${(teams.address() as AddressInfo).port}/workflow?sig=very-secret`,
      MAIL_URL: mail.url,
    };
    platform = await Platform.open(env, fileOf(tool.url));
  });
  after(async () => {
    await platform?.close();
    await tool?.close();
    teams.closeAllConnections();
    teams.close();
    await mail?.close();
  });

  it('opens, moves and closes the record of an installation there, and tells people when it starts and when it has ended', async () => {
    await platform.release('1.0.0', manifest, { 'server.js': server });
    const { id, state, reason } = await platform.deploy('web', '1.0.0', 'prod');
    assert.equal(state, 'succeeded', reason ?? '');
    await until(() => closed().length === 1 && cards.length >= 2 && mail.mails.length >= 2);
    const change = await platform.client().showChange({ id });
    const [row] = [...tool.rows.values()];
    assert.deepEqual([change.state, change.closure], ['closed', 'successful']);
    assert.deepEqual([row?.['correlation_id'], row?.['state'], row?.['close_code']], [change.id, '3', 'successful']);
    assert.deepEqual([cards.length, mail.mails.length, tool.rows.size, tool.breaches], [2, 2, 1, []]);
    assert.match(cards[0] ?? '', /Mise en production commencée : web 1\.0\.0/);
    assert.match(cards[1] ?? '', /Mise en production réussie : web 1\.0\.0/);
    const { markdown } = await platform.client().showPublication({ id, language: 'fr' });
    assert.match(markdown, /^# web 1\.0\.0 est en prod/);
  });

  it('closes the record of one that is put back as unsuccessful, and says that the former release serves', async () => {
    await platform.release('1.1.0', manifest, { 'server.js': broken });
    const { id, state } = await platform.deploy('web', '1.1.0', 'prod');
    assert.equal(state, 'rolled-back');
    await until(() => closed().length === 2 && cards.length >= 4);
    const change = await platform.client().showChange({ id });
    const row = [...tool.rows.values()].find((one) => one['correlation_id'] === change.id);
    assert.deepEqual([change.closure, row?.['state'], row?.['close_code']], ['backed-out', '3', 'unsuccessful']);
    assert.ok(cards.some((card) => card.includes('non réussie') && card.includes('La version précédente sert toujours')));
  });

  it('leaves exactly one closed record when the server is killed in the middle', async () => {
    await platform.release('1.2.0', manifest, { 'server.js': server });
    const { id } = await platform.client().requestDeployment({ component: 'web', version: '1.2.0', environment: 'prod' });
    await until(() => cards.some((card) => card.includes('commencée : web 1.2.0')));
    await platform.kill();
    await platform.start();
    assert.equal((await platform.ended(id)).state, 'succeeded');
    await until(() => closed().length === 3);
    assert.deepEqual([tool.rows.size, closed().length, tool.breaches], [3, 3, []]);
  });

  it('shows what is in force without any secret', async () => {
    const shown = await platform.client().showPlatform();
    assert.match(shown.file?.digest ?? '', /^sha256:/);
    assert.deepEqual([shown.itsm?.kind, shown.channels.map(({ url }) => url)], ['servicenow', ['env:TEAMS_URL', 'env:MAIL_URL']]);
    assert.doesNotMatch(JSON.stringify(shown), /very-secret|:"secret"/);
  });
});
