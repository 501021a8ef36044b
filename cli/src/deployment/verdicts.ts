/** What gates say, for a terminal. */
import type { PlanView } from '@beluga/contract/api-schema';
import { momentOf } from '../output/moment.ts';
import { plainText } from '../output/text.ts';

/** Each gate with its verdict, and what to do where it is not open. */
export function wordsOfVerdicts(verdicts: PlanView['verdicts']): string[] {
  return verdicts.flatMap(({ gate, verdict, reason, remedy, who, opensAt }) => [
    `${verdict.padEnd(7)} ${gate}: ${plainText(reason)}`,
    ...(remedy === null ? [] : [`        ${plainText(remedy)}`]),
    ...(who === null ? [] : [`        Who can: ${plainText(who)}.`]),
    ...(opensAt === null ? [] : [`        Opens ${momentOf(opensAt)}.`]),
  ]);
}
