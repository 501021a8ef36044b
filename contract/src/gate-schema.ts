/** What goes into the operations of gates and comes out of them. */
import { type Static, Type } from 'typebox';
import { ComponentName, Digest, EnvironmentName, Identifier, IncidentReference, VerdictSchema, Version } from './api-schema.ts';
import { Nullable, strictly, Time } from './schema-words.ts';

const Reason = Type.String({ minLength: 1, maxLength: 500, description: 'Why, in a sentence; it is kept.' });
const Expiry = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }));
const wish = { component: ComponentName, version: Version, environment: EnvironmentName };

export const VerificationSchema = strictly({
  component: Type.String(),
  version: Type.String(),
  environment: Type.String(),
  deploymentId: Type.String(),
  verifiedAt: Time,
  revoked: Nullable(strictly({ at: Time, by: Nullable(Type.String()), reason: Type.String() })),
});
export type VerificationView = Static<typeof VerificationSchema>;
export const RevocationRequestSchema = strictly({ environment: EnvironmentName, reason: Reason });
export const RevocationSchema = strictly({ environments: Type.Array(Type.String(), { description: 'Where something was revoked.' }) });

export const ApprovalRequestSchema = strictly({ ...wish, expiresAt: Expiry('Default: in 24 hours.') });
export const DecisionRequestSchema = strictly({
  decision: Type.Enum(['approved', 'rejected']),
  reason: Type.Optional(Reason),
});
export const ApprovalSchema = strictly({
  id: Type.String(),
  ...{ component: Type.String(), version: Type.String(), environment: Type.String(), releaseDigest: Digest },
  planHash: Digest,
  state: Type.Enum(['asked', 'approved', 'rejected', 'expired', 'void'], { description: 'void: the plan changed since.' }),
  requestedBy: Type.String(),
  requestedAt: Time,
  expiresAt: Time,
  decisions: Type.Array(
    strictly({ who: Type.String(), decision: Type.Enum(['approved', 'rejected']), at: Time, reason: Nullable(Type.String()) }),
  ),
});
export type ApprovalView = Static<typeof ApprovalSchema>;

export const OverrideRequestSchema = strictly({ ...wish, reason: Reason, expiresAt: Expiry('Default: in 24 hours; at most in 7 days.') });
export const OverrideSchema = strictly({
  id: Type.String(),
  ...{ component: Type.String(), version: Type.String(), environment: Type.String(), releaseDigest: Digest },
  state: Type.Enum(['asked', 'approved', 'consumed', 'expired']),
  reason: Type.String(),
  requestedBy: Type.String(),
  requestedAt: Time,
  approvedBy: Nullable(Type.String()),
  approvedAt: Nullable(Time),
  expiresAt: Time,
  consumedBy: Nullable(Type.String({ description: 'The deployment that started with it.' })),
  consumedAt: Nullable(Time),
});
export type OverrideView = Static<typeof OverrideSchema>;

export const LineSchema = strictly({ stopped: Nullable(strictly({ by: Type.String(), reason: Type.String(), at: Time })) });
export type LineView = Static<typeof LineSchema>;
export const StopRequestSchema = strictly({ reason: Type.Optional(Reason) });

const LineName = Type.String({ pattern: '^[a-z]([a-z0-9.-]{0,38}[a-z0-9])?$', description: 'A line of policies.readiness.' });
export const SystemName = Type.String({ pattern: '^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$' });
export const ReadinessRequestSchema = strictly({
  line: LineName,
  note: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'Where the proof is, for instance.' })),
  expiresAt: Expiry('From then on it has to be signed again. Default: never.'),
});
export const ReadinessSchema = strictly({
  system: Type.String(),
  line: Type.String(),
  state: Type.Enum(['missing', 'signed', 'expired']),
  by: Nullable(Type.String()),
  at: Nullable(Time),
  expiresAt: Nullable(Time),
  note: Nullable(Type.String()),
});
export type ReadinessView = Static<typeof ReadinessSchema>;

export const TrafficRequestSchema = strictly({
  component: ComponentName,
  environment: EnvironmentName,
  version: Type.Optional(Version),
  requests: Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'How many more than were told before.' }),
});
export const TrafficSchema = strictly({
  component: Type.String(),
  version: Type.String(),
  environment: Type.String(),
  requests: Type.Integer(),
});

const TokenAccess = Type.Union([Type.Literal('read'), Type.Literal('write')], {
  description: 'read looks and pulls images; write, the default, changes and pushes too.',
});
export const TokenRequestSchema = strictly({
  name: Type.String({
    pattern: '^[a-z][a-z0-9._@-]{0,62}$',
    description: 'Who carries it: a person or a pipeline. Two tokens of one name are one person.',
  }),
  access: Type.Optional(TokenAccess),
});
export const TokenSchema = strictly({
  id: Type.String(),
  name: Type.String(),
  access: TokenAccess,
  createdAt: Time,
  createdBy: Nullable(Type.String()),
  revokedAt: Nullable(Time),
  revokedBy: Nullable(Type.String()),
  usedAt: Nullable(Type.String({ format: 'date-time', description: 'When it last opened something, to the minute.' })),
});
export type TokenView = Static<typeof TokenSchema>;
export const NewTokenSchema = strictly({
  id: Type.String(),
  name: Type.String(),
  access: TokenAccess,
  secret: Type.String({ description: 'Told this once.' }),
});

export const SimulationRequestSchema = strictly({
  component: ComponentName,
  environment: EnvironmentName,
  version: Type.Optional(Type.String({ ...Version, description: 'The release that the new one is like. Default: the newest.' })),
  incident: Type.Optional(IncidentReference),
});
export const SimulationSchema = strictly({
  component: Type.String(),
  like: Type.String({ description: 'The release that the new one is like.' }),
  environment: Type.String(),
  from: Time,
  earliest: Nullable(
    Type.String({ format: 'date-time', description: 'When it could be there; null when time alone does not bring it there.' }),
  ),
  stages: Type.Array(
    strictly({
      environment: Type.String(),
      earliest: Nullable(Time),
      needs: Type.Array(Type.String(), { description: 'What somebody has to bring until then.' }),
      verdicts: Type.Array(VerdictSchema),
    }),
  ),
});
export type SimulationView = Static<typeof SimulationSchema>;

export const IdentifierParams = strictly({ id: Identifier });
