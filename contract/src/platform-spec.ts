/**
 * `platform.yaml` with every default filled in: what the server works with.
 *
 * Durations are milliseconds, sizes bytes, CPUs thousandths; what is absent is null. With no file at all it is `platformOf(null)`.
 */
import type { WrittenEntry } from './calendar-schema.ts';
import type { WrittenChannel, WrittenItsm } from './channel-schema.ts';
import type { PlatformFile } from './platform-schema.ts';
import { bytesOf, millisecondsOf } from './quantity.ts';

type Criticality = 'low' | 'medium' | 'high' | 'critical';
export type DaySet = 'holidays' | 'weekends' | 'month-end' | 'quarter-end' | 'year-end';

export type EntrySpec = {
  readonly name: string;
  readonly reason: string | null;
  readonly environments: readonly string[];
  readonly systems: readonly string[] | null;
  readonly criticality: readonly Criticality[] | null;
  /** Local times of the first one, ISO 8601 without an offset. */
  readonly start: string;
  readonly end: string;
  readonly rule: string | null;
  readonly on: readonly DaySet[];
  readonly except: readonly DaySet[];
  /** Local times at which it would begin and does not. */
  readonly skip: readonly string[];
  readonly timeZone: string;
};

type Severity = 'critical' | 'high' | 'medium' | 'low';
export type GateSettings = {
  readonly soak: { readonly forMs: number; readonly requests: number; readonly jobRuns: number; readonly protected: boolean } | null;
  readonly evidence: readonly ('tests' | 'quality' | 'performance' | 'scan')[];
  readonly vulnerabilities: Readonly<Record<Severity, number | null>> | null;
  readonly signature: boolean;
  readonly provenance: boolean;
  readonly supportedSocle: boolean;
  readonly readinessFile: boolean;
  readonly approvals: number;
  readonly capacity: { readonly cpuMillis: number | null; readonly memoryBytes: number | null } | null;
  readonly dependencies: boolean;
  readonly zeroDowntime: Criticality | 'never';
  readonly calendar: boolean;
  readonly change: boolean;
};

export type PlatformSpec = {
  readonly environments: readonly { readonly name: string; readonly mandatory: boolean; readonly gates: GateSettings }[];
  readonly calendar: {
    readonly timeZone: string;
    readonly holidays: 'france' | 'alsace-moselle' | 'none';
    readonly windows: readonly EntrySpec[];
    readonly freezes: readonly EntrySpec[];
  };
  /** Null: the platform's own record is the record. */
  readonly itsm: ItsmSpec | null;
  readonly channels: readonly ChannelSpec[];
  readonly policies: {
    readonly exemptions: readonly {
      readonly vulnerability: string;
      readonly components: readonly string[] | null;
      readonly until: string;
      readonly reason: string;
    }[];
    readonly socles: readonly { readonly name: string; readonly supportedUntil: string }[];
    readonly readiness: readonly string[];
  };
};

export type ItsmSpec =
  | {
      readonly kind: 'servicenow';
      readonly url: string;
      readonly user: string;
      readonly password: string;
      readonly standardTemplate: string;
    }
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: string };

/** `url`, `secret` and `password` are `env:NAME`, the name of a variable. */
export type ChannelSpec = {
  readonly name: string;
  readonly kind: 'teams' | 'slack' | 'email' | 'webhook';
  readonly url: string;
  readonly secret: string | null;
  readonly from: string | null;
  readonly to: readonly string[];
  readonly language: 'fr' | 'en';
  readonly systems: readonly string[] | null;
};

type WrittenEnvironment = NonNullable<PlatformFile['environments']>[number];
type WrittenGates = NonNullable<WrittenEnvironment['gates']>;

const usualNames = ['dev', 'int', 're7', 'preprod', 'prod'];

/** The platform of a file, or the one that needs none: there is one person, and nobody else to approve what they ask for. */
export function platformOf(file: PlatformFile | null): PlatformSpec {
  const { environments = usualNames.map((name) => ({ name })), calendar = {}, policies = {}, itsm, channels = [] } = file ?? {};
  const last = environments.at(-1)?.name ?? '';
  return {
    environments: environments.map((written) => environmentOf(written, written.name === last, file === null)),
    calendar: calendarOf(calendar, last),
    itsm: itsm === undefined ? null : itsmOf(itsm),
    channels: channels.map(channelOf),
    policies: {
      ...{ socles: [], readiness: [], ...policies },
      exemptions: (policies.exemptions ?? []).map((one) => ({ ...one, components: one.components ?? null })),
    },
  };
}

function environmentOf(
  { name, mandatory = true, gates = {} }: WrittenEnvironment,
  last: boolean,
  alone: boolean,
): PlatformSpec['environments'][number] {
  const asked = gatesOf(gates, last);
  return { name, mandatory, gates: { ...asked, approvals: gates.approvals ?? (asked.change && !alone ? 1 : 0) } };
}

function itsmOf({ kind, url, user = '', password = '', standardTemplate = '', secret = '' }: WrittenItsm): ItsmSpec {
  return kind === 'servicenow' ? { kind, url, user, password, standardTemplate } : { kind, url, secret };
}

function channelOf({ name, kind, url, ...written }: WrittenChannel): ChannelSpec {
  const { secret, from, to = [], language = 'fr', systems } = written;
  return { name, kind, url, secret: secret ?? null, from: from ?? null, to, language, systems: systems ?? null };
}

function calendarOf(written: NonNullable<PlatformFile['calendar']>, environment: string): PlatformSpec['calendar'] {
  const { timeZone = 'Europe/Paris', holidays = 'france', windows = [], freezes = [] } = written;
  const filled = (entry: WrittenEntry) => entryOf(entry, { timeZone, environment });
  return { timeZone, holidays, windows: windows.map(filled), freezes: freezes.map(filled) };
}

/** A window or a freeze with its defaults filled in. */
export function entryOf(written: WrittenEntry, usual: { readonly timeZone: string; readonly environment: string }): EntrySpec {
  const start = Temporal.PlainDateTime.from(written.start);
  const end = written.end === undefined ? start.add(spanOf(written.for ?? '1h')) : Temporal.PlainDateTime.from(written.end);
  return {
    name: written.name,
    reason: written.reason ?? null,
    environments: written.environments ?? [usual.environment],
    systems: written.systems ?? null,
    criticality: written.criticality ?? null,
    start: start.toString(),
    end: end.toString(),
    rule: written.rule?.replace(/^RRULE:/, '') ?? (written.on === undefined ? null : 'FREQ=DAILY'),
    on: written.on ?? [],
    except: written.except ?? [],
    skip: (written.skip ?? []).map((time) =>
      (time.includes('T') ? Temporal.PlainDateTime.from(time) : Temporal.PlainDate.from(time)).toString(),
    ),
    timeZone: written.timeZone ?? usual.timeZone,
  };
}

function spanOf(text: string): Temporal.Duration {
  const [, amount = '0', unit = 'm'] = /^(\d+)([mhdw])$/.exec(text) ?? [];
  const key = { m: 'minutes', h: 'hours', d: 'days', w: 'weeks' }[unit] ?? 'minutes';
  return Temporal.Duration.from({ [key]: Number(amount) });
}

const usualGates = {
  evidence: [],
  signature: false,
  provenance: false,
  supportedSocle: false,
  readinessFile: false,
  calendar: true,
} as const;

/** The last environment also asks for what keeps it serving; those before it are self-service. */
function gatesOf(written: WrittenGates, last: boolean): Omit<GateSettings, 'approvals'> {
  const { soak, vulnerabilities, capacity, ...others } = written;
  const none = { critical: null, high: null, medium: null, low: null };
  return {
    ...usualGates,
    ...{ dependencies: last, change: last, zeroDowntime: last ? ('medium' as const) : ('never' as const) },
    ...others,
    soak: soak === undefined ? null : soakOf(soak),
    vulnerabilities: vulnerabilities === undefined ? null : { ...none, ...vulnerabilities },
    capacity: capacity === undefined ? null : capacityOf(capacity),
  };
}

function soakOf({ for: time = '0s', requests = 0, jobRuns = 0, ...soak }: NonNullable<WrittenGates['soak']>): GateSettings['soak'] {
  return { forMs: millisecondsOf(time), requests, jobRuns, protected: soak.protected ?? false };
}

function capacityOf({ cpu, memory }: NonNullable<WrittenGates['capacity']>): GateSettings['capacity'] {
  return { cpuMillis: cpu === undefined ? null : Math.round(cpu * 1000), memoryBytes: memory === undefined ? null : bytesOf(memory) };
}
