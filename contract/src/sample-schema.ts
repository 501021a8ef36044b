/** Samples in the HTTP interface: what a component did and used, in parts of a time. */
import { type Static, Type } from 'typebox';
import { ComponentName, EnvironmentName } from './api-schema.ts';
import { strictly } from './schema-words.ts';

const measured = (description: string) => Type.Union([Type.Number({ description }), Type.Null()]);

export const SamplesQuestionSchema = strictly({
  component: ComponentName,
  environment: EnvironmentName,
  from: Type.Optional(Type.String({ format: 'date-time', description: 'An hour ago unless said.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Now unless said.' })),
});

export const SampleSchema = strictly({
  at: Type.String({ format: 'date-time', description: 'When the part began.' }),
  requestsPerSecond: measured('That the router answered for it; null where it counted none of them yet.'),
  failedPerSecond: measured('Of those, answered with 5xx, or not at all.'),
  latencyMs: measured('Until the answer, on average over the last 1,024 requests.'),
  cpuMillis: measured('Of all instances, in thousandths of a core.'),
  memoryBytes: measured('Of all instances, without what could be given back at once.'),
  serving: Type.Integer({ description: 'Instances that served; the fewest in that part.' }),
});
export type SampleView = Static<typeof SampleSchema>;

export const SamplesSchema = strictly({
  from: Type.String({ format: 'date-time' }),
  to: Type.String({ format: 'date-time' }),
  stepSeconds: Type.Integer({ description: 'How long each part is.' }),
  items: Type.Array(SampleSchema, { description: 'The oldest first; parts in which nobody looked are left out.' }),
});
export type SamplesView = Static<typeof SamplesSchema>;
