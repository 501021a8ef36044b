/** `beluga resume`: lets the line move again after `beluga stop-the-line`. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  whenCalled(command, async (io) => {
    const { client } = await connect(io.env);
    const line = await client.resumeLine({});
    io.show(line, () => 'The line moves again; what waits is asked its gates anew.');
    return 0;
  });
}
