/** What a deployment waits for, for people. */
import type { DeploymentView } from '@beluga/contract/api-schema';
import { momentOf } from '../output/moment.ts';
import { plainText } from '../output/text.ts';

/** Empty when it waits for no gate. */
export function wordsOfWaiting({ id, waitsFor, verdicts }: DeploymentView): readonly string[] {
  if (waitsFor === null) return [];
  const { opensAt, approval } = waitsFor;
  const until = [opensAt === null ? null : `until ${momentOf(opensAt)}`, approval ? 'until its plan is approved' : null];
  return [
    `${id} waits ${until.filter((one) => one !== null).join(' and ')}, then it starts by itself:`,
    ...verdicts.filter(({ verdict }) => verdict !== 'open').map(({ gate, reason }) => `  ${gate}: ${plainText(reason)}`),
    ...(approval ? [`  beluga change approve ${id}, by another person, says yes to its plan.`] : []),
    `  beluga cancel ${id} calls it off.`,
  ];
}
