/** Release trains in the HTTP interface. */
import { type Static, Type } from 'typebox';
import { ComponentName, Digest, EnvironmentName, IncidentReference, VerdictSchema, Version } from './api-schema.ts';
import { Nullable, oneOf, strictly } from './schema-words.ts';

export const TrainDate = Type.String({ format: 'date-time' });
export const TrainName = Type.String({ pattern: '^[a-z0-9][a-z0-9.-]{0,39}$', description: 'Such as avril-2027.' });
const TripKind = Type.Enum(['rehearsal', 'departure', 'rollback']);
const TrainState = Type.Enum([
  'open',
  'locked',
  'rehearsing',
  'rehearsed',
  'departing',
  'arrived',
  'rolling-back',
  'rolled-back',
  'stranded',
  'cancelled',
]);
const dates = {
  opensAt: Type.String({ format: 'date-time', description: 'From then on releases get on.' }),
  locksAt: Type.String({ format: 'date-time', description: 'From then on the set is what it is.' }),
  rehearsalAt: Type.String({ format: 'date-time', description: 'From then on it may be rehearsed, in the environment before the last.' }),
  departsAt: Type.String({ format: 'date-time', description: 'From then on it may depart, to the last environment.' }),
};

export const TripRequestSchema = strictly({
  kind: TripKind,
  reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'Of a rollback: why, in a sentence; it is kept.' })),
  incident: Type.Optional(
    Type.String({
      ...IncidentReference,
      description:
        'Of a rollback: the incident that it mends, such as INC0012345. It stands in the change of every release, and the stop button does not hold it up.',
    }),
  ),
});

export const TrainRequestSchema = strictly({ name: TrainName, ...dates });

export const TrainSchema = strictly({
  name: TrainName,
  state: TrainState,
  reason: Nullable(Type.String({ description: 'Why it is in this state, where that needs saying.' })),
  ...dates,
  members: Type.Array(
    strictly({ component: ComponentName, version: Version, releaseDigest: Digest, addedBy: Type.String(), addedAt: TrainDate }),
  ),
  createdBy: Type.String(),
  createdAt: TrainDate,
});
export type TrainView = Static<typeof TrainSchema>;

const PrognosisSchema = strictly({
  next: Nullable(strictly({ kind: Type.Enum(['rehearsal', 'departure']), environment: EnvironmentName, at: TrainDate })),
  obstacles: Type.Array(Type.String(), { description: 'What is wrong with the set itself.' }),
  warnings: Type.Array(Type.String(), { description: 'What lacks something between two waves; it does not stop the train.' }),
  members: Type.Array(
    strictly({
      component: ComponentName,
      version: Version,
      wave: Nullable(Type.Integer({ minimum: 1 })),
      formerVersion: Nullable(Type.String()),
      planHash: Nullable(Type.String({ ...Digest, description: 'Of its own plan; null when it is there already or no move comes next.' })),
      verdicts: Type.Array(VerdictSchema, { description: 'The gates that are not open.' }),
      opensAt: Nullable(TrainDate),
    }),
  ),
  ready: Type.Boolean(),
  opensAt: Nullable(Type.String({ format: 'date-time', description: 'When time alone will have cleared everything.' })),
});

const TripSchema = strictly({
  id: Type.String(),
  kind: TripKind,
  environment: EnvironmentName,
  state: Type.Enum(['waiting', 'running', 'succeeded', 'rolled-back', 'failed']),
  direction: Type.Enum(['forward', 'undo']),
  reason: Nullable(Type.String({ description: 'Why it is a rollback, turned into one, or ended so.' })),
  incident: Nullable(Type.String({ description: 'The incident that a rollback mends.' })),
  members: Type.Array(
    strictly({
      component: ComponentName,
      wave: Type.Integer({ minimum: 1 }),
      state: Type.Enum(['waiting', 'moving', 'moved', 'stopped', 'returning', 'returned', 'stuck']),
      deploymentId: Nullable(Type.String()),
      reason: Nullable(Type.String()),
    }),
  ),
  requestedBy: Type.String(),
  requestedAt: TrainDate,
  endedAt: Nullable(TrainDate),
});

export const TrainApprovalSchema = strictly({
  planHash: Type.Optional(
    Type.String({
      ...Digest,
      description: 'Of the plan that was looked at: `plan.planHash`. Another one by now is refused. Default: the one it has.',
    }),
  ),
  reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
});
const TrainPlanSchema = strictly({
  environment: EnvironmentName,
  planHash: Digest,
  members: Type.Array(
    strictly({
      component: ComponentName,
      version: Version,
      planHash: Digest,
      lacks: Type.Boolean({ description: 'Whether somebody still has to approve it.' }),
      approvedBy: Type.Array(Type.String()),
    }),
  ),
});

const may = Type.Boolean();
const mayApprove = strictly({
  allowed: Type.Boolean(),
  code: Nullable(oneOf(['own-train', 'said-yes', 'nothing-lacks'])),
  reason: Nullable(Type.String({ description: 'The sentence of the code.' })),
});
export const ShownTrainSchema = strictly({
  train: TrainSchema,
  prognosis: PrognosisSchema,
  plan: Nullable(TrainPlanSchema),
  trips: Type.Array(TripSchema),
  can: Type.Object(
    { board: may, lock: may, reopen: may, cancel: may, rehearse: may, depart: may, rollBack: may, approve: mayApprove },
    { additionalProperties: false, description: 'What its state lets people do; its prognosis says what stands in the way.' },
  ),
});
export type ShownTrainView = Static<typeof ShownTrainSchema>;
