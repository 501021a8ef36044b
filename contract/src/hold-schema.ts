/** What a deployment waits for before its turn, and what held it. */
import { type TSchema, Type } from 'typebox';

const Time = Type.String({ format: 'date-time' });
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const strictly = <const T extends Parameters<typeof Type.Object>[0]>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });

export const WaitsForSchema = Nullable(
  strictly({
    opensAt: Nullable(Type.String({ format: 'date-time', description: 'When time will have opened what time opens.' })),
    approval: Type.Boolean({ description: 'Whether people have to approve the plan.' }),
  }),
);
export const HoldsSchema = Type.Array(strictly({ gate: Type.String(), from: Time, to: Nullable(Time) }), {
  description: 'The gates that held it while it waited for them, and how long.',
});
