/** Deliveries: what other systems are told, with what became of it. */
import { type Static, Type } from 'typebox';
import { Time } from './schema-words.ts';

const Text = Type.String();
const states = ['waiting', 'sent', 'dead'] as const;
const kinds = ['change', 'started', 'ended', 'failed'] as const;

export const DeliveryStateName = Type.Enum<[...typeof states]>([...states]);

export const DeliverySchema = Type.Object(
  {
    id: Text,
    target: Type.String({ description: '`itsm`, or the name of a channel.' }),
    kind: Type.Enum<[...typeof kinds]>([...kinds]),
    changes: Type.Array(Text, { description: 'What it tells about.' }),
    state: DeliveryStateName,
    attempts: Type.Integer(),
    nextAt: Time,
    reference: Type.Union([Type.String({ description: 'What the other side calls it.' }), Type.Null()]),
    problem: Type.Union([Type.String({ description: 'Why the last attempt did not arrive.' }), Type.Null()]),
    createdAt: Time,
    sentAt: Type.Union([Time, Type.Null()]),
  },
  { additionalProperties: false },
);
export type DeliveryView = Static<typeof DeliverySchema>;
