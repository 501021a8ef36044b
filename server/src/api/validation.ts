/** Checks what comes in against the contract. TypeBox judges; the contract's own words say what is wrong. */
import { findingsAgainst, type JsonSchema, written } from '@beluga/contract/schema-findings';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';

export type Wrong = { readonly path: string; readonly problem: string; readonly remedy: string };

/** The request does not fit; the message is the first problem, `errors` are all of them. */
export class InvalidRequest extends Error {
  readonly errors: readonly Wrong[];

  constructor(errors: readonly Wrong[]) {
    super(errors.map(({ problem, remedy }) => `${problem} (${remedy})`)[0] ?? 'it does not fit');
    this.name = 'InvalidRequest';
    this.errors = errors;
  }
}

type Checked = { readonly value: unknown } | { readonly error: Error };

/** A check for one part of the requests of a route. Texts of an address become the numbers that are meant, defaults are filled in. */
export function validatorOf(schema: unknown, part: string): (value: unknown) => Checked {
  const wanted = schema as TSchema;
  const compiled = Compile(wanted);
  return (given) => {
    const value = part === 'body' ? given : Value.Default(wanted, Value.Convert(wanted, given));
    if (compiled.Check(value)) return { value };
    const findings = findingsAgainst(wanted as JsonSchema, value, [part === 'querystring' ? 'query' : part]);
    const wrong = findings.map(({ path, problem, remedy }) => ({ path: written(path), problem, remedy }));
    return { error: new InvalidRequest(wrong.length > 0 ? wrong : compiled.Errors(value).map(wrongOf)) };
  };
}

function wrongOf({ instancePath, message }: { readonly instancePath: string; readonly message: string }): Wrong {
  return { path: instancePath, problem: `${instancePath === '' ? 'it' : instancePath} ${message}`, remedy: 'see the schema' };
}
