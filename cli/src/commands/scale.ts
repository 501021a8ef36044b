/** `beluga scale`: how many instances run and why; sets a number, or lets it be decided again. */
import type { ScaleView } from '@beluga/contract/api-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { CliError } from '../errors.ts';
import { connect } from '../platform/home.ts';

type Options = { readonly env: string; readonly to?: string; readonly auto?: boolean };

export function define(command: Command): void {
  command
    .argument('<component>', 'the component')
    .requiredOption('--env <environment>', 'where')
    .option('--to <number>', 'run so many, whatever the load')
    .option('--auto', 'let scaling decide again');
  whenCalled<Options>(command, async (io, { env, to, auto }, [component = '']) => {
    const wished = wish(to, auto === true);
    const { client } = await connect(io.env);
    const place = { component, environment: env };
    const scale = wished === undefined ? await client.showScale(place) : await client.setScale({ ...place, to: wished });
    io.show(scale, () => words(scale));
    return 0;
  });
}

/** Undefined when nothing is to change. */
function wish(to: string | undefined, auto: boolean): number | null | undefined {
  if (to !== undefined && auto) throw new CliError('usage', { problem: '--to and --auto exclude each other.', command: 'scale ' });
  if (to === undefined) return auto ? null : undefined;
  if (/^([1-9]|1[0-6])$/.test(to)) return Number(to);
  throw new CliError('usage', { problem: `"${to}" is no number from 1 to 16.`, command: 'scale ' });
}

function words(scale: ScaleView): string {
  const bounds = scale.min === scale.max ? `${scale.min} declared` : `${scale.min} to ${scale.max} declared`;
  return `${scale.component} in ${scale.environment}: ${scale.wanted} wanted, ${scale.serving} serving, ${bounds}\n${scale.reason}`;
}
