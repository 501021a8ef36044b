/** Kill -9 of a replica, of all replicas and of the router, under load: Beluga beside plain restart policies with HAProxy and Docker Swarm, in one run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, figuresOf, inTurn, type Report, type Run, ratioTo } from './harness.ts';
import type { Contender } from './traffic/contender.ts';
import { underLoad, usualLoad } from './traffic/load.ts';
import { openSite } from './traffic/site.ts';

const scenarios = ['one of 3 replicas', 'all 3 replicas', 'the router'] as const;
type Scenario = (typeof scenarios)[number];

const hand = 'haproxy script';
const everyMs = 20;
const withinMs = 60_000;
/** An engine restarts at once what ran for ten seconds, and more slowly what did not: nobody is killed before. */
const restMs = 11_000;

export const healBench: Bench = {
  rounds: 5,
  async measure({ rounds, say }) {
    const site = await openSite(say, ['haproxy reload']);
    const runs: Run[] = [];
    const lastKill = new Map<string, number>();
    try {
      for (const { round, scenario, contender, kill } of turns(rounds, site.contenders)) {
        await sleep(Math.max(0, (lastKill.get(contender.name) ?? 0) + restMs - performance.now()));
        say(`round ${round} of ${rounds}: ${scenario} of ${contender.name}`);
        runs.push({ scenario, contender: contender.name, round, ...(await healed(contender, kill, scenario)) });
        lastKill.set(contender.name, performance.now());
      }
    } finally {
      await site.close();
    }
    return reportOf(runs);
  },
};

type Turn = { readonly round: number; readonly scenario: Scenario; readonly contender: Contender; readonly kill: () => Promise<void> };

function turns(rounds: number, contenders: readonly Contender[]): readonly Turn[] {
  return Array.from({ length: rounds }, (_, index) => index + 1).flatMap((round) =>
    scenarios.flatMap((scenario) =>
      inTurn(contenders, round).flatMap((contender): readonly Turn[] => {
        const kill = killOf(contender, scenario);
        return kill === null ? [] : [{ round, scenario, contender, kill }];
      }),
    ),
  );
}

function killOf(contender: Contender, scenario: Scenario): (() => Promise<void>) | null {
  if (scenario === 'the router') return contender.killRouter;
  return async () => await contender.kill(scenario === 'all 3 replicas' ? 'all' : 'one');
}

/** `seconds` until all replicas serve again; `longestGapMs` is how long nobody was answered. */
async function healed(contender: Contender, kill: () => Promise<void>, scenario: Scenario): Promise<Pick<Run, 'seconds' | 'values'>> {
  let seconds = 0;
  const work = async () => {
    await kill();
    const killed = performance.now();
    if (scenario !== 'the router') await until(async () => !(await contender.whole()), 2_000);
    await until(contender.whole, withinMs);
    seconds = (performance.now() - killed) / 1000;
  };
  if (!contender.reachable) {
    await work();
    return { seconds };
  }
  const { report } = await underLoad({ url: `${contender.address}/`, ...usualLoad }, work);
  const { sent, failed, p50Ms, p99Ms, worstMs, longestGapMs } = report;
  return { seconds, values: { sent, failed, p50Ms, p99Ms, worstMs, longestGapMs } };
}

async function until(done: () => Promise<boolean>, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await done().catch(() => false)) && performance.now() < end) await sleep(everyMs);
}

function reportOf(runs: readonly Run[]): Report {
  const names = [...new Set(runs.map(({ contender }) => contender))];
  const peers = Object.fromEntries(names.filter((name) => name !== 'beluga').map((name) => [name, figuresOf(runs, name)]));
  const ours = figuresOf(runs, 'beluga');
  const middle = (figures: typeof ours | undefined, scenario: Scenario, what: string) => figures?.[scenario]?.[what]?.median ?? Number.NaN;
  const against = (scenario: Scenario, what: string) =>
    ratioTo(middle(ours, scenario, what), { [hand]: middle(peers[hand], scenario, what) }, 1);
  return {
    runs,
    ours,
    peers,
    ratio: {
      'one replica, all serve again': against('one of 3 replicas', 'seconds'),
      'one replica, p99': against('one of 3 replicas', 'p99Ms'),
      'all replicas, nobody was answered for': against('all 3 replicas', 'longestGapMs'),
      'all replicas, all serve again': against('all 3 replicas', 'seconds'),
      'the router, nobody was answered for': against('the router', 'longestGapMs'),
    },
    notes: [
      'An application takes 1 s to get ready. Of all replicas and of the router, what is in flight is lost, whoever brings it.',
      ...scenarios.map((scenario) => `Failed, all rounds, ${scenario}: ${names.map((name) => failedOf(runs, scenario, name)).join(', ')}.`),
    ],
  };
}

function failedOf(runs: readonly Run[], scenario: Scenario, name: string): string {
  const own = runs.filter((run) => run.contender === name && run.scenario === scenario);
  if (own.every(({ values }) => values === undefined)) return `${name} not counted`;
  return `${name} ${own.reduce((sum, { values }) => sum + (values?.['failed'] ?? 0), 0)}`;
}
