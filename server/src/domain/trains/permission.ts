/** What the state of a train lets people do with it; what else may stand in the way, its prognosis says. */
import { type TrainState, transitions } from './train.ts';

export type TrainPermissions = Readonly<Record<'board' | 'lock' | 'reopen' | 'cancel' | 'rehearse' | 'depart' | 'rollBack', boolean>>;

export function permissionsOf(state: TrainState): TrainPermissions {
  const leadsTo = (next: TrainState): boolean => transitions[state].includes(next);
  return {
    board: state === 'open',
    lock: leadsTo('locked') && state === 'open',
    reopen: leadsTo('open'),
    cancel: leadsTo('cancelled'),
    rehearse: leadsTo('rehearsing'),
    depart: leadsTo('departing'),
    rollBack: leadsTo('rolling-back'),
  };
}
