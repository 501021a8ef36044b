/** `beluga token create`: a token for a person or a pipeline, told this once. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command
    .argument('<name>', 'who carries it; two tokens of one name are one person')
    .option('--read-only', 'may look at everything and pull images, but change and push nothing');
  whenCalled<{ readonly readOnly?: true }>(command, async (io, { readOnly }, [name = '']) => {
    const { client } = await connect(io.env);
    const token = await client.createToken({ name, access: readOnly === true ? 'read' : 'write' });
    io.show(
      token,
      () =>
        `${token.secret}\n\nThis is told once; only its hash is kept. ${name} uses it as BELUGA_TOKEN. \`beluga token revoke ${token.id}\` ends it.`,
    );
    return 0;
  });
}
