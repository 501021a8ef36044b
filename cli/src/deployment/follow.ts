/** Follows a deployment to its end and tells each step as it happens. */
import { setTimeout as wait } from 'node:timers/promises';
import type { DeploymentView, LedgerView } from '@beluga/contract/api-schema';
import { ServerUnreachable } from '@beluga/contract/client';
import type { Io } from '../output/io.ts';
import type { Line } from '../output/progress.ts';
import { durationOf, plainText } from '../output/text.ts';
import type { Platform } from '../platform/home.ts';

const pollMs = 150;

/** Waits until the deployment has ended or the time is over, and gives it as it is then. A server that restarts meanwhile is waited for. */
export async function followDeployment(io: Io, platform: Platform, first: DeploymentView, timeoutMs: number): Promise<DeploymentView> {
  const startedAt = performance.now();
  const told = new Set<string>();
  const text = `${first.component}@${first.version} to ${first.environment}`;
  const follow = async (line: Line): Promise<DeploymentView> => {
    for (let deployment = first; ; deployment = await look(platform, deployment)) {
      tell(io, deployment, told, line);
      if (hasEnded(deployment) || performance.now() - startedAt > timeoutMs) return deployment;
      await wait(pollMs);
    }
  };
  return io.progress.during(
    text,
    (_note, line) => follow(line),
    ({ state }) => (state === 'succeeded' ? null : state),
  );
}

async function look({ client }: Platform, known: DeploymentView): Promise<DeploymentView> {
  try {
    return await client.showDeployment({ id: known.id });
  } catch (error) {
    if (error instanceof ServerUnreachable) return known;
    throw error;
  }
}

function tell(io: Io, { steps, id }: DeploymentView, told: Set<string>, line: Line): void {
  for (const step of steps) {
    const key = `${step.purpose} ${step.ordinal} ${step.state}`;
    if (step.state === 'planned' || told.has(key)) continue;
    told.add(key);
    io.event({ type: 'deployment.step', deployment: id, ...step });
    if (step.state === 'running') line.note(step.sentence);
    else line.keep(`${step.state.padEnd(7)} ${step.sentence}`);
  }
}

export function hasEnded({ state }: DeploymentView): boolean {
  return state !== 'waiting' && state !== 'running';
}

/** How a deployment ended, for people. */
export function wordsOfEnding(deployment: DeploymentView): string {
  const { component, version, environment, state, reason, ledger, log } = deployment;
  const lines = [`${component}@${version} in ${environment}: ${state}${lasted(deployment)}`];
  if (reason !== null) lines.push(`  ${plainText(reason)}`);
  if (state === 'rolled-back') lines.push(`  ${deployment.formerVersion ?? 'The former release'} goes on serving.`);
  if (log.length > 0) lines.push('  Its last lines:', ...log.map((line) => `  | ${plainText(line)}`));
  if (ledger !== null) {
    const { sent, failed, longestGapMs, p99Ms } = ledger;
    lines.push(
      `  Ledger: ${sent} requests sent, ${failed} failed, longest gap ${longestGapMs} ms, p99 ${p99Ms} ms`,
      ...wordsOfPhases(ledger),
    );
  }
  return lines.join('\n');
}

/** The latency in each phase, and what the router counted of everybody's requests. */
function wordsOfPhases({ phases = {}, router }: LedgerView): readonly string[] {
  const each = (['before', 'during', 'after'] as const).flatMap((phase) => {
    const measured = phases[phase];
    return measured === undefined ? [] : [`${phase} ${measured.p50Ms} and ${measured.p99Ms} ms`];
  });
  const latency = each.length < 2 ? [] : [`  p50 and p99: ${each.join(', ')}`];
  const counted =
    router === undefined || router.requests === 0 ? [] : [`  The router counted ${router.requests} requests, ${router.failed} failed.`];
  return [...latency, ...counted];
}

function lasted({ startedAt, endedAt }: DeploymentView): string {
  return startedAt === null || endedAt === null ? '' : ` in ${durationOf(Date.parse(endedAt) - Date.parse(startedAt))}`;
}
