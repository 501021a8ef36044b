/** The word of a person on a plan that somebody else asks about. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function decide(command: Command, decision: 'approved' | 'rejected'): void {
  command.argument('<id>', 'as `beluga approval list` lists it').option('--reason <reason>', 'why; it is kept');
  whenCalled<{ reason?: string }>(command, async (io, { reason }, [id = '']) => {
    const { client } = await connect(io.env);
    const approval = await client.decideApproval({ id, decision, ...(reason === undefined ? {} : { reason }) });
    const { component, version, environment, planHash } = approval;
    io.show(approval, () => `${component}@${version} to ${environment} is ${decision}: plan ${planHash}.`);
    return 0;
  });
}
