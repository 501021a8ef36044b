/** `beluga ship`: builds, registers the release and deploys it to the first environment. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';
import { type ReleaseOptions, releaseFolder } from '../source/release.ts';
import { type DeployOptions, deployAndShow, withWaitOptions } from './deploy.ts';
import { withReleaseOptions } from './release.ts';

export function define(command: Command): void {
  command.argument('[folder]', 'the folder that holds beluga.yaml', '.');
  withReleaseOptions(command);
  withWaitOptions(command);
  whenCalled<ReleaseOptions & Omit<DeployOptions, 'to'>>(command, async (io, options, [folder]) => {
    const platform = await connect(io.env);
    const { component, version } = await releaseFolder(io, platform, folder, options);
    const { environments } = await platform.client.status();
    return deployAndShow(io, platform, { component, version, environment: environments[0] ?? 'dev' }, options, 'ship');
  });
}
