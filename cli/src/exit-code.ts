/** The exit codes of every command; other programs rely on them. */
import type { DeploymentStateName } from '@beluga/contract/api-schema';

export const exitCodes = { done: 0, error: 1, usage: 2, refused: 3, rolledBack: 4, timedOut: 5 } as const;

/** The exit code for the state a deployment ended in. */
export function exitCodeOf(state: DeploymentStateName): number {
  switch (state) {
    case 'succeeded':
      return exitCodes.done;
    case 'refused':
      return exitCodes.refused;
    case 'rolled-back':
      return exitCodes.rolledBack;
    default:
      return exitCodes.error;
  }
}
