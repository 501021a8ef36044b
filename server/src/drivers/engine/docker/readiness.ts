/** Waiting until an instance is ready, and the declared check: both from outside, the same on every engine. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Check, Health } from '../../../domain/release.ts';
import { BelugaError } from '../../../errors.ts';
import { type Client } from './client.ts';
import { type Container, lifeOf } from './containers.ts';
import { lastLines } from './logs.ts';
import { probeHttp, probeLive } from './probe.ts';
import { probeCommand } from './probe-command.ts';

const everyMs = 25;
/** Asking the engine costs it as much as a start: only so often. */
const lifeEveryMs = 400;
const probeMs = 2_000;
/** Starting a program in an instance takes longer than asking it; one that is given up on goes on running there. */
const commandMs = 10_000;
const restartsTolerated = 3;

/**
 * Waits until the instance answers its health path (2xx or 3xx), its command ends with 0, or its port opens, and stays so for `minReadyMs`. Throws `never-ready`
 * after `withinMs`, or `crashes` as soon as it ended again and again; both carry its last lines.
 */
export async function waitReady(client: Client, container: Container, health: Health, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + health.withinMs;
  const before = (await lifeOf(client, container.id))?.restarts ?? 0;
  let since: number | null = null;
  let askedAt = performance.now();
  let problem: string | null = 'it was not asked yet';
  while (true) {
    signal.throwIfAborted();
    problem = await ready(client, container, health);
    const now = performance.now();
    since = problem === null ? (since ?? now) : null;
    if (since !== null && now - since >= health.minReadyMs) return;
    if (problem !== null && now - askedAt >= lifeEveryMs) {
      await refuseCrash(client, container, before);
      askedAt = performance.now();
    }
    if (now > deadline) throw await neverReady(client, container, health, problem ?? 'it was not ready for long enough');
    await sleep(everyMs, undefined, { signal });
  }
}

/** Null when it is ready now, else why not. */
async function ready(client: Client, container: Container, health: Health): Promise<string | null> {
  if (health.command !== undefined && health.command !== null) return await probeCommand(client, container.id, health.command, commandMs);
  return await probeLive(container, { path: health.path, timeoutMs: probeMs });
}

async function refuseCrash(client: Client, container: Container, restartsBefore: number): Promise<void> {
  const life = await lifeOf(client, container.id);
  if (life === null) throw new BelugaError('start-failed', { instance: container.instance, problem: 'its container was removed' });
  const ended = life.state === 'exited' && life.status !== 'restarting';
  if (!ended && life.restarts - restartsBefore < restartsTolerated) return;
  const log = await lastLines(client, container.id);
  throw new BelugaError('crashes', { instance: container.instance, exitCode: life.exitCode ?? 'unknown' }, { log });
}

async function neverReady(client: Client, container: Container, health: Health, problem: string): Promise<BelugaError> {
  const words = { instance: container.instance, seconds: health.withinMs / 1000, problem, port: container.port };
  return new BelugaError('never-ready', words, { log: await lastLines(client, container.id) });
}

/** Sends the declared request once. Throws `check-failed` with what came. */
export async function performCheck(client: Client, container: Container, check: Check): Promise<void> {
  const answer = await probeHttp(container, check.path, check.withinMs);
  const got = typeof answer === 'string' ? `nothing (${answer})` : wrong(answer, check);
  if (got === null) return;
  const expected = check.contains === null ? String(check.status) : `${check.status} with "${check.contains}"`;
  const words = { instance: container.instance, path: check.path, got, expected };
  throw new BelugaError('check-failed', words, { log: await lastLines(client, container.id) });
}

function wrong(answer: { readonly status: number; readonly body: string }, check: Check): string | null {
  if (answer.status !== check.status) return String(answer.status);
  if (check.contains === null || answer.body.includes(check.contains)) return null;
  return `${answer.status} without "${check.contains}"`;
}
