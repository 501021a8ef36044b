/** `beluga deployment show`: one deployment, how it ended or stands, what its gates said and what was done. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { wordsOfDeployment } from '../deployment/words.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command.argument('<id>', 'as `beluga deployments` lists it');
  whenCalled<object>(command, async (io, _options, [id = '']) => {
    const { client } = await connect(io.env);
    const deployment = await client.showDeployment({ id });
    io.show(deployment, () => wordsOfDeployment(deployment));
    return 0;
  });
}
