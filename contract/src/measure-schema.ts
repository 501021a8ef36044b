/** The measures of delivery, each with the deployments that make it. */
import { type Static, Type } from 'typebox';
import { strict, Time } from './schema-words.ts';

const names = [
  'lead-time',
  'deployment-frequency',
  'change-failure-rate',
  'time-to-restore',
  'rework-rate',
  'daytime-without-interruption',
] as const;
const units = ['hours', 'per day', 'share'] as const;
const Name = Type.Enum<[...typeof names]>([...names]);
const Value = Type.Union([Type.Number({ description: 'A median where it is a time.' }), Type.Null()]);
const Installations = Type.Integer({ description: 'Those that had begun, and ended in this time.' });
const Deployments = Type.Array(Type.String(), { description: 'The deployments that make it.' });

export const MeasuresSchema = Type.Object(
  {
    environment: Type.String(),
    from: Time,
    to: Time,
    installations: Installations,
    figures: Type.Array(
      Type.Object({ name: Name, value: Value, unit: Type.Enum<[...typeof units]>([...units]), deployments: Deployments }, strict),
    ),
    slices: Type.Array(
      Type.Object(
        {
          from: Time,
          to: Time,
          installations: Installations,
          figures: Type.Array(Type.Object({ name: Name, value: Value }, strict)),
        },
        strict,
      ),
      { description: 'The same of equal parts of this time, the oldest first.' },
    ),
    waits: Type.Array(
      Type.Object({ gate: Type.String({ description: 'A gate, or `turn`.' }), hours: Type.Number(), deployments: Deployments }, strict),
      { description: 'Where time is lost, the most first.' },
    ),
  },
  strict,
);
export type MeasuresView = Static<typeof MeasuresSchema>;
