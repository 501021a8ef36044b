/** The word of a person on the plan of a change that waits for it. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { given } from '../deployment/given.ts';
import { wordsOfWaiting } from '../deployment/waiting.ts';
import { connect } from '../platform/home.ts';

type Options = { readonly plan?: string; readonly reason?: string };

export function decideChange(command: Command, decision: 'approve' | 'refuse'): void {
  command
    .argument('<id>', 'the change, or its deployment')
    .option('--plan <hash>', 'only if this is its plan, as `beluga change show` tells it; default: the plan it has now')
    .option('--reason <reason>', 'why; it is kept');
  whenCalled<Options>(command, async (io, { plan, reason }, [id = '']) => {
    const { client } = await connect(io.env);
    const planHash = plan ?? (await client.showChange({ id })).facts.plan.hash;
    const request = given({ id, planHash, reason });
    const change = await (decision === 'approve' ? client.approveChange(request) : client.refuseChange(request));
    const deployment = await client.showDeployment({ id: change.deployment });
    const said = decision === 'approve' ? 'approved' : 'refused';
    io.show(change, () =>
      [`${change.id}: plan ${planHash.slice(0, 19)} is ${said}. The change is ${change.state}.`, ...wordsOfWaiting(deployment)].join('\n'),
    );
    return 0;
  });
}
