/** `beluga up`: sets this machine up and starts the platform. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import type { Io } from '../output/io.ts';
import { signInLink } from '../platform/console.ts';
import { connect } from '../platform/home.ts';
import { bringUp } from '../platform/start.ts';
import { inspectMachine } from '../setup/machine.ts';
import { wordsOfPlan } from '../setup/perform.ts';
import { planSetup, refuseImpossible } from '../setup/plan.ts';

export function define(command: Command): void {
  command.option('--dry-run', 'only show what would be installed and started');
  whenCalled<{ dryRun?: true }>(command, async (io, { dryRun }) => {
    if (dryRun === true) return showPlan(io);
    const { server, started } = await bringUp(io);
    const link = await signInLink(await connect(io.env));
    const result = { state: started ? 'started' : 'running', url: server.url, pid: server.pid, version: server.version, console: link.url };
    const title = `Beluga ${server.version} ${started ? 'runs' : 'was running'} at ${server.url}`;
    io.show(result, () => `${title}\n  Console: ${link.url}\n           (signs in once, within ten minutes; beluga open makes another)`);
    return 0;
  });
}

async function showPlan(io: Io): Promise<number> {
  const machine = await inspectMachine(io.env);
  const steps = planSetup(machine);
  refuseImpossible(machine, steps);
  io.show({ state: 'planned', steps }, () => (steps.length === 0 ? 'This machine lacks nothing.' : wordsOfPlan(steps)));
  return 0;
}
