/** What differs between two configurations of an environment. No value that may be secret is ever part of it. */
import type { Workload } from '../workload.ts';

export type ConfigurationChange = {
  readonly name: string;
  readonly origin: 'variable' | 'file' | 'secret' | 'setting';
  readonly change: 'added' | 'removed' | 'changed';
  /** Null: absent, or not shown because it is or may be secret. */
  readonly before: string | null;
  readonly after: string | null;
};

type Entry = Pick<ConfigurationChange, 'name' | 'origin'> & { readonly shown: string | null; readonly compared: string };

export function configurationDelta(before: Workload | null, after: Workload): readonly ConfigurationChange[] {
  const old = new Map((before === null ? [] : entriesOf(before)).map((entry) => [`${entry.origin} ${entry.name}`, entry]));
  const now = new Map(entriesOf(after).map((entry) => [`${entry.origin} ${entry.name}`, entry]));
  return [...new Set([...old.keys(), ...now.keys()])].toSorted().flatMap((id) => differenceOf(old.get(id), now.get(id)));
}

function differenceOf(before: Entry | undefined, after: Entry | undefined): readonly ConfigurationChange[] {
  const some = after ?? before;
  if (some === undefined || before?.compared === after?.compared) return [];
  const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  return [{ name: some.name, origin: some.origin, change, before: before?.shown ?? null, after: after?.shown ?? null }];
}

/** Variables the platform sets by itself say nothing about what people changed. */
function entriesOf(workload: Workload): readonly Entry[] {
  const variables = Object.entries(workload.env)
    .filter(([name]) => !name.startsWith('BELUGA_'))
    .map(([name, value]): Entry => ({ name, origin: 'variable', shown: shownValue(name, value), compared: value }));
  const files = workload.files.map(({ path, content }): Entry => ({ name: path, origin: 'file', shown: null, compared: content }));
  const secrets = workload.secrets.map(({ name, ref }): Entry => ({ name, origin: 'secret', shown: null, compared: ref }));
  const { cpuMillis, memoryBytes } = workload.resources;
  const settings = {
    replicas: `${workload.replicas.min} to ${workload.replicas.max}`,
    cpu: cpuMillis === null ? 'no limit' : `${cpuMillis}m`,
    memory: memoryBytes === null ? 'no limit' : `${Math.round(memoryBytes / 1_048_576)}Mi`,
    schedule: workload.schedule ?? 'none',
    dependencies: workload.dependsOn.length === 0 ? 'none' : workload.dependsOn.join(', '),
  };
  return [
    ...variables,
    ...files,
    ...secrets,
    ...Object.entries(settings).map(([name, value]): Entry => ({ name, origin: 'setting', shown: value, compared: value })),
  ];
}

const secretName = /pass|secret|token|credential|private|apikey|api_key|access_key|_key$|^key$|salt|dsn/i;

/** The value of a variable, unless its name or its form says that it may be secret. */
function shownValue(name: string, value: string): string | null {
  if (secretName.test(name) || /-----BEGIN|^eyJ[A-Za-z0-9_-]{10}|^(gh[pousr]|glpat|xox[abp])[-_]/.test(value)) return null;
  const bare = value.replace(/:\/\/[^/@\s]*@/g, '://***@');
  return bare.length > 200 ? `${bare.slice(0, 200)}…` : bare;
}
