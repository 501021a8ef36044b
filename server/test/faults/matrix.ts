/** Tries faults with some numbers of replicas, and says what did not end as it must. */
import { setTimeout as sleep } from 'node:timers/promises';
import { servesWell } from '../../src/domain/instance.ts';
import type { Workload } from '../../src/domain/workload.ts';
import { createClient } from '../../src/drivers/engine/docker/client.ts';
import { startLoad } from '../../src/drivers/engine/docker/rig/load.ts';
import type { RealSubject } from '../../src/drivers/engine/docker/rig/subject.ts';
import { install, testWorkload } from '../../src/drivers/engine/subject.ts';
import { type Fault, roll } from './faults.ts';

export type Cell = {
  readonly fault: string;
  readonly replicas: number;
  readonly sent: number;
  readonly failed: number;
  /** From the end of the rollout until every request is answered by the version that must serve. */
  readonly healthyAfterMs: number;
  readonly seconds: number;
  /** What did not end as it must; empty when all did. */
  readonly problems: readonly string[];
};

const component = 'faulty';
const healthyWithinMs = 30_000;
/** So many answers in a row, from the right version, are healthy traffic. */
const inARow = 12;

/** Tries one fault on a component that has this port as its address; it is taken away again, so that the next fault may have both. */
export async function tryFault(subject: RealSubject, fault: Fault, replicas: number, port: number): Promise<Cell> {
  const { engine } = subject;
  const began = performance.now();
  const workload = (version: string, more: Partial<Workload> = {}) =>
    testWorkload(subject, component, version, { replicas: { min: replicas, max: replicas }, stopGraceMs: 3_000, ...more });
  const [former, next] = [workload('1', fault.former), workload('2', fault.next)];
  await engine.route(former, port);
  await install(engine, former);
  const address = await engine.address(former);
  const kept = fault.freshOnly ? {} : { kept: 60, connections: 8 };
  const load = startLoad({ url: `${address}/`, kept: 0, fresh: 20, ...kept });
  await sleep(300);
  const problems: string[] = [];
  const refusal = await (fault.roll ?? roll)({ subject, former, next }).catch((error: unknown) => `it threw: ${String(error)}`);
  if ((refusal === null) !== (fault.ends === 'new')) problems.push(refusal ?? 'it was not refused');
  const ended = performance.now();
  const wanted = fault.ends === 'new' ? 'v2' : 'v1';
  const healthy = await settles(address, wanted);
  const healthyAfterMs = Math.round(performance.now() - ended);
  if (!healthy) problems.push(`not healthy within ${healthyWithinMs / 1000} s`);
  const report = await load.stop();
  const { instances } = await engine.observe(former);
  const serving = instances.filter(servesWell);
  const missing = fault.restless === undefined && serving.length !== replicas;
  if (missing || serving.some(({ version }) => `v${version}` !== wanted))
    problems.push(`in the end ${serving.map(({ version }) => version).join(', ') || 'nobody'} serve instead of ${replicas} of ${wanted}`);
  const found = await containersOf(subject);
  if (found !== replicas) problems.push(`${found} containers are there instead of ${replicas}`);
  const allowed = fault.mayFail?.(report.sent) ?? 0;
  if (report.failed > allowed) problems.push(`${report.failed} of ${report.sent} requests failed: ${JSON.stringify(report.failures)}`);
  await takeAway(subject, former);
  const seconds = (performance.now() - began) / 1000;
  return { fault: fault.name, replicas, sent: report.sent, failed: report.failed, healthyAfterMs, seconds, problems };
}

async function settles(address: string, wanted: string): Promise<boolean> {
  const end = performance.now() + healthyWithinMs;
  for (let row = 0; row < inARow; ) {
    if (performance.now() > end) return false;
    const answer = await fetch(address, { headers: { connection: 'close' } }).then(
      async (response) => (response.ok ? await response.text() : ''),
      () => '',
    );
    row = answer === wanted ? row + 1 : 0;
    if (row === 0) await sleep(50);
  }
  return true;
}

async function containersOf({ real }: RealSubject): Promise<number> {
  const { docker } = createClient(real.socket);
  return (await docker.listContainers({ all: true, filters: { label: [`beluga.component=${component}`] } })).length;
}

async function takeAway({ engine }: RealSubject, place: Workload): Promise<void> {
  const { signal } = new AbortController();
  for (const step of engine.plan(null, await engine.observe(place))) await engine.perform(place, step, signal);
}

export function tableOf(cells: readonly Cell[]): string {
  const width = Math.max(...cells.map(({ fault }) => fault.length));
  const lines = cells.map(({ fault, replicas, sent, failed, healthyAfterMs, seconds, problems }) => {
    const end = problems.length === 0 ? 'as it must' : problems.join('; ');
    return `${fault.padEnd(width)}  ${replicas}  ${String(sent).padStart(5)} sent  ${String(failed).padStart(4)} failed  healthy after ${String(healthyAfterMs).padStart(5)} ms  ${seconds.toFixed(1).padStart(5)} s  ${end}`;
  });
  return lines.join('\n');
}
