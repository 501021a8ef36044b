/** What a deployment waits for before its turn, and what held it. */
import { Type } from 'typebox';
import { Nullable, strictly, Time } from './schema-words.ts';

export const WaitsForSchema = Nullable(
  strictly({
    opensAt: Nullable(Type.String({ format: 'date-time', description: 'When time will have opened what time opens.' })),
    approval: Type.Boolean({ description: 'Whether people have to approve the plan.' }),
  }),
);
export const HoldsSchema = Type.Array(strictly({ gate: Type.String(), from: Time, to: Nullable(Time) }), {
  description: 'The gates that held it while it waited for them, and how long.',
});
