import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { platformOf } from '@beluga/contract/platform';
import { cancelDeployment } from '../actions/cancel-deployment.ts';
import type { Context } from '../actions/context.ts';
import { replayDelivery } from '../actions/replay-delivery.ts';
import { requestDeployment } from '../actions/request-deployment.ts';
import type { ChannelSettings } from '../domain/platform.ts';
import { startMailServer } from '../drivers/notify/mail-server-for-tests.ts';
import { BelugaError } from '../errors.ts';
import { outletsOf } from '../outlets.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import { deliverDue } from './delivery.ts';
import { createPlane, deploy, ended, quickPace, release } from './for-tests.ts';
import { startLoop } from './loop.ts';

type Message = { readonly path: string; readonly headers: Readonly<Record<string, unknown>>; readonly body: string };
const messages: Message[] = [];
let refusing = 0;
const web = createServer((request, response) => {
  void (async () => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (refusing !== 0) return response.writeHead(refusing).end('no');
    messages.push({ path: request.url ?? '', headers: request.headers, body });
    return response.writeHead(202).end();
  })();
});
await new Promise<void>((resolve) => void web.listen(0, '127.0.0.1', resolve));
const webUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;

const { url: smtpUrl, mails, close: closeMail } = await startMailServer();
after(async () => {
  web.closeAllConnections();
  web.close();
  await closeMail();
});

const channel = (name: string, kind: ChannelSettings['kind']): ChannelSettings => ({
  ...{ name, kind, url: `env:${name.toUpperCase()}`, secret: kind === 'webhook' ? 'env:SECRET' : null, from: 'beluga@example.fr' },
  ...{ to: ['equipe@example.fr'], language: kind === 'slack' ? 'en' : 'fr', systems: null },
});
const variables = {
  TEAMS: `${webUrl}/teams?sig=very-secret`,
  SLACK: `${webUrl}/slack`,
  HOOK: `${webUrl}/hook`,
  MAIL: smtpUrl,
  SECRET: 'a-secret',
};
const channels = [channel('teams', 'teams'), channel('slack', 'slack'), channel('hook', 'webhook'), channel('mail', 'email')];
let ahead = Temporal.Duration.from({ seconds: 0 });
const now = (): Temporal.Instant => Temporal.Now.instant().add(ahead);
const outlets = outletsOf({ itsm: null, channels }, variables, now);
const onlyProduction = {
  environments: ['prod'],
  platform: platformOf({ apiVersion: 'beluga/v1', kind: 'Platform', environments: [{ name: 'prod', gates: { approvals: 0 } }] }),
};
const { context, engine } = createPlane(await withDatabase(), undefined, onlyProduction);
const loop = startLoop(context, 'server-1', quickPace);
after(() => loop.stop());
await sleep(100);
const telling: Context = { ...context, now, outlets };
const to = (path: string): readonly Message[] => messages.filter((message) => message.path.startsWith(path));

async function told(): Promise<void> {
  ahead = ahead.add({ seconds: 20 });
  for (let rounds = 0; rounds < 20; rounds += 1) if ((await deliverDue(telling)) === 0) return;
}

await deliverDue(telling);

describe('an installation in production', () => {
  it('is told on every channel once when it starts and once when it has ended', async () => {
    await release(context, 'told-web', '1.0.0');
    await deploy(context, 'told-web', '1.0.0', 'prod');
    await told();
    await told();
    assert.deepEqual([to('/teams').length, to('/slack').length, to('/hook').length, mails.length], [2, 2, 2, 2]);
  });

  it('is an Adaptive Card 1.5 for Teams, in French', () => {
    const [started, ended] = to('/teams').map(({ body }) => JSON.parse(body) as Card);
    for (const card of [started, ended]) {
      assert.equal(card?.type, 'message');
      const [attachment] = card?.attachments ?? [];
      assert.equal(attachment?.contentType, 'application/vnd.microsoft.card.adaptive');
      assert.deepEqual([attachment?.content.type, attachment?.content.version], ['AdaptiveCard', '1.5']);
    }
    assert.match(JSON.stringify(started), /Mise en production commencée : told-web 1.0.0/);
    assert.match(JSON.stringify(ended), /Mise en production réussie : told-web 1.0.0/);
  });

  it('is a message of colour for Slack and Mattermost, and a thread of mails', () => {
    const last = JSON.parse(to('/slack')[1]?.body ?? '{}') as { text: string; attachments: { color: string }[] };
    assert.match(last.text, /Installation succeeded: told-web 1.0.0/);
    assert.equal(last.attachments[0]?.color, '#2f855a');
    const thread = /^Message-ID: (<.+>)/im.exec(mails[0] ?? '')?.[1] ?? 'none';
    assert.ok(mails[1]?.includes(`In-Reply-To: ${thread}`), mails[1] ?? 'no mail');
    assert.match(mails[1] ?? '', /^Auto-Submitted: auto-generated/m);
    assert.match(mails[1] ?? '', /^To: equipe@example.fr/m);
  });

  it('is a signed CDEvent for programs', () => {
    const [, { headers, body } = { headers: {} as Message['headers'], body: '{}' }] = to('/hook');
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    assert.equal(headers['webhook-signature'], `v1,${createHmac('sha256', 'a-secret').update(signed).digest('base64')}`);
    assert.match(String(headers['content-type']), /^application\/cloudevents\+json/);
    const event = JSON.parse(body) as {
      specversion: string;
      type: string;
      data: { context: Record<string, string>; subject: { id: string; content: object } };
    };
    assert.deepEqual([event.specversion, event.type], ['1.0', 'dev.cdevents.service.deployed.0.3.0']);
    assert.deepEqual(event.data.subject.content, {
      environment: { id: 'prod', source: '/beluga' },
      artifactId: artifactOf('told-web@1.0.0', 'told-web'),
    });
    assert.equal(event.data.context['type'], event.type);
  });

  it('that fails is told once for the whole system when the cause is shared', async () => {
    const before = to('/teams').length;
    const names = ['shared-a', 'shared-b', 'shared-c'];
    const mend = engine.fail({ on: 'pull', matching: 'shared', error: new BelugaError('disk-full', { folder: '/var/lib/engine' }) });
    const stop = engine.fail({ on: 'ready', matching: 'shared', error: new BelugaError('crashes', { instance: 'shared', exitCode: 1 }) });
    mend();
    for (const name of names) await release(context, name, '1.0.0');
    await Promise.all(names.map((name) => deploy(context, name, '1.0.0', 'prod')));
    stop();
    await deliverDue(telling);
    await told();
    const failed = to('/teams')
      .slice(before)
      .filter(({ body }) => body.includes('non réussie'));
    assert.equal(failed.length, 1);
    assert.match(failed[0]?.body ?? '', /3 mises en production non réussies dans contrats, pour la même cause/);
    for (const name of names) assert.ok(failed[0]?.body.includes(name), name);
  });
});

describe('an installation that is called off before anything was touched', () => {
  it('is told to have ended, as it was told to have started', async () => {
    const before = to('/teams').length;
    await release(context, 'off-web', '1.0.0');
    const off = engine.fail({ on: 'pull', matching: 'off-web', error: new BelugaError('disk-full', { folder: '/var/lib/engine' }) });
    const { id, state } = await requestDeployment(context, 'lea', { component: 'off-web', version: '1.0.0', environment: 'prod' });
    assert.equal(state, 'waiting');
    while ((await context.store.views.deployment(id))?.state !== 'running') await sleep(5);
    await cancelDeployment(context, 'marc', id, 'the partner is not ready');
    off();
    assert.equal((await ended(context, id)).state, 'cancelled');
    await deliverDue(telling);
    await told();
    const cards = to('/teams').slice(before);
    assert.equal(cards.length, 2);
    assert.match(cards[1]?.body ?? '', /non réussie : off-web 1\.0\.0.*Cancelled by marc: the partner is not ready/s);
  });
});

describe('a delivery', () => {
  it('that nobody takes is tried again later, and arrives', async () => {
    const before = to('/slack').length;
    await installed('late-web');
    refusing = 503;
    await told();
    const waiting = await context.store.deliveries.list({ state: 'waiting', limit: 10 });
    assert.ok(waiting.some(({ problem }) => problem?.includes('answered 503') === true));
    refusing = 0;
    await told();
    assert.equal(to('/slack').length, before + 2);
  });

  it('that is refused lies with the dead letters, never says its address, and can be sent again', async () => {
    await installed('dead-web');
    refusing = 404;
    await told();
    const dead = await context.store.deliveries.list({ state: 'dead', limit: 10 });
    assert.equal(dead.length, 6);
    const events = await context.store.views.events({ after: 0, subject: 'delivery/', limit: 100 });
    assert.equal(events.filter(({ type }) => type === 'delivery.dead').length, 6);
    assert.doesNotMatch(JSON.stringify([dead, events]), /very-secret|a-secret|127\.0\.0\.1/);
    refusing = 0;
    const one = dead.find(({ target }) => target === 'teams');
    assert.ok(one !== undefined);
    const before = to('/teams').length;
    await replayDelivery(context, 'marc', one.id);
    await assert.rejects(replayDelivery(context, 'marc', one.id), /is waiting/);
    await told();
    assert.equal(to('/teams').length, before + 1);
  });

  it('needs its secrets when the server starts, and names the one that is missing', () => {
    assert.throws(() => outletsOf({ itsm: null, channels }, {}, now), /channel teams in platform.yaml names TEAMS/);
  });
});

async function installed(name: string): Promise<void> {
  await release(context, name, '1.0.0');
  await deploy(context, name, '1.0.0', 'prod');
}

function artifactOf(release: string, name: string): string {
  return `pkg:oci/${name}@${encodeURIComponent(context.hash(release))}`;
}

type Card = { readonly type: string; readonly attachments: readonly { contentType: string; content: { type: string; version: string } }[] };
