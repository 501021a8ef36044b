/** `npm run soak [-- 1000]`: so many deployments of a trivial service under load; nothing may fail, leak or grow. Ended by hand it tells what it saw. */
import { openSubject } from '../../src/drivers/engine/docker/rig/subject.ts';
import { type Soaked, soak } from './soak.ts';

const deployments = Number(process.argv[2] ?? 1_000);
const subject = await openSubject('docker');
const say = (text: string) => void process.stdout.write(`${text}\n`);
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
const began = performance.now();
const outcome = await soakAll();
say(
  `${outcome.deployments} deployments in ${((performance.now() - began) / 60_000).toFixed(1)} min, ${outcome.sent} requests, ${outcome.failed} failed`,
);
for (const problem of outcome.problems) say(`NOT good: ${problem}`);
process.exit(outcome.problems.length === 0 ? 0 : 1);

async function soakAll(): Promise<Soaked> {
  try {
    return await soak(subject, deployments, say, stopping.signal);
  } finally {
    await subject.close();
  }
}
