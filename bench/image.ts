/** From a change to a pushed image: `beluga build` against `docker build`, `buildah` and `podman build`, side by side in one run. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRealEngine } from '../server/src/drivers/engine/docker/rig/real-engine.ts';
import { type Bench, figuresOf, inTurn, type Report, type Run, ratioTo } from './harness.ts';
import { coldCommand, openWatch } from './image/beluga.ts';
import type { Contender } from './image/contender.ts';
import { changeEverything, changeSource, checkOut, writeFixture } from './image/fixture.ts';
import { openPeers } from './image/peers.ts';
import { type BenchPlatform, openPlatform } from './image/platform.ts';
import { setUpPeers } from './image/set-up.ts';

type Site = {
  readonly platform: BenchPlatform;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly contenders: readonly Contender[];
  readonly say: (text: string) => void;
};

/** Files are trusted by their times only some seconds after they changed: builds less than that apart are not what people do. */
const settleMs = 2_500;

export const imageBench: Bench = {
  rounds: 7,
  async measure({ rounds, say }) {
    await setUpPeers(say);
    await using opened = new AsyncDisposableStack();
    const folder = mkdtempSync(join(tmpdir(), 'beluga-bench-'));
    chmodSync(folder, 0o755);
    opened.defer(() => removed(folder));
    const platform = await openPlatform(folder);
    opened.defer(() => platform.close());
    const engine = await openRealEngine('docker');
    opened.defer(() => engine.close());
    const env = { BELUGA_URL: `http://${platform.proxy.host}`, BELUGA_TOKEN: platform.token, BELUGA_HOME: join(folder, 'home') };
    const credentials = `beluga:${platform.token}`;
    const rig = { folder, socket: engine.socket, registry: platform.proxy.host, credentials, base: platform.socle };
    const site = { platform, folder, env, say, contenders: [coldCommand(folder, env), ...(await openPeers(rig, say))] };
    return reportOf(await runsOf(site, rounds), await digestsOf(site));
  },
};

/** Storage of the peers may still be mounted for a moment. */
async function removed(folder: string): Promise<void> {
  for (let left = 3; left > 0; left--) {
    try {
      return rmSync(folder, { recursive: true, force: true });
    } catch {
      await sleep(500);
    }
  }
}

async function runsOf(site: Site, rounds: number): Promise<readonly Run[]> {
  const tree = join(site.folder, 'tree');
  writeFixture(tree);
  site.say('warming up: every contender builds once');
  for (const contender of site.contenders) await timed(site, contender, 'warm-up', 0, tree, false);
  const runs: Run[] = [];
  const few = Math.max(2, Math.ceil(rounds / 3));
  const scenarios: readonly [string, number, (nonce: string) => string, boolean][] = [
    ['change', rounds, (nonce) => (changeSource(tree, nonce), tree), false],
    ['checkout', few, (nonce) => freshCheckout(site, tree, nonce), false],
    ['cold', few, (nonce) => (changeEverything(tree, nonce), tree), true],
  ];
  for (const [scenario, times, prepare, cold] of scenarios) {
    for (let round = 1; round <= times; round++) {
      site.say(`${scenario}, round ${round} of ${times}`);
      for (const contender of inTurn(site.contenders, round)) {
        if (round > (contender.mostRounds ?? times)) continue;
        const place = prepare(`${scenario} ${round} ${contender.name}`);
        await sleep(scenario === 'change' ? settleMs : 0);
        runs.push(await timed(site, contender, scenario, round, place, cold));
      }
    }
  }
  return [...runs, ...(await watched(site, tree, rounds))];
}

function slugOf(text: string): string {
  return text.toLowerCase().replaceAll(/\W+/g, '-').replaceAll(/^-|-$/g, '');
}

function freshCheckout(site: Site, tree: string, nonce: string): string {
  const place = join(site.folder, `checkout-${slugOf(nonce)}`);
  checkOut(tree, place);
  changeSource(place, nonce);
  return place;
}

async function timed(site: Site, contender: Contender, scenario: string, round: number, folder: string, cold: boolean): Promise<Run> {
  const image = `${site.platform.proxy.host}/bench/${slugOf(contender.name)}:${scenario}-r${round}`;
  site.platform.proxy.taken();
  const startMs = performance.now();
  const digest = await contender.build({ folder, image, cold });
  const seconds = (performance.now() - startMs) / 1000;
  return { scenario, contender: contender.name, round, seconds, sentBytes: site.platform.proxy.taken(), ...(digest && { digest }) };
}

/** From the moment a file is written to the line that says the image is pushed. */
async function watched(site: Site, tree: string, rounds: number): Promise<readonly Run[]> {
  site.say('the watch loop');
  const runs: Run[] = [];
  const watch = await openWatch(tree, site.folder, site.env);
  try {
    for (let round = 1; round <= rounds; round++) {
      await sleep(settleMs);
      site.platform.proxy.taken();
      const startMs = performance.now();
      changeSource(tree, `watch ${round}`);
      const digest = await watch.next();
      const seconds = (performance.now() - startMs) / 1000;
      runs.push({ scenario: 'watch', contender: 'beluga', round, seconds, sentBytes: site.platform.proxy.taken(), digest });
    }
  } finally {
    await watch.close();
  }
  return runs;
}

/** Two cold builds of two checkouts of the same content: which of them give one digest? */
async function digestsOf(site: Site): Promise<readonly string[]> {
  site.say('the same content twice');
  const notes: string[] = [];
  for (const contender of site.contenders) {
    const digests = new Set<string>();
    for (const turn of [1, 2]) {
      const place = join(site.folder, `twice-${turn}-${slugOf(contender.name)}`);
      checkOut(join(site.folder, 'tree'), place);
      const repository = `bench/twice-${slugOf(contender.name)}`;
      const image = `${site.platform.proxy.host}/${repository}:t${turn}`;
      const said = await contender.build({ folder: place, image, cold: true });
      digests.add(said ?? (await site.platform.registry.headManifest(repository, `t${turn}`))?.digest ?? `none ${turn}`);
      rmSync(place, { recursive: true });
    }
    notes.push(`${contender.name}: ${digests.size === 1 ? 'one digest' : 'two digests'} for the same content built twice`);
  }
  return notes;
}

function reportOf(runs: readonly Run[], notes: readonly string[]): Report {
  const ours = figuresOf(runs, 'beluga');
  const names = [...new Set(runs.map((run) => run.contender))].filter((name) => name !== 'beluga');
  const peers = Object.fromEntries(names.map((name) => [name, figuresOf(runs, name)]));
  const medians = (scenario: string, what: 'seconds' | 'sentBytes') =>
    Object.fromEntries(names.map((name) => [name, peers[name]?.[scenario]?.[what]?.median ?? Number.POSITIVE_INFINITY]));
  const own = (scenario: string, what: 'seconds' | 'sentBytes') => ours[scenario]?.[what]?.median ?? Number.NaN;
  const ratio = {
    'change to pushed, cold command': ratioTo(own('change', 'seconds'), medians('change', 'seconds'), 0.8),
    'change to pushed, watch loop': ratioTo(own('watch', 'seconds'), medians('change', 'seconds'), 0.4),
    'bytes sent for a change': ratioTo(own('change', 'sentBytes'), medians('change', 'sentBytes'), 1.1),
    'fresh checkout': ratioTo(own('checkout', 'seconds'), medians('checkout', 'seconds'), 1),
    'cold build': ratioTo(own('cold', 'seconds'), medians('cold', 'seconds'), 1),
    'bytes sent for a cold build': ratioTo(own('cold', 'sentBytes'), medians('cold', 'sentBytes'), 1.1),
  };
  return { runs, ours, peers, ratio, notes };
}
