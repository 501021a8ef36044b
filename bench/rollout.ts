/** Three replicas replaced under load: Beluga beside hand-written HAProxy scripts and Docker Swarm, in one run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, figuresOf, inTurn, type Report, type Run, ratioTo } from './harness.ts';
import type { Contender } from './traffic/contender.ts';
import { underLoad, usualLoad } from './traffic/load.ts';
import { openSite } from './traffic/site.ts';

const scenario = 'replace 3 replicas';
const hand = 'haproxy script';
/** What the one before started and stopped is over by then. */
const restMs = 3_000;

export const rolloutBench: Bench = {
  rounds: 5,
  async measure({ rounds, say }) {
    const site = await openSite(say);
    const runs: Run[] = [];
    try {
      for (let round = 1; round <= rounds; round += 1) {
        for (const contender of inTurn(site.contenders, round)) {
          await sleep(restMs);
          say(`round ${round} of ${rounds}: ${contender.name}`);
          runs.push({ scenario, contender: contender.name, round, ...(await replaced(contender, String(round + 1))) });
        }
      }
    } finally {
      await site.close();
    }
    return reportOf(runs);
  },
};

async function replaced(contender: Contender, version: string): Promise<Pick<Run, 'seconds' | 'values'>> {
  if (!contender.reachable) {
    const began = performance.now();
    await contender.replace(version);
    return { seconds: (performance.now() - began) / 1000 };
  }
  const options = { url: `${contender.address}/`, ...usualLoad };
  const { report, seconds } = await underLoad(options, () => contender.replace(version));
  const { sent, failed, p50Ms, p99Ms, worstMs, longestGapMs } = report;
  return { seconds, values: { sent, failed, p50Ms, p99Ms, worstMs, longestGapMs } };
}

function reportOf(runs: readonly Run[]): Report {
  const names = [...new Set(runs.map(({ contender }) => contender))];
  const peers = Object.fromEntries(names.filter((name) => name !== 'beluga').map((name) => [name, figuresOf(runs, name)]));
  const ours = figuresOf(runs, 'beluga');
  const median = (figures: typeof ours | undefined, what: string) => figures?.[scenario]?.[what]?.median ?? Number.NaN;
  return {
    runs,
    ours,
    peers,
    ratio: {
      'time, against the script': ratioTo(median(ours, 'seconds'), { [hand]: median(peers[hand], 'seconds') }, 1.3),
      'p99, against the script': ratioTo(median(ours, 'p99Ms'), { [hand]: median(peers[hand], 'p99Ms') }, 1),
      'time, against Swarm': ratioTo(median(ours, 'seconds'), { 'docker swarm': median(peers['docker swarm'], 'seconds') }, 1),
    },
    notes: [...unreachable(runs), `Failed requests, all rounds: ${names.map((name) => `${name} ${failedOf(runs, name)}`).join(', ')}.`],
  };
}

/** Those whose requests could not be counted on this machine. */
function unreachable(runs: readonly Run[]): readonly string[] {
  const names = [...new Set(runs.filter(({ values }) => values === undefined).map(({ contender }) => contender))];
  return names.map(
    (name) => `${name}: its network does not work on this kernel, its time is without load and its requests are not counted.`,
  );
}

function failedOf(runs: readonly Run[], name: string): number {
  return runs.filter(({ contender }) => contender === name).reduce((sum, { values }) => sum + (values?.['failed'] ?? 0), 0);
}
