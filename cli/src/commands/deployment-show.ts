/** `beluga deployment show`: one deployment, how it ended or stands, what its gates said and what was done. */
import type { DeploymentView } from '@beluga/contract/api-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { wordsOfEnding } from '../deployment/follow.ts';
import { plainText } from '../output/text.ts';
import { connect } from '../platform/home.ts';
import { wordsOfVerdicts } from './plan.ts';

export function define(command: Command): void {
  command.argument('<id>', 'as `beluga deployments` lists it');
  whenCalled<object>(command, async (io, _options, [id = '']) => {
    const { client } = await connect(io.env);
    const deployment = await client.showDeployment({ id });
    io.show(deployment, () => wordsOf(deployment));
    return 0;
  });
}

function wordsOf(deployment: DeploymentView): string {
  const { id, purpose, requestedBy, requestedAt, incident, verdicts, steps } = deployment;
  const why = incident === null ? '' : `, for incident ${incident}`;
  return [
    wordsOfEnding(deployment),
    plainText(`  ${id}, a ${purpose === 'rollback' ? 'rollback' : 'deployment'} asked for by ${requestedBy} at ${requestedAt}${why}`),
    ...section('Gates', wordsOfVerdicts(verdicts)),
    ...section(
      'Steps',
      steps.map(({ state, sentence }) => `${state.padEnd(7)} ${plainText(sentence)}`),
    ),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}
