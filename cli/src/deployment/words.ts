/** A deployment in words for a terminal. */
import type { DeploymentView } from '@beluga/contract/api-schema';
import { plainText } from '../output/text.ts';
import { wordsOfEnding } from './follow.ts';
import { wordsOfVerdicts } from './verdicts.ts';

/** A deployment with how it ended or stands, what its gates said and what was done. */
export function wordsOfDeployment(deployment: DeploymentView): string {
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
