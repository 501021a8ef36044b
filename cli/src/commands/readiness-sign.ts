/** `beluga readiness sign`: signs a line of the readiness file of an application system. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { instantOf } from '../deployment/instant.ts';
import { connect } from '../platform/home.ts';
import { showLines } from './readiness-show.ts';

type Options = { readonly note?: string; readonly until?: string };

export function define(command: Command): void {
  command
    .argument('<system>', 'the application system')
    .argument('<line>', 'the line, as policies.readiness of platform.yaml names it')
    .option('--note <note>', 'where the proof is')
    .option('--until <time>', 'when it has to be signed again; default: never');
  whenCalled<Options>(command, async (io, { note, until }, [system = '', line = '']) => {
    const { client } = await connect(io.env);
    const expiresAt = until === undefined ? undefined : instantOf(until, '--until');
    const wish = { system, line, ...(note === undefined ? {} : { note }), ...(expiresAt === undefined ? {} : { expiresAt }) };
    showLines(io, (await client.signReadiness(wish)).items);
    return 0;
  });
}
