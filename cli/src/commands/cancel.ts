/** `beluga cancel`: ends a deployment; what served before still serves. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command.argument('<deployment>', 'its id, such as dep-01k8…');
  whenCalled(command, async (io, _options, [id = '']) => {
    const { client } = await connect(io.env);
    const deployment = await client.cancelDeployment({ id });
    io.show(deployment, () => (deployment.state === 'running' ? `${id} is being put back.` : `${id} is ${deployment.state}.`));
    return 0;
  });
}
