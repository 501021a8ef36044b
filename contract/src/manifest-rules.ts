/**
 * What a manifest must keep to beyond its schema, each rule a function from the manifest to what it found.
 *
 * The rules see only manifests that fit the schema.
 */
import validRange from 'semver/ranges/valid.js';
import { cronProblem } from './cron.ts';
import type { Manifest } from './manifest-schema.ts';
import { scalingNamesATarget, sharesHaveALimit, tasksAreNamedOnce } from './operate-rules.ts';
import { bytesOf, millisecondsOf, millisOf } from './quantity.ts';
import { healthIsAskedOneWay, rolloutsAreWhole } from './rollout-rules.ts';
import { type Finding, list, type Path, repeated, written } from './schema-findings.ts';

type Rule = (manifest: Manifest) => readonly Finding[];

const rules: readonly Rule[] = [
  keysOfItsKind,
  jobsHaveASchedule,
  imagesExcludeBuilding,
  dependenciesInsideTheArtifact,
  ordersOfReplicas,
  schedulesAreCron,
  timeZoneExists,
  durationsAreShort,
  healthIsAskedOneWay,
  rolloutsAreWhole,
  sharesHaveALimit,
  scalingNamesATarget,
  tasksAreNamedOnce,
  resourcesAreEnough,
  dependsOnOthers,
  contractsAreNeededOnce,
  contractsAreProvidedOnce,
  rangesAreSemantic,
  namesStandOnce,
  pathsAreFree,
  variablesAreFree,
];

/** Every rule that a manifest breaks, in the order of the rules. */
export function rulesBrokenBy(manifest: Manifest): readonly Finding[] {
  return rules.flatMap((rule) => rule(manifest));
}

const onlyFor = {
  Service: ['port', 'health', 'check', 'replicas', 'rollout', 'live', 'before', 'scaling', 'repair'],
  Job: ['schedule', 'timeZone', 'deadline', 'concurrency', 'startWithin', 'retries'],
} as const;

function keysOfItsKind({ kind, run = {}, environments = {} }: Manifest): readonly Finding[] {
  const other = kind === 'Job' ? 'Service' : 'Job';
  const foreign = (holder: object, path: Path) =>
    onlyFor[other]
      .filter((key) => Object.hasOwn(holder, key))
      .map((key): Finding => {
        const place = [...path, key];
        return { path: place, at: 'key', problem: `a ${kind} has no ${written(place)}`, remedy: `remove it, or make this a ${other}` };
      });
  return [...foreign(run, ['run']), ...Object.entries(environments).flatMap(([name, overlay]) => foreign(overlay, ['environments', name]))];
}

function jobsHaveASchedule({ kind, run }: Manifest): readonly Finding[] {
  if (kind === 'Service' || run?.schedule !== undefined) return [];
  const remedy = 'a Job says when it runs: add schedule: "0 6 * * *"';
  return [{ path: run === undefined ? [] : ['run'], at: 'key', problem: 'run.schedule is missing', remedy }];
}

function imagesExcludeBuilding({ build = {} }: Manifest): readonly Finding[] {
  const { image, ...others } = build;
  const pairs =
    image === undefined ? (build.containerfile === undefined ? [] : ['socle', 'dependencies', 'compression']) : Object.keys(others);
  const chosen = image === undefined ? 'containerfile' : 'image';
  return pairs
    .filter((key) => Object.hasOwn(build, key))
    .map((key): Finding => {
      const problem = `build.${key} and build.${chosen} exclude each other`;
      return { path: ['build', key], at: 'key', problem, remedy: `keep one of them; with ${chosen} nothing is assembled` };
    });
}

function dependenciesInsideTheArtifact({ build = {} }: Manifest): readonly Finding[] {
  return (build.dependencies ?? []).flatMap((folder, index): readonly Finding[] => {
    if (!folder.startsWith('/') && !folder.split('/').includes('..')) return [];
    const path = ['build', 'dependencies', index];
    return [
      { path, at: 'value', problem: `${written(path)} leaves the artifact`, remedy: 'name a folder inside it, such as node_modules' },
    ];
  });
}

function ordersOfReplicas(manifest: Manifest): readonly Finding[] {
  return everywhere(manifest, 'replicas').flatMap(({ path, value }): readonly Finding[] => {
    if (typeof value === 'number' || value.min <= value.max) return [];
    const problem = `${written(path)} has min ${value.min} above max ${value.max}`;
    return [{ path: [...path, 'min'], at: 'value', problem, remedy: 'choose a min that is at most max' }];
  });
}

function schedulesAreCron(manifest: Manifest): readonly Finding[] {
  return everywhere(manifest, 'schedule').flatMap(({ path, value }): readonly Finding[] => {
    const problem = cronProblem(value);
    const remedy = 'write five fields: minute, hour, day of month, month, day of week, such as "30 6 * * 1-5"';
    return problem === null ? [] : [{ path, at: 'value', problem: `${written(path)} ${problem}`, remedy }];
  });
}

function timeZoneExists({ run = {} }: Manifest): readonly Finding[] {
  if (run.timeZone === undefined || isTimeZone(run.timeZone)) return [];
  const path = ['run', 'timeZone'];
  return [
    {
      path,
      at: 'value',
      problem: `${written(path)} names no time zone: ${run.timeZone}`,
      remedy: 'use an IANA name, such as Europe/Paris',
    },
  ];
}

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '' && /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

const longestMs = 7 * 24 * 3_600_000;

function durationsAreShort({ run = {} }: Manifest): readonly Finding[] {
  const durations: readonly (readonly [Path, string | undefined])[] = [
    [['run', 'health', 'within'], run.health?.within],
    [['run', 'health', 'minReady'], run.health?.minReady],
    [['run', 'check', 'within'], run.check?.within],
    [['run', 'stop', 'grace'], run.stop?.grace],
    [['run', 'deadline'], run.deadline],
  ];
  return durations.flatMap(([path, duration]): readonly Finding[] => {
    if (duration === undefined || millisecondsOf(duration) <= longestMs) return [];
    return [{ path, at: 'value', problem: `${written(path)} is ${duration}, longer than a week`, remedy: 'choose at most 168h' }];
  });
}

const leastMemory = '6Mi';

function resourcesAreEnough(manifest: Manifest): readonly Finding[] {
  return everywhere(manifest, 'resources').flatMap(({ path, value }): readonly Finding[] => {
    const { cpu, memory } = value;
    const little: Finding[] = [];
    if (cpu !== undefined && millisOf(cpu) < 1) {
      little.push({ path: [...path, 'cpu'], at: 'value', problem: `${written(path)}.cpu is nothing`, remedy: 'choose at least 1m' });
    }
    if (memory !== undefined && bytesOf(memory) < bytesOf(leastMemory)) {
      const problem = `${written(path)}.memory is ${bytesOf(memory)} bytes, less than ${leastMemory}`;
      little.push({ path: [...path, 'memory'], at: 'value', problem, remedy: 'add the unit that was meant, such as 256Mi' });
    }
    return little;
  });
}

function dependsOnOthers({ metadata, dependsOn = [] }: Manifest): readonly Finding[] {
  return dependsOn.flatMap((dependency, index): readonly Finding[] => {
    if (dependedOn(dependency).name !== metadata.name) return [];
    const path = typeof dependency === 'string' ? ['dependsOn', index] : ['dependsOn', index, 'name'];
    return [{ path, at: 'value', problem: `${metadata.name} depends on itself`, remedy: 'remove it from dependsOn' }];
  });
}

function contractsAreNeededOnce({ dependsOn = [] }: Manifest): readonly Finding[] {
  const needs = dependsOn.map(dependedOn);
  return needs.flatMap(({ name, contract }, index): readonly Finding[] => {
    const first = needs.findIndex((other) => other.name === name && other.contract === contract);
    // The same text twice is found by the schema.
    if (first === index || (typeof dependsOn[index] === 'string' && typeof dependsOn[first] === 'string')) return [];
    const what = contract === name ? name : `contract ${contract} of ${name}`;
    const path = ['dependsOn', index];
    return [{ path, at: 'value', problem: `${what} stands twice in dependsOn`, remedy: 'keep one, with the versions that are meant' }];
  });
}

function contractsAreProvidedOnce({ provides = [] }: Manifest): readonly Finding[] {
  return provides.flatMap(({ contract, version }, index): readonly Finding[] => {
    const first = provides.findIndex((other) => other.contract === contract && other.version === version);
    return first === index ? [] : [repeated(['provides', index], `contract ${contract} ${version}`)];
  });
}

function rangesAreSemantic({ dependsOn = [] }: Manifest): readonly Finding[] {
  return dependsOn.flatMap((dependency, index): readonly Finding[] => {
    const { version } = dependedOn(dependency);
    if (version === undefined || validRange(version) !== null) return [];
    const path = ['dependsOn', index, 'version'];
    const remedy = 'write a range of semantic versions, such as "^2.1" or ">=2.1 <4"';
    return [{ path, at: 'value', problem: `${written(path)} is no range: ${version}`, remedy }];
  });
}

function dependedOn(dependency: NonNullable<Manifest['dependsOn']>[number]) {
  const { name, contract, version } = typeof dependency === 'string' ? { name: dependency } : dependency;
  return { name, contract: contract ?? name, version };
}

function namesStandOnce(manifest: Manifest): readonly Finding[] {
  const { run = {}, config = {}, environments = {} } = manifest;
  const holders: readonly (readonly [Path, NonNullable<Manifest['config']>])[] = [
    [['config'], config],
    ...Object.entries(environments).map(([name, overlay]) => [['environments', name], overlay] as const),
  ];
  return [
    ...twice(run.volumes ?? [], 'name', ['run', 'volumes']),
    ...twice(run.volumes ?? [], 'path', ['run', 'volumes']),
    ...holders.flatMap(([path, { files = [], secrets = [] }]) => [
      ...twice(files, 'path', [...path, 'files']),
      ...twice(secrets, 'name', [...path, 'secrets']),
    ]),
  ];
}

function twice<Key extends string>(items: readonly Readonly<Record<Key, string>>[], key: Key, path: Path): readonly Finding[] {
  return items.flatMap((item, index) => {
    const first = items.findIndex((other) => other[key] === item[key]);
    return first === index ? [] : [{ ...repeated([...path, index], `${key} ${item[key]}`), path: [...path, index, key] }];
  });
}

const reserved = ['/proc', '/sys', '/dev', '/run/secrets'];

function pathsAreFree({ run = {}, config = {}, environments = {} }: Manifest): readonly Finding[] {
  const places: readonly (readonly [Path, string])[] = [
    ...(run.volumes ?? []).map(({ path }, index) => [['run', 'volumes', index, 'path'], path] as const),
    ...(config.files ?? []).map(({ path }, index) => [['config', 'files', index, 'path'], path] as const),
    ...Object.entries(environments).flatMap(([name, { files = [] }]) =>
      files.map(({ path }, index) => [['environments', name, 'files', index, 'path'], path] as const),
    ),
  ];
  return places.flatMap(([path, folder]): readonly Finding[] => {
    const steps = folder.split('/');
    if (steps.includes('..') || steps.includes('.')) {
      return [{ path, at: 'value', problem: `${written(path)} has . or .. in it`, remedy: 'write the path that is meant, such as /data' }];
    }
    const taken = reserved.find((prefix) => folder === prefix || folder.startsWith(`${prefix}/`));
    if (taken === undefined) return [];
    return [
      { path, at: 'value', problem: `${written(path)} is in ${taken}, which the engine fills`, remedy: 'choose another, such as /data' },
    ];
  });
}

function variablesAreFree({ config = {}, environments = {} }: Manifest): readonly Finding[] {
  const places: readonly (readonly [Path, object])[] = [
    [['config', 'env'], config.env ?? {}],
    ...Object.entries(environments).map(([name, { env = {} }]) => [['environments', name, 'env'], env] as const),
  ];
  return places.flatMap(([path, env]) =>
    Object.keys(env)
      .filter((name) => name === 'PORT' || name.startsWith('BELUGA_'))
      .map((name): Finding => {
        const remedy =
          name === 'PORT'
            ? 'remove it; PORT is run.port'
            : `remove it; ${list(['BELUGA_COMPONENT', 'BELUGA_VERSION'], 'and')} and the like are given`;
        return { path: [...path, name], at: 'key', problem: `${written([...path, name])} is set by the platform`, remedy };
      }),
  );
}

type Shared = 'replicas' | 'resources' | 'schedule';
type Places<Key extends Shared> = readonly { readonly path: Path; readonly value: NonNullable<NonNullable<Manifest['run']>[Key]> }[];

/** A key that may stand in `run` and in every environment, wherever it does. */
function everywhere<Key extends Shared>({ run = {}, environments = {} }: Manifest, key: Key): Places<Key> {
  const holders: readonly (readonly [Path, Pick<NonNullable<Manifest['run']>, Key>])[] = [
    [['run', key], run],
    ...Object.entries(environments).map(([name, overlay]) => [['environments', name, key], overlay] as const),
  ];
  return holders.flatMap(([path, holder]) => {
    const value = holder[key];
    return value === undefined || value === null ? [] : [{ path, value: value as NonNullable<typeof value> }];
  });
}
