/** What `beluga.yaml` says about a component while it runs: when it is alive, how it scales, how jobs repeat, what comes before a rollout. */
import { type Static, Type } from 'typebox';
import { duration } from './duration-schema.ts';
import { strict } from './schema-words.ts';

const percent = (description: string) =>
  Type.Optional(
    Type.String({
      pattern: '^[1-9][0-9]{0,2}%$',
      patternErrorMessage: 'write a share in percent, such as 70%',
      description,
    }),
  );
const amount = (description: string) => Type.Optional(Type.Number({ minimum: 0.001, maximum: 1e6, description }));

export const LiveSchema = Type.Object(
  {
    path: Type.Optional(
      Type.String({
        pattern: '^/\\S*$',
        patternErrorMessage: 'begin with / and leave out spaces, such as /health',
        description: 'GET must answer 2xx or 3xx. Without it a TCP connection must open.',
      }),
    ),
    every: Type.Optional(duration('How often it is asked.', '10s')),
    timeout: Type.Optional(duration('How long an answer may take.', '1s')),
    failures: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100, description: 'After so many failures in a row it is restarted.', default: 3 }),
    ),
  },
  {
    ...strict,
    description: 'kind Service: an instance that does not answer this any more is restarted. Without it only a crash restarts.',
  },
);

export const ScalingSchema = Type.Object(
  {
    cpu: percent('Of resources.cpu, on average over the instances.'),
    memory: percent('Of resources.memory, on average over the instances.'),
    requests: amount('Requests a second and instance.'),
    concurrency: amount('Requests in flight and instance.'),
    downAfter: Type.Optional(duration('So long the wish for fewer must last: the most of that time is kept.', '5m')),
    upAfter: Type.Optional(duration('So long the wish for more must last.', '0s')),
  },
  {
    ...strict,
    description: 'kind Service: what decides how many instances run between replicas.min and replicas.max.',
  },
);

export const BeforeSchema = Type.Array(
  Type.Object(
    {
      name: Type.String({
        pattern: '^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$',
        patternErrorMessage: 'use lower-case letters, digits and hyphens, at most 40, starting with a letter, such as migrate',
        description: 'What it is called.',
      }),
      command: Type.Array(Type.String(), { minItems: 1, description: 'The program and its arguments, in the new image.' }),
      deadline: Type.Optional(duration('A task that takes longer is stopped and has failed.', '10m')),
    },
    { ...strict, description: 'A task that runs once.' },
  ),
  {
    description: 'kind Service: tasks that run one after the other before the first new instance, once a release and environment.',
  },
);

export const ConcurrencySchema = Type.Enum(['allow', 'forbid', 'replace'], {
  description: 'kind Job: a run is due while another runs: allow both, forbid (it waits for the end of the other), or replace the other.',
  default: 'forbid',
});
export const RetriesSchema = Type.Integer({
  minimum: 0,
  maximum: 20,
  description: 'kind Job: how often a run that failed is tried again, after 10 s, 20 s, 40 s and so on, at most 6 minutes.',
  default: 0,
});
export const StartWithinSchema = duration('kind Job: a run that could not start so long after it was due is skipped. Default: never.');
export const RepairSchema = Type.Enum(['always', 'report'], {
  description: 'kind Service: what is done about an instance that was changed by hand: put it right, or only tell.',
  default: 'always',
});

export type LiveWritten = Static<typeof LiveSchema>;
export type ScalingWritten = Static<typeof ScalingSchema>;
export type BeforeWritten = Static<typeof BeforeSchema>;
