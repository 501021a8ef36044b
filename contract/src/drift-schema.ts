/** Drift as the interface tells it: what runs differs from what was recorded. */
import { type Static, Type } from 'typebox';
import { ComponentName, EnvironmentName } from './api-schema.ts';
import { Nullable, strict, Time } from './schema-words.ts';

export const DriftSchema = Type.Object(
  {
    id: Type.String(),
    component: Nullable(Type.String({ description: 'Null for what belongs to no component.' })),
    environment: Nullable(Type.String()),
    instance: Nullable(Type.String({ description: 'The instance or container; null for the address or the secrets of the component.' })),
    kind: Type.Enum(
      ['removed', 'stopped', 'paused', 'image', 'configuration', 'limits', 'network', 'added', 'route', 'secret', 'stranger'],
      {
        description: 'What differs.',
      },
    ),
    sentence: Type.String(),
    repair: Type.Enum(['always', 'report'], { description: 'Whether it is put right, or only told.' }),
    event: Nullable(Type.String({ description: 'What the engine called it, such as pause; null when comparing found it.' })),
    foundAt: Time,
    repairedAt: Nullable({ ...Time, description: 'Null while it stands.' }),
  },
  strict,
);
export type DriftView = Static<typeof DriftSchema>;

export const DriftQuestionSchema = Type.Object(
  {
    component: Type.Optional(ComponentName),
    environment: Type.Optional(EnvironmentName),
    open: Type.Optional(Type.Boolean({ description: 'Only what still stands.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 50, description: 'Default: 50.' })),
  },
  strict,
);
