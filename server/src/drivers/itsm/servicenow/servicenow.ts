/**
 * ServiceNow's Change Management API (`/api/sn_chg_rest/v1/change`), spoken so that every change has exactly one record.
 *
 * ServiceNow refuses no second record with the same `correlation_id`, and a call that timed out may have been carried out. So each call
 * looks first what is there, makes a record only where there is none, and removes what came twice.
 */

import type { Change } from '../../../domain/changes/change.ts';
import { type Answer, expectSuccess, type Post } from '../../../domain/deliveries/delivery.ts';
import { BelugaError } from '../../../errors.ts';
import type { Itsm } from '../itsm.ts';
import { fieldsOf, stepsTo } from './record.ts';

export type ServiceNowOptions = {
  /** `https://company.service-now.com`. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** The sys_id of the template that standard changes are made from. */
  readonly standardTemplate: string;
  readonly post: Post;
};

/** What changes nothing when it is repeated is tried so often before the whole delivery is. */
const tries = 3;

type Found = { readonly id: string; readonly number: string; readonly state: number };

export function createServiceNow(options: ServiceNowOptions): Itsm {
  const root = `${options.url.replace(/\/+$/, '')}/api/sn_chg_rest/v1/change`;
  const authorization = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`;
  const headers = { accept: 'application/json', 'content-type': 'application/json', authorization };
  const call = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Answer> => {
    const request = { method, url: root + path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    return again(method === 'GET' || method === 'PATCH' ? tries : 1, async () => {
      const answer = await options.post(request);
      expectSuccess('ServiceNow', answer);
      return answer;
    });
  };
  const look = async (change: Change): Promise<readonly Found[]> => {
    const query = encodeURIComponent(`correlation_id=${change.id}^ORDERBYsys_created_on^ORDERBYsys_id`);
    return foundIn(await call('GET', `?sysparm_query=${query}`));
  };
  return {
    async put(change) {
      if ((await look(change)).length === 0) {
        const path = change.kind === 'standard' ? `/standard/${encodeURIComponent(options.standardTemplate)}` : `/${change.kind}`;
        await call('POST', path, fieldsOf(change));
      }
      const [record, ...twins] = await look(change);
      if (record === undefined)
        throw new BelugaError('delivery-failed', { target: 'ServiceNow', problem: 'it does not show the record it made' });
      for (const twin of twins) await call('DELETE', `/${twin.id}`);
      for (const step of stepsTo(change, record.state)) await call('PATCH', `/${record.id}`, step);
      return record.number;
    },
  };
}

async function again<T>(left: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (left <= 1 || !(error instanceof BelugaError) || !error.retry) throw error;
    return again(left - 1, work);
  }
}

/** Every field comes as `{ value, display_value }`. */
type Field = { readonly value?: unknown };
type Row = Readonly<Record<string, Field | undefined>>;

function foundIn({ text }: Answer): readonly Found[] {
  const { result } = parsed(text) as { readonly result?: readonly Row[] };
  if (!Array.isArray(result))
    throw new BelugaError('delivery-failed', { target: 'ServiceNow', problem: 'its answer is no list of changes' });
  return (result as readonly Row[]).map((row) => ({
    id: valueOf(row['sys_id']),
    number: valueOf(row['number']),
    state: Number(valueOf(row['state'])),
  }));
}

function valueOf(field: Field | undefined): string {
  return typeof field?.value === 'string' || typeof field?.value === 'number' ? String(field.value) : '';
}

function parsed(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    throw new BelugaError('delivery-failed', { target: 'ServiceNow', problem: 'its answer is not JSON' });
  }
}
