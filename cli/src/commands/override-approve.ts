/** `beluga override approve`: the second person's yes to an override. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command.argument('<id>', 'as `beluga override list` lists it');
  whenCalled(command, async (io, _options, [id = '']) => {
    const { client } = await connect(io.env);
    const override = await client.approveOverride({ id });
    const { component, version, environment } = override;
    io.show(override, () => `Approved: one deployment of ${component}@${version} to ${environment} may pass its closed gates.`);
    return 0;
  });
}
