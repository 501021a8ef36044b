/**
 * The router's configuration file and maps, from its state.
 *
 * Everything a deployment will ever need is there from the start (ports, pools, free servers), so that a deployment only uses the
 * admin socket and never reloads: a reload was measured to lose requests.
 */
import { type Pool, poolNames, type Range, type RouterState, type Slot, slotsPerPool } from './state.ts';

export type Paths = {
  readonly folder: string;
  readonly configuration: string;
  readonly state: string;
  readonly socket: string;
  readonly log: string;
  readonly ports: string;
  readonly places: string;
  readonly allowed: string;
  /** Holds the process id of the supervisor. */
  readonly supervisor: string;
};

/** Where a program finds the first socket it inherits, after its three streams. */
const firstInherited = 3;

export type Shape = {
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
    supervisor: inside('supervisor.pid'),
  };
}

export function renderConfiguration(shape: Shape, state: RouterState, files: Paths): string {
  const byName = new Map(state.pools.map((pool) => [pool.name, pool]));
  const pools = poolNames(shape.range).map((name) => renderPool(name, byName.get(name)));
  return `${[head(shape, files), addresses(shape, files), names(shape, files), nobody, ...pools].filter((part) => part !== '').join('\n\n')}\n`;
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
  maxconn ${shape.maxConnections}
  quiet

defaults
  mode http
  balance roundrobin
  option http-keep-alive
  option redispatch 1
  option idle-close-on-response
  option clitcpka
  option srvtcpka
  http-reuse safe
  retries 3
  retry-on conn-failure empty-response
  timeout http-request 30s
  timeout http-keep-alive 1m
  timeout connect 1s
  timeout queue 5s
  timeout check 2s
  timeout client 1h
  timeout server 1h
  timeout tunnel 24h
  default-server check inter 250ms fastinter 50ms downinter 50ms fall 1 rise 1 observe layer4 error-limit 1 on-error mark-down pool-purge-delay 2s`;
}

function addresses(shape: Shape, files: Paths): string {
  const binds = shape.open.map((_, index) => `  bind fd@${firstInherited + index}`);
  return ['frontend addresses', ...binds, `  use_backend %[dst_port,map_int(${files.ports},nobody)]`].join('\n');
}

/** `transparent`, since a bridge may get its address only when its first container starts. */
function names(shape: Shape, files: Paths): string {
  if (shape.gateways.length === 0) return '';
  return [
    'frontend names',
    ...shape.gateways.map((gateway) => `  bind ${gateway}:80 transparent`),
    '  http-request set-var(txn.host) hdr(host),field(1,:),lower',
    `  http-request set-var(txn.place) src,concat(/,txn.host),map(${files.allowed})`,
    `  use_backend %[var(txn.place),map(${files.places},nobody)]`,
    '  default_backend nobody',
  ].join('\n');
}

const nobody = `backend nobody
  http-request return status 503 content-type text/plain string "Nothing is installed at this address.\\n"`;

function renderPool(name: string, pool: Pool | undefined): string {
  const head = [`backend ${name}`, '  http-request disable-l7-retry unless { method GET HEAD OPTIONS PUT DELETE TRACE }'];
  const comment = pool === undefined ? [] : [`  # ${pool.place}`];
  return [...head, ...comment, ...servers(pool?.slots ?? [])].join('\n');
}

/**
 * Lines for the servers that serve and templates for the others between them, so that numbers never move. One that drains is not
 * written: after a restart no request is left that it could finish.
 */
function servers(slots: readonly Slot[]): readonly string[] {
  const serving = slots.filter((slot) => slot.traffic === 'serving');
  const used = new Set(serving.map((slot) => slot.index));
  const all = Array.from({ length: slotsPerPool }, (_, index) => index + 1);
  const free = ranges(all.filter((index) => !used.has(index))).map((range) => `  server-template s ${range} 127.0.0.1:1 disabled`);
  return [...serving.map((slot) => `  server s${slot.index} ${slot.address}`), ...free];
}

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
