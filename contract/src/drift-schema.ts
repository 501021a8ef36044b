/** Drift as the interface tells it: what runs differs from what was recorded. */
import { type Static, Type } from 'typebox';
import { ComponentName, EnvironmentName } from './api-schema.ts';
import { Time } from './schema-words.ts';

const nullable = <T extends ReturnType<typeof Type.String>>(schema: T) => Type.Union([schema, Type.Null()]);

export const DriftSchema = Type.Object(
  {
    id: Type.String(),
    component: nullable(Type.String({ description: 'Null for what belongs to no component.' })),
    environment: nullable(Type.String()),
    instance: nullable(Type.String({ description: 'The instance or container; null for the address or the secrets of the component.' })),
    kind: Type.Enum(
      ['removed', 'stopped', 'paused', 'image', 'configuration', 'limits', 'network', 'added', 'route', 'secret', 'stranger'],
      {
        description: 'What differs.',
      },
    ),
    sentence: Type.String(),
    repair: Type.Enum(['always', 'report'], { description: 'Whether it is put right, or only told.' }),
    event: nullable(Type.String({ description: 'What the engine called it, such as pause; null when comparing found it.' })),
    foundAt: Time,
    repairedAt: nullable({ ...Time, description: 'Null while it stands.' }),
  },
  { additionalProperties: false },
);
export type DriftView = Static<typeof DriftSchema>;

export const DriftQuestionSchema = Type.Object(
  {
    component: Type.Optional(ComponentName),
    environment: Type.Optional(EnvironmentName),
    open: Type.Optional(Type.Boolean({ description: 'Only what still stands.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 50, description: 'Default: 50.' })),
  },
  { additionalProperties: false },
);
