/** What only the console reads: sessions, the estate, a component with its stages. Permissions come with the objects. */
import { type Static, Type } from 'typebox';
import { CommitSchema, Digest, EnvironmentName } from './api-schema.ts';
import { Nullable, oneOf, strictly, Time } from './schema-words.ts';

/** Whether the caller may do something with the object that carries it; where not, why. */
export const PermissionSchema = strictly({
  allowed: Type.Boolean(),
  code: Nullable(
    oneOf([
      'no-release',
      'newest-here',
      'same-before',
      'nothing-before',
      'no-former',
      'not-proven',
      'nothing-moves',
      'not-a-job',
      'not-installed',
    ]),
  ),
  place: Nullable(Type.String({ description: 'The stage that the reason speaks of.' })),
  reason: Nullable(Type.String({ description: 'The sentence of the code.' })),
});
export type PermissionView = Static<typeof PermissionSchema>;

const Secret = Type.String({ minLength: 1, maxLength: 4096 });
export const SignInSchema = strictly({
  token: Type.Optional(Secret),
  code: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Of a link that signs in once.' })),
});
export const OpenedSessionSchema = strictly({
  name: Type.String(),
  expiresAt: Time,
  proof: Type.String({ description: 'To be sent as x-beluga-proof beside the cookie; kept by the page.' }),
});
export const SessionSchema = strictly({
  name: Type.String(),
  version: Type.String(),
  environments: Type.Array(Type.String()),
  can: strictly({ manageTokens: Type.Boolean() }),
});
export type SessionView = Static<typeof SessionSchema>;
export const SignInLinkSchema = strictly({ code: Type.String(), expiresAt: Time });

export const PlaceState = oneOf(['serving', 'degraded', 'down', 'scheduled', 'deploying', 'unknown']);
export type PlaceStateName = Static<typeof PlaceState>;

export const EstateCellSchema = strictly({
  environment: Type.String(),
  version: Type.String(),
  at: Time,
  deployment: Type.String(),
  state: PlaceState,
  ready: Nullable(Type.Integer()),
  wanted: Nullable(Type.Integer()),
  behind: Type.Integer({ description: 'How many releases the stage before is ahead.' }),
});
export const EstateRowSchema = strictly({
  component: Type.String(),
  system: Type.String(),
  kind: oneOf(['Service', 'Job']),
  team: Nullable(Type.String()),
  criticality: Type.String(),
  cells: Type.Array(EstateCellSchema),
});
export const MovingSchema = strictly({
  deployment: Type.String(),
  component: Type.String(),
  environment: Type.String(),
  version: Type.String(),
  formerVersion: Nullable(Type.String()),
  state: oneOf(['waiting', 'running']),
  requestedBy: Type.String(),
  since: Time,
  done: Type.Integer(),
  steps: Type.Integer(),
});
export const RedSchema = strictly({
  component: Type.String(),
  environment: Type.String(),
  state: oneOf(['down', 'degraded', 'failed', 'rolled-back']),
  version: Type.String(),
  reason: Nullable(Type.String()),
  deployment: Nullable(Type.String()),
  at: Nullable(Time),
});
export const EstateSchema = strictly({
  asOf: Time,
  environments: Type.Array(Type.String()),
  counts: strictly({
    systems: Type.Integer(),
    components: Type.Integer(),
    instances: Type.Integer(),
    installations: strictly({
      today: Type.Integer(),
      total: Type.Integer(),
      measured: Type.Integer({ description: 'Those with a ledger.' }),
      uninterrupted: Type.Integer({ description: 'Those whose ledger has no failed request.' }),
    }),
  }),
  moving: Type.Array(MovingSchema),
  red: Type.Array(RedSchema),
  rows: Type.Array(EstateRowSchema),
});
export type EstateView = Static<typeof EstateSchema>;
export type EstateRowView = Static<typeof EstateRowSchema>;
export type EstateCellView = Static<typeof EstateCellSchema>;

export const EstateQuestionSchema = strictly({
  at: Type.Optional(Type.String({ format: 'date-time', description: 'As it was then; now unless said.' })),
  today: Type.Optional(Type.String({ format: 'date-time', description: 'When today began for the caller; the last 24 h unless said.' })),
});

export const StageReleaseSchema = strictly({ version: Type.String(), digest: Digest, createdAt: Time, commit: Nullable(CommitSchema) });
export type StageReleaseView = Static<typeof StageReleaseSchema>;
export const StageSchema = strictly({
  environment: EnvironmentName,
  state: Nullable(PlaceState),
  current: Nullable(
    strictly({ ...StageReleaseSchema.properties, deployment: Type.String(), installedAt: Time, installedBy: Type.String() }),
  ),
  ready: Nullable(Type.Integer()),
  wanted: Nullable(Type.Integer()),
  address: Nullable(Type.String()),
  moving: Nullable(strictly({ deployment: Type.String(), version: Type.String(), state: oneOf(['waiting', 'running']) })),
  last: Nullable(strictly({ deployment: Type.String(), version: Type.String(), state: Type.String(), reason: Nullable(Type.String()) })),
  /** What the stage before has and this one has not: the release to take further, and the releases on the way. */
  next: Nullable(Type.String({ description: 'The version to take here: what the stage before has, or the newest release.' })),
  between: Type.Array(StageReleaseSchema),
  former: Nullable(Type.String({ description: 'The version that a rollback installs.' })),
  proof: Nullable(oneOf(['rehearsed', 'available'])),
  can: strictly({ deploy: PermissionSchema, rollBack: PermissionSchema, cancel: PermissionSchema, runJob: PermissionSchema }),
});
export type StageView = Static<typeof StageSchema>;
export const ComponentPageSchema = strictly({
  component: strictly({
    name: Type.String(),
    system: Type.String(),
    kind: oneOf(['Service', 'Job']),
    team: Nullable(Type.String()),
    criticality: Type.String(),
    description: Nullable(Type.String()),
    createdAt: Time,
    dependsOn: Type.Array(Type.String()),
    dependents: Type.Array(Type.String()),
  }),
  stages: Type.Array(StageSchema),
  releases: Type.Array(StageReleaseSchema),
});
export type ComponentPageView = Static<typeof ComponentPageSchema>;

/** Which deployments, by when they began or by their identifiers. */
export const DeploymentSelection = {
  from: Type.Optional(Type.String({ format: 'date-time', description: 'That began then or later.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'That began before.' })),
  ids: Type.Optional(
    Type.String({ pattern: '^[a-z0-9-]{1,60}(,[a-z0-9-]{1,60}){0,99}$', description: 'These, at most 100, separated by commas.' }),
  ),
};
export const InstallationsQuestionSchema = strictly({
  environment: EnvironmentName,
  from: Type.String({ format: 'date-time' }),
  to: Type.String({ format: 'date-time', description: 'At most 400 days later.' }),
});
export const InstallationsSchema = strictly({
  hour: Type.String({ format: 'date-time', description: 'When the hour began, in UTC.' }),
  count: Type.Integer({ description: 'Deployments that began in it.' }),
  failed: Type.Integer({ description: 'Those of them that failed or were rolled back.' }),
});
