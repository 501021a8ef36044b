/** What goes wrong on purpose: the process of an instance is killed, and the server itself in the middle of a deployment. */
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { DeploymentView } from '@beluga/contract/api-schema';
import { succeeded } from './delivery.ts';
import { promise, type Stage } from './stage.ts';

type Container = { readonly Id: string; readonly Labels: Readonly<Record<string, string>> };

const recoveryMs = 60_000;
const pollMs = 150;

/** Kills the process of one instance with -9, as the kernel does when memory runs out. */
export async function killInstance(socket: string, component: string, environment: string): Promise<string> {
  const platform = process.env['BELUGA_PLATFORM'] ?? 'beluga';
  const labels = [`beluga.platform=${platform}`, `beluga.component=${component}`, `beluga.environment=${environment}`];
  const filters = encodeURIComponent(JSON.stringify({ label: labels, status: ['running'] }));
  const [container] = await ask<readonly Container[]>(socket, `/containers/json?filters=${filters}`);
  promise(container !== undefined, `no container of ${component} runs in ${environment}`);
  const { State } = await ask<{ State: { Pid: number } }>(socket, `/containers/${container.Id}/json`);
  process.kill(State.Pid, 'SIGKILL');
  return container.Id.slice(0, 12);
}

/** Kills the server with -9 once a step of this deployment runs. */
export async function killServerDuring(stage: Stage, id: string): Promise<void> {
  const moving = await poll(stage, id, ({ state, steps }) => state !== 'waiting' && steps.some((step) => step.state === 'running'));
  promise(moving.state === 'running', `the deployment ended before the server could be killed: ${moving.state}`);
  process.kill(await serverPid(stage.home), 'SIGKILL');
}

/** The deployment as it ended; it must end by itself. */
export async function ending(stage: Stage, id: string): Promise<DeploymentView> {
  return poll(stage, id, ({ state }) => state !== 'waiting' && state !== 'running');
}

async function poll(stage: Stage, id: string, isSo: (deployment: DeploymentView) => boolean): Promise<DeploymentView> {
  for (const startedMs = performance.now(); performance.now() - startedMs < recoveryMs; await wait(pollMs)) {
    const found = await deploymentOf(stage, id);
    if (isSo(found)) return found;
  }
  throw new Error(`deployment ${id} did not move within ${recoveryMs / 1000} s`);
}

async function deploymentOf({ home }: Stage, id: string): Promise<DeploymentView> {
  const { url } = await serverFile(home);
  const token = (await readFile(join(home, 'token'), 'utf8')).trim();
  const answer = await fetch(`${url}/api/v1/deployments/${id}`, { headers: { authorization: `Bearer ${token}` } });
  promise(answer.ok, `the server answered ${answer.status} about deployment ${id}`);
  return (await answer.json()) as DeploymentView;
}

/** Starts the platform again and checks that another server runs. */
export async function startAgain(stage: Stage): Promise<void> {
  const former = await serverPid(stage.home);
  succeeded(await stage.beluga('up'));
  promise((await serverPid(stage.home)) !== former, 'beluga up did not start another server');
}

async function serverPid(home: string): Promise<number> {
  return (await serverFile(home)).pid;
}

async function serverFile(home: string): Promise<{ pid: number; url: string }> {
  return JSON.parse(await readFile(join(home, 'server.json'), 'utf8')) as { pid: number; url: string };
}

function ask<Answer>(socketPath: string, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text) as Answer);
        else reject(new Error(`the engine answered ${response.statusCode} to ${path}: ${text.trim()}`));
      });
    });
    asked.on('error', reject).end();
  });
}
