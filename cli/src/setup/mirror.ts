/** Whether the distribution's mirror answers, asked only where packages are missing. */
import { runProgram } from './child.ts';
import { type Finding, good } from './findings.ts';
import type { Machine } from './machine.ts';
import { missingPackages } from './plan.ts';

const briefMs = 5_000;

export async function mirrorFindings(machine: Machine): Promise<readonly Finding[]> {
  if (missingPackages(machine).length === 0 || !machine.programs['apt-get']) return [];
  const { text } = await runProgram('apt-get', ['--print-uris', 'update']);
  const address = /'(https?:\/\/[^']+)'/.exec(text)?.[1];
  if (address === undefined)
    return [{ what: 'mirror', state: 'wrong', says: 'apt knows no mirror', remedy: 'name one in /etc/apt/sources.list' }];
  const problem = await problemOf(address);
  const { host } = new URL(address);
  if (problem === null) return [good('mirror', `${host} answers`)];
  return [
    {
      what: 'mirror',
      state: 'wrong',
      says: `${host} does not answer: ${problem}`,
      remedy: 'check the network, the proxy and /etc/apt/sources.list',
    },
  ];
}

/** Through the proxy of the environment, as apt would. */
async function problemOf(address: string): Promise<string | null> {
  try {
    await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(briefMs) });
    return null;
  } catch (error) {
    const { cause } = error as { cause?: NodeJS.ErrnoException };
    return cause?.code ?? (error as Error).name;
  }
}
