/**
 * Readiness at the router: HAProxy itself asks each instance its health path, so that one that is not ready leaves and comes back while
 * no server of Beluga is there.
 *
 * A pool is made before it is known who uses it, and its check can differ by instance only in what a map says. So each check of HAProxy
 * goes to a frontend of its own, which knows the path of each instance, and then to the instance's port as ever. What it answers:
 *
 *   its own command said no lately         not ready, unless nobody of its place said yes, or nobody else serves
 *   no path known                          ready; the port decides
 *   was ready a moment ago, nobody serves  ready, without being asked: a slow answer must not keep a place empty
 *   answered 2xx or 3xx just now           ready
 *   serves, and was ready a moment ago     ready; one slow or wrong answer takes nobody out
 *   nobody of its place was ready lately   ready, as if there were no path: never remove the last healthy set
 *   it is the last one that serves         ready, for the same reason
 *   otherwise                              not ready; it leaves the router
 */

import type { Turn } from './canary.ts';
import type { Paths } from './configuration.ts';
import { canaryOf, poolOf, type RouterState } from './state.ts';

/** How often an instance that serves is asked, and one that does not, at most; in milliseconds, as all here. */
const askedEveryMs = 500;
const refusedForMs = 200;
/** How long an answer may take. */
const answerWithinMs = 2_000;
/** For how long somebody's last good answer counts for its place. */
const servedForMs = 2_500;
/** For how long an instance's last good answer counts. Longer than its place's and a question together: those that fail at once all stay. */
const readyForMs = 3_500;
/** What a check answers where the instance did; where nothing listens HAProxy answers itself, with 503. RFC 8470, "Too Early". */
export const saidNotReady = '425';
/** Of connections, for the checks alone: they must not wait behind requests. */
export const checksAtOnce = 400;

/** For how long it is remembered what commands said: the server says it again as long as it is so. */
const toldForMs = 30_000;

const readyTable = 'ready';
const asideTable = 'aside';
const willingTable = 'willing';

/** For each server of each pool. The port comes second, so that one that nothing listens on is down at once. */
export function healthCheck(files: Paths): string {
  return `  option httpchk
  http-check connect addr unix@${files.healthSocket}
  http-check send meth GET uri /
  http-check expect status 200-399
  http-check connect
  timeout check ${answerWithinMs + 1_000}`;
}

/** What a backend says so that its checks tell who is checked. */
export const tellsState = '  http-check send-state';

/** HAProxy's own account of the server that it checks: `UP; address=10.0.0.2; port=80; name=b001/s1; …` (configuration manual, http-check send-state). */
const said = (field: number) => `req.hdr(x-haproxy-server-state),field(${field},;),field(2,=)`;

export function healthFrontend(files: Paths): string {
  return `frontend health
  bind unix@${files.healthSocket} mode 600
  maxconn ${checksAtOnce}
  http-request set-log-level silent
  http-request set-var(txn.ip) ${said(2)}
  http-request set-var(txn.port) ${said(3)}
  http-request set-var(txn.pool) ${said(4)},field(1,/)
  http-request set-var(txn.instance) var(txn.ip),concat(:,txn.port)
  http-request set-var(txn.path) var(txn.instance),map(${files.health})
  acl up req.hdr(x-haproxy-server-state) -m beg UP
  acl pool var(txn.pool) -m beg b
  acl nobody var(txn.pool),nbsrv eq 0
  acl last var(txn.pool),nbsrv eq 1
  acl aside var(txn.instance),in_table(${asideTable})
  acl willing var(txn.pool),in_table(${willingTable})
  http-request set-var(txn.spared) int(1) if aside pool !willing
  http-request set-var(txn.spared) int(1) if aside pool nobody
  http-request set-var(txn.spared) int(1) if aside pool up last
  acl spared var(txn.spared) -m found
  http-request return status ${saidNotReady} if aside !spared
  http-request return status 200 unless { var(txn.path) -m found }
  acl served var(txn.pool),in_table(served)
  acl ready var(txn.instance),in_table(${readyTable})
  http-request return status 200 if pool nobody ready
  http-request set-var(txn.kept) int(1) if up ready
  http-request set-var(txn.kept) int(1) if pool !served
  http-request set-var(txn.kept) int(1) if pool nobody
  http-request set-var(txn.kept) int(1) if pool up last
  acl kept var(txn.kept) -m found
  acl asked var(txn.instance),in_table(asked)
  acl refused var(txn.instance),in_table(refused)
  http-request return status 200 if up asked kept
  http-request return status 200 if refused kept
  http-request return status ${saidNotReady} if up asked
  http-request return status ${saidNotReady} if refused
  default_backend instance

${instanceBackend}

${tables}`;
}

/** Asks the instance; what it answers is remembered. */
const instanceBackend = `backend instance
  timeout connect 1s
  timeout server ${answerWithinMs}ms
  retries 0
  option httpclose
  http-request set-dst var(txn.ip)
  http-request set-dst-port var(txn.port)
  http-request set-uri %[var(txn.path)]
  http-request del-header x-haproxy-server-state
  http-request set-header host %[var(txn.instance)]
  http-request set-header user-agent beluga-probe
  acl good status 200:399
  http-response track-sc0 var(txn.instance) table asked
  http-response track-sc1 var(txn.instance) table ${readyTable} if good
  http-response track-sc1 var(txn.instance) table refused if !good
  http-response track-sc2 var(txn.pool) table served if good
  http-response set-status ${saidNotReady} if !good
  http-after-response set-status 200 if { var(txn.kept) -m found }
  server any 0.0.0.0:0 no-check`;

const tables = [
  table('asked', 48, askedEveryMs),
  table('refused', 48, refusedForMs),
  table('served', 8, servedForMs),
  table(readyTable, 48, readyForMs),
  table(asideTable, 48, toldForMs),
  table(willingTable, 8, toldForMs),
].join('\n\n');

function table(name: string, length: number, forMs: number): string {
  return `backend ${name}\n  stick-table type string len ${length} size 16k expire ${forMs}ms`;
}

/** Who was ready lately, and whose command said otherwise. */
export const askReady: readonly string[] = [`show table ${readyTable}`, `show table ${asideTable}`];

/** By the answer to `askReady`: whether the instance at an address says that it is ready, as far as it is asked. */
export function parseReady(answer: string, { health = {} }: RouterState): (address: string) => boolean {
  const parts = answer.split('# table: ');
  const keysOf = (table: string) => {
    const lines = parts.find((part) => part.startsWith(`${table},`))?.split('\n') ?? [];
    return new Set(lines.flatMap((line) => /\skey=(\S+)/.exec(line)?.[1] ?? []));
  };
  const [ready, aside] = [keysOf(readyTable), keysOf(asideTable)];
  return (address) => !aside.has(address) && (health[address] === undefined || ready.has(address));
}

/** Remembers what the commands of instances said. */
export function heeded(pool: string, ready: readonly string[], unready: readonly string[]): readonly string[] {
  const somebody = ready.length > 0 ? [`set table ${willingTable} key ${pool}`] : [`clear table ${willingTable} key ${pool}`];
  return [
    ...(ready.length + unready.length === 0 ? [] : somebody),
    ...ready.map((address) => `clear table ${asideTable} key ${address}`),
    ...unready.map((address) => `set table ${asideTable} key ${address}`),
  ];
}

/** Those that the place does not know yet are asked this path; others, such as the former ones in a return, keep their own. */
export function askedAnew(files: Paths, state: RouterState, place: string, addresses: readonly string[], path: string | null): Turn {
  const known = [...(poolOf(state, place)?.slots ?? []), ...(canaryOf(state, place)?.slots ?? [])].map(({ address }) => address);
  return askedFor(
    files,
    state,
    addresses.filter((address) => !known.includes(address)),
    path,
  );
}

/** From now on these are asked this path, or only for their port where there is none. */
export function askedFor(files: Paths, state: RouterState, addresses: readonly string[], path: string | null): Turn {
  const before = state.health ?? {};
  const changed = addresses.filter((address) => (before[address] ?? null) !== path);
  if (changed.length === 0) return { commands: [], state };
  const commands = changed.map((address) => {
    if (path === null) return `del map ${files.health} ${address}`;
    return `${before[address] === undefined ? 'add' : 'set'} map ${files.health} ${address} ${escaped(path)}`;
  });
  const others = Object.entries(before).filter(([address]) => !changed.includes(address));
  const now = path === null ? [] : changed.map((address): [string, string] => [address, path]);
  return { commands, state: { ...state, health: Object.fromEntries([...others, ...now]) } };
}

/** On the admin socket a semicolon begins another command (management guide, 9.3). */
function escaped(path: string): string {
  return path.replace(/[\\;]/g, (character) => `\\${character}`);
}

export function renderHealth(state: RouterState): string {
  return Object.entries(state.health ?? {})
    .map(([address, path]) => `${address} ${path}\n`)
    .join('');
}
