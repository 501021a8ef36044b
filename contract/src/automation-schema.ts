/** The automation map: what the platform does for each application system, from infrastructure to operation. */
import { type Static, Type } from 'typebox';
import { oneOf, strict, Time } from './schema-words.ts';

export const AutomationSchema = Type.Object(
  {
    system: Type.String(),
    components: Type.Integer(),
    steps: Type.Array(
      Type.Object(
        {
          step: oneOf([
            ...(['network', 'image', 'proof', 'tests', 'deployment', 'production', 'change', 'before'] as const),
            ...(['rollback', 'scaling', 'healing', 'schedule', 'rebase', 'publication', 'notification'] as const),
          ]),
          state: oneOf(['automated', 'possible', 'impossible']),
          count: Type.Integer({ description: 'How often the platform did it.' }),
          last: Type.Union([Time, Type.Null()]),
          reason: Type.Union([
            oneOf(['not-yet', 'only-jobs', 'no-job', 'no-change-asked', 'no-range', 'one-release', 'no-socle', 'no-channel']),
            Type.Null(),
          ]),
          sentence: Type.Union([Type.String({ description: 'Why not, or what to do.' }), Type.Null()]),
        },
        strict,
      ),
      { description: 'In the order of the way.' },
    ),
  },
  strict,
);
export type AutomationView = Static<typeof AutomationSchema>;
