/** What the router costs: latency added at a steady load, and requests a second at most, beside HAProxy alone and no router, in one run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '../server/src/drivers/engine/docker/client.ts';
import { openSubject } from '../server/src/drivers/engine/docker/rig/subject.ts';
import { type Bench, figuresOf, inTurn, type Report, type Run, ratioTo } from './harness.ts';
import { processorSeconds } from './machine.ts';
import { beluga } from './traffic/beluga.ts';
import { haproxyAlone } from './traffic/haproxy.ts';
import { underLoad, usualLoad } from './traffic/load.ts';
import { peakOf } from './traffic/peak.ts';

const scenarios = ['500 + 100 requests a second', 'as many as go through'] as const;
const steadyMs = 4_000;
const peakMs = 4_000;
const restMs = 1_000;

type Way = { readonly name: string; readonly address: string; readonly pid: (() => Promise<number>) | null };

export const routerBench: Bench = {
  rounds: 5,
  async measure({ rounds, say }) {
    const subject = await openSubject('docker');
    const runs: Run[] = [];
    const closing: (() => Promise<void>)[] = [() => subject.close()];
    try {
      const ours = await beluga(subject);
      const ips = await ipsOf(subject.real.socket);
      const alone = await haproxyAlone(31_820, ips);
      closing.unshift(() => alone.close());
      const ways: readonly Way[] = [
        { name: 'beluga', address: ours.address, pid: ours.routerPid },
        { name: 'haproxy alone', address: alone.address, pid: alone.pid },
        { name: 'no router', address: `http://${ips[0]}:8080`, pid: null },
      ];
      for (let round = 1; round <= rounds; round += 1) {
        for (const way of inTurn(ways, round)) {
          await sleep(restMs);
          say(`round ${round} of ${rounds}: ${way.name}`);
          runs.push({ scenario: scenarios[0], contender: way.name, round, ...(await steady(way)) });
          runs.push({ scenario: scenarios[1], contender: way.name, round, ...(await peak(way)) });
        }
      }
    } finally {
      for (const close of closing) await close();
    }
    return reportOf(runs);
  },
};

async function steady(way: Way): Promise<Pick<Run, 'seconds' | 'values'>> {
  const { report, seconds } = await underLoad({ url: `${way.address}/`, ...usualLoad }, () => sleep(steadyMs));
  const { sent, failed, p50Ms, p99Ms } = report;
  return { seconds, values: { sent, failed, p50Ms, p99Ms } };
}

async function peak(way: Way): Promise<Pick<Run, 'seconds' | 'values'>> {
  const pid = way.pid === null ? null : await way.pid();
  const before = pid === null ? 0 : processorSeconds(pid);
  const { answered, seconds } = await peakOf(way.address, peakMs);
  const router = pid === null ? {} : { routerMicrosARequest: ((processorSeconds(pid) - before) * 1e6) / answered };
  return { seconds, values: { answeredASecond: answered / seconds, ...router } };
}

async function ipsOf(socket: string): Promise<readonly string[]> {
  const { docker } = createClient(socket);
  const found = await docker.listContainers({ filters: { label: ['beluga.component=bench'] } });
  return found.flatMap(({ NetworkSettings }) => Object.values(NetworkSettings.Networks).map(({ IPAddress }) => IPAddress));
}

function reportOf(runs: readonly Run[]): Report {
  const [at, peak] = scenarios;
  const ours = figuresOf(runs, 'beluga');
  const peers = { 'haproxy alone': figuresOf(runs, 'haproxy alone'), 'no router': figuresOf(runs, 'no router') };
  const middle = (figures: typeof ours, scenario: string, what: string) => figures[scenario]?.[what]?.median ?? Number.NaN;
  const alone = (scenario: string, what: string) => ({ 'haproxy alone': middle(peers['haproxy alone'], scenario, what) });
  const inverse = (figures: typeof ours) => 1 / middle(figures, peak, 'answeredASecond');
  const added = (figures: typeof ours) => (middle(figures, at, 'p50Ms') - middle(peers['no router'], at, 'p50Ms')).toFixed(2);
  return {
    runs,
    ours,
    peers,
    ratio: {
      'p50 at a steady load': ratioTo(middle(ours, at, 'p50Ms'), alone(at, 'p50Ms'), 1.1),
      'p99 at a steady load': ratioTo(middle(ours, at, 'p99Ms'), alone(at, 'p99Ms'), 1.1),
      'time a request at the peak': ratioTo(inverse(ours), { 'haproxy alone': inverse(peers['haproxy alone']) }, 1.1),
      'processor a request at the peak': ratioTo(middle(ours, peak, 'routerMicrosARequest'), alone(peak, 'routerMicrosARequest'), 1.25),
    },
    notes: [
      `Added to the median without a router: beluga ${added(ours)} ms, haproxy alone ${added(peers['haproxy alone'])} ms.`,
      'Without a router all requests go to one of the three replicas.',
    ],
  };
}
