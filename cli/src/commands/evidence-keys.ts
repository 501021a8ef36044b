/** `beluga evidence keys`: the public keys with which this platform signed, for other programs to verify it with. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  whenCalled(command, async (io) => {
    const { client } = await connect(io.env);
    const { items } = await client.listSigningKeys();
    if (items.length === 0) io.progress.say('Nothing was signed yet: the first release is signed when it is registered.');
    if (io.format === 'table') for (const { publicKey } of items) io.line(publicKey.trimEnd());
    else io.list(items, [], '');
    return 0;
  });
}
