/** `beluga train approve`: says yes to the plans of all releases on a train. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { given } from '../deployment/given.ts';
import { connect } from '../platform/home.ts';
import { wordsOfShown } from '../train/words.ts';

export function define(command: Command): void {
  command
    .argument('<train>', 'its name')
    .option('--plan <hash>', 'only if this is its plan, as `beluga train show` tells it; default: the plan it has now')
    .option('--reason <reason>', 'why; it is kept');
  whenCalled<{ readonly plan?: string; readonly reason?: string }>(command, async (io, { plan, reason }, [train = '']) => {
    const { client } = await connect(io.env);
    const planHash = plan ?? (await client.showTrain({ train })).plan?.planHash;
    const shown = await client.approveTrain(given({ train, planHash, reason }));
    io.show(shown, () => wordsOfShown(shown));
    return 0;
  });
}
