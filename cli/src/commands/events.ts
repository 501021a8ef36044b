/** `beluga events`: what happens, as it happens, until it is interrupted. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { CliError } from '../errors.ts';
import { plainText } from '../output/text.ts';
import { connect } from '../platform/home.ts';

type Options = { readonly subject?: string; readonly after?: string };

export function define(command: Command): void {
  command
    .option('--subject <prefix>', 'only subjects that begin so, such as deployment/')
    .option('--after <id>', 'what happened after this event first');
  whenCalled<Options>(command, async (io, { subject, after }) => {
    if (io.format === 'json')
      throw new CliError('usage', { problem: 'Events never end: ask for ndjson, a document a line.', command: 'events ' });
    const { client } = await connect(io.env);
    const options = { ...(subject === undefined ? {} : { subject }), ...(after === undefined ? {} : { after }) };
    for await (const event of client.events(options)) {
      io.line(plainText(`${event.time} ${event.type} ${event.subject}`));
      io.event(event);
    }
    return 0;
  });
}
