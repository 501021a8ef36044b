/** The nouns of socles in the HTTP interface. */
import { type Static, Type } from 'typebox';
import { ComponentName, LayerSchema, ProblemSchema, SocleName, Version } from './api-schema.ts';
import { strictly, Time } from './schema-words.ts';

const Image = Type.String({ pattern: '@sha256:[0-9a-f]{64}$', description: 'registry/name@sha256:…' });

/** What applications on a socle rely on. */
export const RuntimeSchema = Type.Record(
  Type.String({ pattern: '^[a-z][a-z0-9-]{0,19}$' }),
  Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$' }),
  {
    description: 'What applications on it rely on, such as node: "26" and libc: glibc-2.36.',
  },
);

export const SocleRequestSchema = strictly({
  image: Type.String({ pattern: '@sha256:[0-9a-f]{64}$', description: 'The image, by digest.' }),
  vendor: Type.String({ pattern: '@sha256:[0-9a-f]{64}$', description: 'The vendor base it stands on, by digest.' }),
  layers: Type.Array(LayerSchema),
  runtime: Type.Optional(RuntimeSchema),
});

export const SocleSchema = strictly({
  name: SocleName,
  number: Type.Integer({ description: 'Counts its versions from 1.' }),
  image: Type.String({ description: 'The image, by digest.' }),
  vendor: Type.String({ description: 'The vendor base it stands on, by digest.' }),
  layers: Type.Array(LayerSchema),
  runtime: RuntimeSchema,
  deprecated: Type.Union([strictly({ at: Time, reason: Type.String(), instead: Type.Union([SocleName, Type.Null()]) }), Type.Null()]),
  recordedAt: Time,
});
export type SocleView = Static<typeof SocleSchema>;

export const SocleDetailSchema = strictly({
  socle: SocleSchema,
  versions: Type.Array(
    strictly({ number: Type.Integer(), image: Type.String(), vendor: Type.String(), runtime: RuntimeSchema, recordedAt: Time }),
    { description: 'The newest first.' },
  ),
  users: Type.Array(
    strictly({
      component: Type.String(),
      system: Type.String(),
      version: Type.String(),
      number: Type.Integer({ description: 'The version of the socle that this release stands on.' }),
      createdAt: Time,
      environments: Type.Array(Type.String(), { description: 'Where it is installed; none for a newest release that is not.' }),
    }),
  ),
});
export type SocleDetailView = Static<typeof SocleDetailSchema>;

export const DeprecationRequestSchema = strictly({
  reason: Type.String({ minLength: 1, maxLength: 500 }),
  instead: Type.Optional(SocleName),
});

export const RebasePlanSchema = strictly({
  onto: SocleSchema,
  waves: Type.Array(
    strictly({
      system: Type.String(),
      criticality: Type.Enum(['low', 'medium', 'high', 'critical']),
      items: Type.Array(
        strictly({
          component: Type.String(),
          version: Type.String(),
          image: Type.String(),
          from: strictly({ name: Type.String(), number: Type.Integer(), image: Type.String() }),
          newVersion: Type.String(),
        }),
      ),
    }),
    { description: 'One after the other: systems on which least depends first.' },
  ),
  refused: Type.Array(strictly({ component: Type.String(), version: Type.String(), problem: Type.String() })),
  done: Type.Integer({ description: 'How many stand on it already, or have a release that does.' }),
});
export type RebasePlanView = Static<typeof RebasePlanSchema>;

export const RebaseRequestSchema = strictly({
  releases: Type.Array(strictly({ component: ComponentName, version: Version, image: Image, layers: Type.Array(LayerSchema) }), {
    minItems: 1,
    maxItems: 100,
    description: 'Each with its image on the new base.',
  }),
});

const moving = { component: Type.String(), version: Type.String() };

/** What became of a release that was to be moved: there is one on the new base, or a reason why not. */
export const MovedSchema = Type.Union([
  strictly({ ...moving, outcome: Type.Enum(['created', 'same']), newVersion: Type.String() }),
  strictly({ ...moving, outcome: Type.Literal('refused'), problem: ProblemSchema }),
]);
export type MovedView = Static<typeof MovedSchema>;
