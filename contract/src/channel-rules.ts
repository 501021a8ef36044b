/** What the ITSM tool and the channels of `platform.yaml` must keep to beyond their schema: what each kind needs. */
import type { WrittenChannel, WrittenItsm } from './channel-schema.ts';
import { type Finding, type Path, written } from './schema-findings.ts';

const needs: Readonly<Record<string, readonly string[]>> = {
  servicenow: ['user', 'password', 'standardTemplate'],
  webhook: ['secret'],
  email: ['from', 'to'],
};

export function outletProblems({ itsm, channels = [] }: { itsm?: WrittenItsm; channels?: readonly WrittenChannel[] }): readonly Finding[] {
  return [
    ...(itsm === undefined ? [] : lacking(itsm, ['itsm'])),
    ...channels.flatMap((channel, index) => lacking(channel, ['channels', index])),
  ];
}

function lacking(outlet: WrittenItsm | WrittenChannel, path: Path): readonly Finding[] {
  const missing = (needs[outlet.kind] ?? []).filter((key) => !(key in outlet));
  return missing.map((key) => ({
    path,
    at: 'key',
    problem: `${written(path)} is of kind ${outlet.kind} and names no ${key}`,
    remedy: `add ${key} to it`,
  }));
}
