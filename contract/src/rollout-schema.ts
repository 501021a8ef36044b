/** `run.rollout` in `beluga.yaml`: how the new instances take over from the former ones. */
import { type Static, Type } from 'typebox';
import { duration } from './duration-schema.ts';
import { strict } from './schema-words.ts';

const CanaryStep = Type.Object(
  {
    weight: Type.Integer({ minimum: 1, maximum: 99, description: 'The share of the requests it gets, in percent.' }),
    for: duration('How long it is compared with the former version at least.'),
  },
  { ...strict, description: 'A share of the requests, for a time.' },
);

const Analysis = Type.Object(
  {
    requests: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description: 'So many requests it must have got in a step; fewer prove nothing.',
        default: 50,
      }),
    ),
    errors: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 100,
        description: 'So many percent more of its requests may fail than of the former version.',
        default: 1,
      }),
    ),
    latency: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: 1_000,
        description: 'So many times the 99th percentile of the former version it may take.',
        default: 1.5,
      }),
    ),
    within: Type.Optional(duration('How long a step waits for enough requests; without them the former version comes back.', '10m')),
  },
  { ...strict, description: 'strategy canary: when it is as good as the former version, by what the router saw of both.' },
);

export const RolloutSchema = Type.Object(
  {
    strategy: Type.Optional(
      Type.Enum(['rolling', 'blue-green', 'canary'], {
        description:
          'blue-green: all new instances, then one shift of the traffic. canary: all new instances, then small shares of the requests first. rolling: a batch after the other.',
        default: 'blue-green',
      }),
    ),
    batch: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 16, description: 'strategy rolling: how many instances are replaced together.', default: 1 }),
    ),
    steps: Type.Optional(
      Type.Array(CanaryStep, {
        minItems: 1,
        description: 'strategy canary: its growing shares. Default: 10 % for 60s, then 50 % for 60s.',
      }),
    ),
    analysis: Type.Optional(Analysis),
    deadline: Type.Optional(
      duration('Not done by then: the former version comes back by itself. Default: 10m, and for a canary the time of its steps on top.'),
    ),
  },
  { ...strict, description: 'kind Service: how the new instances take over from the former ones.' },
);
export type RolloutWritten = Static<typeof RolloutSchema>;
