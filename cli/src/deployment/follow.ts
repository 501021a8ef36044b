/** Follows a deployment to its end and tells each step as it happens. */
import { setTimeout as wait } from 'node:timers/promises';
import type { DeploymentView } from '@beluga/contract/api-schema';
import { ServerUnreachable } from '@beluga/contract/client';
import { CliError } from '../errors.ts';
import type { Io } from '../output/io.ts';
import { durationOf, plainText } from '../output/text.ts';
import type { Platform } from '../platform/home.ts';

const pollMs = 150;

/** Waits until the deployment has ended; a server that restarts meanwhile is waited for. Throws `timed-out`. */
export async function followDeployment(io: Io, platform: Platform, first: DeploymentView, timeoutMs: number): Promise<DeploymentView> {
  const startedAt = performance.now();
  const told = new Set<string>();
  const text = `${first.component}@${first.version} to ${first.environment}`;
  return io.progress.during(text, async (note) => {
    for (let deployment = first; ; deployment = await look(platform, deployment)) {
      tell(io, deployment, told, note);
      if (hasEnded(deployment)) return deployment;
      if (performance.now() - startedAt > timeoutMs) {
        throw new CliError('timed-out', { id: deployment.id, state: deployment.state, seconds: Math.round(timeoutMs / 1000) });
      }
      await wait(pollMs);
    }
  });
}

async function look({ client }: Platform, known: DeploymentView): Promise<DeploymentView> {
  try {
    return await client.showDeployment({ id: known.id });
  } catch (error) {
    if (error instanceof ServerUnreachable) return known;
    throw error;
  }
}

function tell(io: Io, { steps, id }: DeploymentView, told: Set<string>, note: (words: string) => void): void {
  for (const step of steps) {
    const key = `${step.ordinal} ${step.state}`;
    if (step.state === 'planned' || told.has(key)) continue;
    told.add(key);
    io.event({ type: 'deployment.step', deployment: id, ...step });
    note(step.sentence);
  }
}

export function hasEnded({ state }: DeploymentView): boolean {
  return state !== 'waiting' && state !== 'running';
}

/** How a deployment ended, for people. */
export function wordsOfEnding(deployment: DeploymentView): string {
  const { component, version, environment, state, reason, ledger, log } = deployment;
  const seconds =
    deployment.startedAt === null || deployment.endedAt === null ? '' : ` in ${lasted(deployment.startedAt, deployment.endedAt)}`;
  const lines = [`${component}@${version} in ${environment}: ${state}${seconds}`];
  if (reason !== null) lines.push(`  ${plainText(reason)}`);
  if (state === 'rolled-back') lines.push(`  ${deployment.formerVersion ?? 'The former release'} goes on serving.`);
  if (log.length > 0) lines.push('  Its last lines:', ...log.map((line) => `  | ${plainText(line)}`));
  if (ledger !== null) {
    const { sent, failed, longestGapMs, p99Ms } = ledger;
    lines.push(`  Ledger: ${sent} requests sent, ${failed} failed, longest gap ${longestGapMs} ms, p99 ${p99Ms} ms`);
  }
  return lines.join('\n');
}

function lasted(from: string, to: string): string {
  return durationOf(Date.parse(to) - Date.parse(from));
}
