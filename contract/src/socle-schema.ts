/** The schema of `socle.yaml`: the company's image between a vendor base and the applications. */
import { type Static, Type } from 'typebox';
import { strict } from './schema-words.ts';

const Base = Type.Object(
  {
    image: Type.Optional(
      Type.String({
        pattern: '^[^\\s@]+(@sha256:[0-9a-f]{64})?$',
        patternErrorMessage: 'write it as registry/name:tag or registry/name@sha256: and 64 hexadecimal digits',
        description: 'An image of the vendor. A tag is resolved when the socle is built, and what it named is kept by digest.',
      }),
    ),
    machine: Type.Optional(
      Type.Enum(['node'], {
        description: 'The Node of the machine that builds, with the libraries it needs: where no registry gives a base.',
      }),
    ),
    containerfile: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'A Containerfile, for what must run commands; built by the engine at hand, every FROM pinned by digest.',
      }),
    ),
  },
  { ...strict, description: 'What the socle stands on: one of image, machine and containerfile.' },
);

export const SocleManifestSchema = Type.Object(
  {
    apiVersion: Type.Literal('beluga/v1', { description: 'The version of this language.' }),
    kind: Type.Enum(['Socle'], { description: 'What this file describes.' }),
    metadata: Type.Object(
      {
        name: Type.String({
          pattern: '^[a-z][a-z0-9.-]{0,39}$',
          patternErrorMessage: 'use lower-case letters, digits, dots and hyphens, at most 40, starting with a letter, such as node-26',
          description: 'What components name in build.socle.',
        }),
        description: Type.Optional(Type.String({ description: 'What it is for, in a sentence.' })),
      },
      { ...strict, description: 'What it is called.' },
    ),
    base: Base,
    root: Type.Optional(
      Type.String({
        pattern: '^[^/\\s][^\\s]*$',
        patternErrorMessage: 'name a folder beside this file, such as root',
        description: 'A folder beside this file that is laid over the base; its files belong to root.',
      }),
    ),
    env: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
        ...strict,
        description: 'Environment variables of every application on it, NAME: value.',
        patternErrorMessage: 'name variables with letters, digits and underscores, the first not a digit',
      }),
    ),
    runtime: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[a-z][a-z0-9-]{0,19}$' }),
        Type.Union([
          Type.String({
            pattern: '^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$',
            patternErrorMessage: 'write a version such as "26", or a C library such as glibc-2.36',
          }),
          Type.Number(),
        ]),
        {
          ...strict,
          description:
            'What applications on it rely on: the major of a runtime (node: 26, jre: 21) and the C library (libc: glibc-2.36). They move to another version only where it still holds.',
          patternErrorMessage: 'name a runtime with lower-case letters, such as node, jre or libc',
        },
      ),
    ),
  },
  { ...strict, title: 'socle.yaml' },
);

/** `socle.yaml` as written: everything optional may be absent. */
export type SocleManifest = Static<typeof SocleManifestSchema>;
