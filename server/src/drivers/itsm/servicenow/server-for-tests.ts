/** A server shaped like ServiceNow's Change Management API, held to what is published of it, which fails in every way it is asked to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Row = Record<string, string>;
export type Faults = {
  /** Answers 503 before it does anything. */
  readonly fails: () => boolean;
  /** Does it, then says nothing. */
  readonly forgets: () => boolean;
  /** Makes a record twice. */
  readonly doubles: () => boolean;
  /** Is not there. */
  readonly away: () => boolean;
};
export type ServiceNowServer = {
  readonly url: string;
  readonly rows: ReadonlyMap<string, Row>;
  readonly calls: () => number;
  /** What a client did that the real one refuses. */
  readonly breaches: readonly string[];
  close(): Promise<void>;
};

export const template = 'b1f5f1d50f50030004cf07ace1050e90';
const none: Faults = { fails: () => false, forgets: () => false, doubles: () => false, away: () => false };
const fields = new Set(
  'correlation_id correlation_display short_description description justification implementation_plan backout_plan risk_impact_analysis reason state work_notes work_start work_end close_code close_notes'.split(
    ' ',
  ),
);
/** From which state to which, by type: the state model. */
const roads: Readonly<Record<string, readonly number[]>> = {
  standard: [-5, -2, -1, 0, 3],
  normal: [-5, -4, -3, -2, -1, 0, 3],
  emergency: [-5, -3, -2, -1, 0, 3],
};

export async function startServiceNow(given: Partial<Faults> = {}): Promise<ServiceNowServer> {
  const faults = { ...none, ...given };
  const rows = new Map<string, Row>();
  const breaches: string[] = [];
  let calls = 0;
  const server = createServer((request, response) => {
    calls += 1;
    void answer(request, response).catch((error: unknown) => {
      breaches.push(String(error));
      response.destroy();
    });
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await textOf(request);
    if (faults.away()) return void request.socket.destroy();
    if (faults.fails()) return say(response, 503, { error: { message: 'Transaction cancelled: maximum execution time exceeded' } });
    if (request.headers.authorization !== `Basic ${Buffer.from('beluga:secret').toString('base64')}`)
      return say(response, 401, { error: { message: 'User Not Authenticated' }, status: 'failure' });
    const [status, result] = handle(request.method ?? '', new URL(request.url ?? '/', 'http://x'), body);
    if (status >= 400) breaches.push(`${request.method} ${request.url}: ${status} ${JSON.stringify(result)}`);
    if (request.method !== 'GET' && faults.forgets()) return void request.socket.destroy();
    say(response, status, status === 204 ? null : result);
  };
  const handle = (method: string, url: URL, body: string): readonly [number, object] => {
    const path = url.pathname.replace(/^\/api\/sn_chg_rest\/v1\/change/, '');
    if (method === 'GET' && path === '') return [200, { result: query(rows, url.searchParams.get('sysparm_query') ?? '').map(shown) }];
    const made = /^\/(normal|emergency|standard)(?:\/([0-9a-f]{32}))?$/.exec(path);
    if (method === 'POST' && made !== null) {
      const [, type = '', given = ''] = made;
      if ((type === 'standard') !== (given === template)) return refusal(404, 'No Standard Change Template found');
      const row = make(rows, type, parsed(body));
      if (faults.doubles()) make(rows, type, parsed(body));
      return [200, { result: { ...shown(row), __meta: { ignoredFields: ignored(body) } } }];
    }
    const id = path.slice(1);
    const row = rows.get(id);
    if (row === undefined) return refusal(404, 'No Record found');
    if (method === 'DELETE') return rows.delete(id) ? [204, {}] : refusal(404, 'No Record found');
    return method === 'PATCH' ? patch(row, parsed(body)) : refusal(405, 'Method not supported');
  };
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${port}`, rows, breaches, calls: () => calls },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

function make(rows: Map<string, Row>, type: string, given: Row): Row {
  const number = rows.size + 1;
  const id = crypto.randomUUID().replaceAll('-', '');
  const kept = Object.fromEntries(Object.entries(given).filter(([name]) => fields.has(name)));
  const row: Row = {
    ...kept,
    sys_id: id,
    number: `CHG${String(30_000 + number).padStart(7, '0')}`,
    type,
    state: '-5',
    sys_created_on: String(number).padStart(9, '0'),
  };
  rows.set(id, row);
  return row;
}

function patch(row: Row, given: Row): readonly [number, object] {
  const { state } = given;
  if (state !== undefined && state !== row['state']) {
    const road = roads[row['type'] ?? ''] ?? [];
    const next = road[road.indexOf(Number(row['state'])) + 1];
    if (Number(state) !== next && !(Number(state) === 4 && Number(row['state']) < 0))
      return refusal(400, `Invalid value for state: cannot go from ${row['state']} to ${state}`);
    if (
      state === '3' &&
      (!/^(successful|successful_issues|unsuccessful)$/.test(given['close_code'] ?? '') || (given['close_notes'] ?? '') === '')
    )
      return refusal(400, 'The following mandatory fields are not filled in: Close code, Close notes');
  }
  Object.assign(row, Object.fromEntries(Object.entries(given).filter(([name]) => fields.has(name))));
  return [200, { result: shown(row) }];
}

function query(rows: ReadonlyMap<string, Row>, text: string): readonly Row[] {
  const [condition = '', ...orders] = text.split('^');
  const [name = '', value = ''] = condition.split('=');
  const keys = orders.map((order) => order.replace(/^ORDERBY/, ''));
  const text2 = (row: Row) => keys.map((key) => row[key] ?? '').join(' ');
  return [...rows.values()].filter((row) => row[name] === value).toSorted((a, b) => (text2(a) < text2(b) ? -1 : 1));
}

function shown(row: Row): Record<string, { value: string | number; display_value: string }> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, { value: name === 'state' ? Number(value) : value, display_value: value }]),
  );
}

function ignored(body: string): readonly string[] {
  return Object.keys(parsed(body)).filter((name) => !fields.has(name));
}

function refusal(status: number, message: string): readonly [number, object] {
  return [status, { error: { message, detail: null }, status: 'failure' }];
}

function parsed(body: string): Row {
  return JSON.parse(body) as Row;
}

function say(response: ServerResponse, status: number, body: object | null): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8' }).end(body === null ? undefined : JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
