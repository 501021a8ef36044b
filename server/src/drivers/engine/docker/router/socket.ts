/** The router's admin socket: one connection a request, closed by HAProxy after the answer. */
import { connect } from 'node:net';
import { BelugaError } from '../../../../errors.ts';

const timeoutMs = 5_000;

/** Sends commands (joined on one line, so that nothing comes between them) and gives the answer. Throws `router-unreachable`. */
export async function ask(socket: string, commands: readonly string[]): Promise<string> {
  if (commands.length === 0) return '';
  try {
    return await exchange(socket, `${commands.join(';')}\n`);
  } catch (cause) {
    throw new BelugaError('router-unreachable', { problem: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}

/** Like `ask` for commands that change something; an answer that is a refusal throws `router-unreachable` with its text. */
export async function tell(socket: string, commands: readonly string[]): Promise<void> {
  const answer = await ask(socket, commands);
  const refusal = answer.split('\n').find((line) => refusals.test(line));
  if (refusal !== undefined) throw new BelugaError('router-unreachable', { problem: `it refused a change: ${refusal.trim()}` });
}

/** Together they must fit into one of HAProxy's buffers. */
const commandsAtOnce = 60;

export function chunks(commands: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(commands.length / commandsAtOnce);
  return Array.from({ length: count }, (_, index) => commands.slice(index * commandsAtOnce, (index + 1) * commandsAtOnce));
}

const refusals = /^(No such|Unknown|Require|Invalid|Permission|Can't|Missing|'|.*not found|Failed)/i;

function exchange(path: string, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(path);
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    socket.on('connect', () => socket.write(request));
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
  });
}

/** One row of `show stat`, by column. */
export type Row = Readonly<Record<string, string>>;

/** CSV as HAProxy writes it (management guide, 9.1): a cell that holds a comma or a quote, such as what a check saw last, is quoted (RFC 4180). */
export function parseStat(answer: string): readonly Row[] {
  const [header, ...rows] = answer.trim().split('\n');
  const columns = (header ?? '').replace(/^# /, '').split(',');
  return rows.filter((row) => row !== '').map((row) => pairUp(columns, cellsOf(row)));
}

function cellsOf(row: string): readonly string[] {
  const cells = row.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^,]*)/g) ?? [];
  return cells.map((cell) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
}

function pairUp(columns: readonly string[], cells: readonly string[]): Row {
  return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
}

/** Key and value of each line of `show map`. */
export function parseMap(answer: string): readonly (readonly [string, string])[] {
  const rows = answer.split('\n').map((line) => line.trim().split(' '));
  return rows.flatMap(([, key, value]) => (key !== undefined && value !== undefined ? [[key, value] as const] : []));
}

export type ServerLine = {
  readonly pool: string;
  readonly index: number;
  readonly address: string;
  readonly maintenance: boolean;
  readonly draining: boolean;
};

/** The lines of `show servers state`; admin state is a bit field (management guide, 9.3): 1, 2, 4, 32 are maintenance, 8, 16 drain. */
export function parseServers(answer: string): readonly ServerLine[] {
  return answer.split('\n').flatMap((line) => {
    const cells = line.split(' ');
    const [, pool, , name, ip, , admin] = cells;
    if (pool === undefined || name === undefined || !/^s\d+$/.test(name)) return [];
    const flags = Number(admin);
    const address = `${ip}:${cells[18]}`;
    return [{ pool, index: Number(name.slice(1)), address, maintenance: (flags & 0x23) !== 0, draining: (flags & 0x18) !== 0 }];
  });
}
