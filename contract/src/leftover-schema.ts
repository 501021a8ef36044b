/** What the platform left on an engine and nothing needs any more, as the interface tells it. */
import { type Static, Type } from 'typebox';

export const LeftoverSchema = Type.Object(
  {
    kind: Type.Enum(['image', 'network', 'task', 'files']),
    name: Type.String(),
    sizeBytes: Type.Union([Type.Integer({ description: 'Layers that other images share are counted too.' }), Type.Null()]),
    reason: Type.String(),
  },
  { additionalProperties: false },
);
export type LeftoverView = Static<typeof LeftoverSchema>;
