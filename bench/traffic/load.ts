/** 500 requests a second over 32 kept connections and 100 on a new one each, from a process of its own. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LoadOptions, LoadReport } from '../../server/src/drivers/engine/docker/rig/load.ts';

const program = fileURLToPath(new URL('load-process.ts', import.meta.url));
export const usualLoad = { kept: 500, fresh: 100, connections: 32 } as const;
const warmMs = 1_000;
const restMs = 500;

/** Keeps the load up while the work is done, a second before and half a one after. */
export async function underLoad(
  options: LoadOptions,
  work: () => Promise<void>,
): Promise<{ readonly report: LoadReport; readonly seconds: number }> {
  const child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<void>((resolve, reject) => child.on('close', resolve).on('error', reject));
  try {
    await sleep(warmMs);
    const began = performance.now();
    await work();
    const seconds = (performance.now() - began) / 1000;
    await sleep(restMs);
    child.stdin.write('stop');
    await ended;
    return { report: JSON.parse(said) as LoadReport, seconds };
  } finally {
    child.kill();
  }
}
