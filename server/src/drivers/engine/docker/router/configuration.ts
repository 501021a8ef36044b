/**
 * The router's configuration file and maps, from its state.
 *
 * Everything a deployment will ever need is there from the start (ports, pools, free servers), so that a deployment only uses the
 * admin socket and never reloads: a reload was measured to lose requests.
 */
import { checksAtOnce, healthCheck, healthFrontend, tellsState } from './health.ts';
import {
  type Canary,
  canaryNames,
  type Pool,
  poolNames,
  type Range,
  type RouterState,
  type Slot,
  sharesOf,
  slotsPerPool,
} from './state.ts';

export type Paths = {
  readonly folder: string;
  readonly configuration: string;
  readonly state: string;
  readonly socket: string;
  readonly log: string;
  readonly ports: string;
  readonly places: string;
  readonly allowed: string;
  /** Which places have a canary, and which request goes to which server of it. */
  readonly trials: string;
  readonly shares: string;
  /** Which path each instance is asked, and where HAProxy's checks ask it. */
  readonly health: string;
  readonly healthSocket: string;
  /** Where a canary's backend hands a request to the pool of its place. */
  readonly former: string;
  /** Holds the process id of the supervisor. */
  readonly supervisor: string;
};

/** Where a program finds the first socket it inherits, after its three streams. */
const firstInherited = 3;

/** Raised when this file writes something new that a running router must get: it is then reloaded, once. */
export const layout = 4;

export type Shape = {
  readonly layout?: number;
  readonly range: Range;
  /** Ports of the range that are open, in the order in which HAProxy inherits their sockets; the others belong to other programs. */
  readonly open: readonly number[];
  /** The address of each environment's network on this machine. */
  readonly gateways: readonly string[];
  readonly maxConnections: number;
};

export function paths(folder: string): Paths {
  const inside = (name: string) => `${folder}/${name}`;
  return {
    folder,
    configuration: inside('haproxy.cfg'),
    state: inside('state.json'),
    socket: inside('admin.sock'),
    log: inside('haproxy.log'),
    ports: inside('ports.map'),
    places: inside('places.map'),
    allowed: inside('allowed.map'),
    trials: inside('trials.map'),
    shares: inside('shares.map'),
    health: inside('health.map'),
    healthSocket: inside('health.sock'),
    former: inside('former.sock'),
    supervisor: inside('supervisor.pid'),
  };
}

export function renderConfiguration(shape: Shape, state: RouterState, files: Paths): string {
  const byName = new Map(state.pools.map((pool) => [pool.name, pool]));
  const pools = poolNames(shape.range).map((name) => renderPool(name, byName.get(name)));
  const canaries = canaryNames().map((name) =>
    renderCanary(
      name,
      state.canaries?.find((canary) => canary.name === name),
      files,
    ),
  );
  const frontends = [addresses(shape, files), names(shape, files), former(shape, files), healthFrontend(files)];
  return `${[head(shape, files), ...frontends, nobody, ...pools, ...canaries].filter((part) => part !== '').join('\n\n')}\n`;
}

export function renderPorts(state: RouterState): string {
  return lines(state.pools.flatMap((pool) => (pool.port === null ? [] : [`${pool.port} ${pool.name}`])));
}

export function renderPlaces(state: RouterState): string {
  return lines(state.pools.map((pool) => `${pool.place} ${pool.name}`));
}

export function renderAllowed(state: RouterState): string {
  return lines(Object.entries(state.allowed).map(([key, place]) => `${key} ${place}`));
}

export function renderTrials(state: RouterState): string {
  return lines(onTrial(state).map(({ pool }) => `${pool} 1`));
}

export function renderShares(state: RouterState): string {
  return lines(onTrial(state).flatMap(({ pool, canary }) => [...sharesOf(pool, canary)].map(([draw, server]) => `${draw} ${server}`)));
}

function onTrial(state: RouterState): readonly { readonly pool: string; readonly canary: Canary }[] {
  return (state.canaries ?? []).flatMap((canary) => {
    const pool = state.pools.find(({ place }) => place === canary.place)?.name;
    return pool === undefined || canary.percent === 0 ? [] : [{ pool, canary }];
  });
}

function lines(entries: readonly string[]): string {
  return entries.map((entry) => `${entry}\n`).join('');
}

function head(shape: Shape, files: Paths): string {
  return `# Written by Beluga after each change. Do not edit: the next change overwrites it.
global
  stats socket ${files.socket} mode 600 level admin expose-fd listeners
  stats timeout 1m
  hard-stop-after 1m
  no strict-limits
  maxconn ${shape.maxConnections + checksAtOnce}

# A line for each request of a place that has a canary; read while it is judged.
ring ${ring}
  format raw
  maxlen 200
  size 4194304

defaults
  mode http
  balance roundrobin
  option http-keep-alive
  option redispatch 1
  option idle-close-on-response
  option clitcpka
  option srvtcpka
  srvtcpka-idle 15s
  srvtcpka-intvl 5s
  srvtcpka-cnt 3
  http-reuse safe
  retries 3
  retry-on conn-failure empty-response
  timeout http-request 30s
  timeout http-keep-alive 1m
  timeout connect 1s
  timeout queue 5s
  timeout client 1h
  timeout server 1h
  timeout tunnel 24h
${healthCheck(files)}
  default-server check inter 250ms fastinter 50ms downinter 50ms fall 1 rise 1 observe layer4 error-limit 1 on-error mark-down pool-purge-delay 2s`;
}

/** Each way in has its part of the connections, so that those of the health checks are never used up by requests. */
function part(shape: Shape, percent: number): string {
  return `  maxconn ${Math.ceil((shape.maxConnections * percent) / 100)}`;
}

function addresses(shape: Shape, files: Paths): string {
  const binds = shape.open.map((_, index) => `  bind fd@${firstInherited + index}`);
  const pool = `  http-request set-var(txn.pool) dst_port,map_int(${files.ports},nobody)`;
  return ['frontend addresses', ...binds, part(shape, 70), pool, ...routing(files)].join('\n');
}

/** `transparent`, since a bridge may get its address only when its first container starts. */
function names(shape: Shape, files: Paths): string {
  if (shape.gateways.length === 0) return '';
  return [
    'frontend names',
    part(shape, 25),
    ...shape.gateways.map((gateway) => `  bind ${gateway}:80 transparent`),
    '  http-request set-var(txn.host) hdr(host),field(1,:),lower',
    `  http-request set-var(txn.place) src,concat(/,txn.host),map(${files.allowed})`,
    `  http-request set-var(txn.pool) var(txn.place),map(${files.places},nobody)`,
    ...routing(files),
    '  default_backend nobody',
  ].join('\n');
}

export const ring = 'trials';

/** Of a place with a canary, each request draws one of a hundred numbers, which may be a server of the canary's. */
function routing(files: Paths): readonly string[] {
  const drawn = `var(txn.pool),concat(/,txn.draw),map(${files.shares})`;
  return [
    `  http-request set-var(txn.trial) var(txn.pool),map(${files.trials})`,
    '  acl trial var(txn.trial) -m found',
    '  http-request set-log-level silent unless trial',
    '  http-request set-var(txn.draw) rand(100) if trial',
    `  http-request set-var(txn.canary) ${drawn} if trial`,
    `  log ring@${ring} format raw local0`,
    '  log-format "%[var(txn.pool)] %b %s %ST %Tr %rc %ts"',
    '  use_backend %[var(txn.canary),field(1,/)] if { var(txn.canary) -m found }',
    '  use_backend %[var(txn.pool)]',
  ];
}

/** What a canary failed to answer comes back in here. */
function former(shape: Shape, files: Paths): string {
  return `frontend former
  bind unix@${files.former} mode 600
${part(shape, 5)}
  http-request set-var(txn.pool) req.hdr(${poolHeader})
  http-request del-header ${poolHeader}
  use_backend %[var(txn.pool)]`;
}

const poolHeader = 'x-beluga-pool';
const idempotent = '{ method GET HEAD OPTIONS PUT DELETE TRACE }';

/**
 * The server is drawn beforehand, so that its weight is nothing: whatever is tried again goes to the only server that has one, the
 * former version. A canary that is down gets nothing.
 */
function renderCanary(name: string, canary: Canary | undefined, files: Paths): string {
  const slots = canary?.slots ?? [];
  const free = freeNumbers(slots.map(({ index }) => index)).map(template);
  return [
    `backend ${name}`,
    ...(canary === undefined ? [] : [`  # ${canary.place}`]),
    tellsState,
    '  retry-on conn-failure empty-response 500 502 503 504',
    `  http-request disable-l7-retry unless ${idempotent}`,
    `  http-request set-header ${poolHeader} %[var(txn.pool)]`,
    '  use-server %[var(txn.canary),field(2,/)] if TRUE',
    ...slots.map(({ index, address }) => `  server s${index} ${address} weight 0 ${unheard}`),
    ...free,
    `  server former unix@${files.former} no-check`,
  ].join('\n');
}

function freeNumbers(used: readonly number[]): readonly string[] {
  const all = Array.from({ length: slotsPerPool }, (_, index) => index + 1);
  return ranges(all.filter((index) => !used.includes(index)));
}

const nobody = `backend nobody
  http-request return status 503 content-type text/plain string "Nothing is installed at this address.\\n"`;

function renderPool(name: string, pool: Pool | undefined): string {
  const head = [`backend ${name}`, tellsState, `  http-request disable-l7-retry unless ${idempotent}`];
  const comment = pool === undefined ? [] : [`  # ${pool.place}`];
  return [...head, ...comment, ...servers(pool?.slots ?? [])].join('\n');
}

/**
 * Lines for the servers that serve and templates for the others between them, so that numbers never move. One that drains is not
 * written: after a restart no request is left that it could finish.
 */
function servers(slots: readonly Slot[]): readonly string[] {
  const serving = slots.filter((slot) => slot.traffic === 'serving');
  const free = freeNumbers(serving.map((slot) => slot.index)).map(template);
  return [...serving.map((slot) => `  server s${slot.index} ${slot.address} ${unheard}`), ...free];
}

function template(range: string): string {
  return `  server-template s ${range} 127.0.0.1:1 disabled ${unheard}`;
}

/**
 * What an instance does not even confirm to have received after this time is lost, as when its network is gone, and may be asked of another one.
 * Longer than an application leaves a large upload unread, which looks the same. `default-server` does not pass it on.
 */
const unheard = 'tcp-ut 30s';

/** `1-3`, `5` for 1, 2, 3, 5. */
export function ranges(numbers: readonly number[]): readonly string[] {
  const found: { first: number; last: number }[] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const current = found.at(-1);
    if (current !== undefined && current.last === number - 1) current.last = number;
    else found.push({ first: number, last: number });
  }
  return found.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
}
