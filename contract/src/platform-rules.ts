/** What `platform.yaml` must keep to beyond its schema. The rules see only files that fit the schema. */

import { entryProblems } from './calendar-rules.ts';
import { outletProblems } from './channel-rules.ts';
import type { PlatformFile } from './platform-schema.ts';
import { type Finding, type Path, repeated, written } from './schema-findings.ts';

type Rule = (platform: PlatformFile) => readonly Finding[];

const rules: readonly Rule[] = [namesStandOnce, environmentsExist, entriesAreRight, soakHasAStageBefore, outletProblems];

export function platformRulesBroken(platform: PlatformFile): readonly Finding[] {
  return rules.flatMap((rule) => rule(platform));
}

function namesStandOnce({ environments = [], calendar = {}, policies = {}, channels = [] }: PlatformFile): readonly Finding[] {
  return [
    ...twice(environments, ['environments']),
    ...twice(calendar.windows ?? [], ['calendar', 'windows']),
    ...twice(calendar.freezes ?? [], ['calendar', 'freezes']),
    ...twice(policies.socles ?? [], ['policies', 'socles']),
    ...twice(channels, ['channels']),
  ];
}

function twice(named: readonly { readonly name: string }[], path: Path): readonly Finding[] {
  return named.flatMap(({ name }, index) =>
    named.findIndex((other) => other.name === name) === index
      ? []
      : [{ ...repeated([...path, index], name), path: [...path, index, 'name'] }],
  );
}

const usual = ['dev', 'int', 're7', 'preprod', 'prod'];

function environmentsExist({ environments, calendar = {} }: PlatformFile): readonly Finding[] {
  const known = environments?.map(({ name }) => name) ?? usual;
  return (['windows', 'freezes'] as const).flatMap((kind) =>
    (calendar[kind] ?? []).flatMap((entry, index) =>
      (entry.environments ?? []).flatMap((name, place): readonly Finding[] => {
        const path = ['calendar', kind, index, 'environments', place];
        if (known.includes(name)) return [];
        return [{ path, at: 'value', problem: `${written(path)} names no environment: ${name}`, remedy: `use ${known.join(', ')}` }];
      }),
    ),
  );
}

function entriesAreRight({ calendar = {} }: PlatformFile): readonly Finding[] {
  const zone = calendar.timeZone ?? 'Europe/Paris';
  return (['windows', 'freezes'] as const).flatMap((kind) =>
    (calendar[kind] ?? []).flatMap((entry, index) => entryProblems(entry, zone, ['calendar', kind, index])),
  );
}

function soakHasAStageBefore({ environments = [] }: PlatformFile): readonly Finding[] {
  if (environments[0]?.gates?.soak === undefined) return [];
  const path = ['environments', 0, 'gates', 'soak'];
  const problem = `${written(path)} asks for time in the environment before, and there is none`;
  return [{ path, at: 'key', problem, remedy: 'move it to a later environment' }];
}
