import type { ShownTrainView, TrainView } from '@beluga/contract';
import { type ApprovableTrain, approveTrain, showWithPlan, withPlan } from '../actions/approve-train.ts';
import { moveTrain, type RollbackCause } from '../actions/move-train.ts';
import { boardTrain, cancelTrain, createTrain, leaveTrain, lockTrain, reopenTrain } from '../actions/plan-train.ts';
import { permissionsOf } from '../domain/trains/permission.ts';
import type { Train } from '../domain/trains/train.ts';
import type { Router } from './route.ts';
import { InvalidRequest } from './validation.ts';

export function trainRoutes(route: Router): void {
  route.serve('listTrains', {
    act: ({ context }) => context.store.trains.list(),
    present: (trains) => ({ items: trains.map(presentTrain) }),
  });
  route.serve('showTrain', { act: ({ context, who, input }) => showWithPlan(context, who, input.train), present: presentShown });
  route.serve('createTrain', {
    act: ({ context, who, input }) => createTrain(context, who, input),
    status: () => 201,
    present: presentTrain,
  });
  route.serve('boardTrain', { act: ({ context, who, input }) => boardTrain(context, who, input), present: presentTrain });
  route.serve('leaveTrain', { act: ({ context, who, input }) => leaveTrain(context, who, input), present: presentTrain });
  route.serve('lockTrain', { act: ({ context, who, input }) => lockTrain(context, who, input.train), present: presentTrain });
  route.serve('reopenTrain', { act: ({ context, who, input }) => reopenTrain(context, who, input), present: presentTrain });
  route.serve('cancelTrain', { act: ({ context, who, input }) => cancelTrain(context, who, input.train), present: presentTrain });
  route.serve('approveTrain', { act: ({ context, who, input }) => approveTrain(context, who, input), present: presentShown });
  route.serve('moveTrain', {
    act: async ({ context, who, input }) => withPlan(context, who, await moveTrain(context, who, input.train, input.kind, causeOf(input))),
    status: () => 201,
    present: presentShown,
  });
}

function causeOf({ kind, reason, incident }: { readonly kind: string } & RollbackCause): RollbackCause {
  const given = Object.entries({ reason, incident }).filter(([, value]) => value !== undefined);
  if (kind === 'rollback' || given.length === 0) return { reason, incident };
  throw new InvalidRequest(
    given.map(([name]) => ({ path: name, problem: `${name} is of a rollback only, not of a ${kind}`, remedy: `leave ${name} out` })),
  );
}

function presentTrain(train: Train): TrainView {
  return { ...train, members: [...train.members] };
}

function presentShown({ train, prognosis, trips, plan, mayApprove }: ApprovableTrain): ShownTrainView {
  const { obstacles, warnings, members } = prognosis;
  return {
    train: presentTrain(train),
    can: { ...permissionsOf(train.state), approve: mayApprove },
    plan: plan === null ? null : { ...plan, members: plan.members.map((one) => ({ ...one, approvedBy: [...one.approvedBy] })) },
    prognosis: {
      ...prognosis,
      obstacles: [...obstacles],
      warnings: [...warnings],
      members: members.map((member) => ({ ...member, verdicts: [...member.verdicts] })),
    },
    trips: trips.map(
      ({ id, kind, environment, state, direction, reason, incident, requestedBy, requestedAt, endedAt, members: moved }) => ({
        ...{ id, kind, environment, state, direction, reason, incident, requestedBy, requestedAt, endedAt },
        members: moved.map((member) => {
          const { component, wave, state: now, deploymentId, reason: why } = member;
          return { component, wave: wave + 1, state: now, deploymentId, reason: why };
        }),
      }),
    ),
  };
}
