import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { changeOf } from '../../../domain/changes/for-tests.ts';
import { BelugaError } from '../../../errors.ts';
import { createPost } from '../../http/fetch/post.ts';
import { itsmContract } from '../itsm.contract.ts';
import { startServiceNow, template } from './server-for-tests.ts';
import { createServiceNow } from './servicenow.ts';

const names: Readonly<Record<string, string>> = {
  '-5': 'new',
  '-2': 'scheduled',
  '-1': 'implementing',
  '0': 'reviewing',
  '3': 'closed',
  '4': 'cancelled',
};
const left = { before: 0, after: 0 };
const next = (kind: 'before' | 'after'): boolean => {
  if (left[kind] === 0) return false;
  left[kind] -= 1;
  return true;
};
let twice = false;
const server = await startServiceNow({ fails: () => next('before'), forgets: () => next('after'), doubles: () => twice });
after(() => server.close());
const options = { url: server.url, user: 'beluga', password: 'secret', standardTemplate: template, post: createPost(2_000) };
const itsm = createServiceNow(options);
const records = (change: string) =>
  [...server.rows.values()].filter((row) => row['correlation_id'] === change).map((row) => names[row['state'] ?? ''] ?? '');

describe('ServiceNow', () => {
  itsmContract(() => ({
    ...{ itsm, records },
    fail: (kind, times) => {
      left[kind] = times;
    },
  }));

  it('never does what its published API refuses, and fills in the fields that people look into', () => {
    assert.deepEqual(server.breaches, []);
    const row = [...server.rows.values()].find((one) => one['correlation_id'] === 'chg-standard');
    assert.equal(row?.['short_description'], 'web 2.0.0 to prod');
    assert.equal(row?.['close_code'], 'successful');
    assert.match(row?.['backout_plan'] ?? '', /web@1.0.0 is verified in prod/);
  });

  it('keeps one record when the tool made it twice', async () => {
    twice = true;
    await itsm.put(changeOf({ id: 'chg-twice' }), null);
    twice = false;
    assert.deepEqual(records('chg-twice'), ['scheduled']);
  });

  it('waits for credentials to be mended, and never repeats them', async () => {
    const wrong = createServiceNow({ ...options, password: 'hunter2' });
    await assert.rejects(wrong.put(changeOf(), null), (error) => {
      assert.ok(error instanceof BelugaError && error.retry);
      assert.doesNotMatch(error.message, /hunter2/);
      return /answered 401/.test(error.message);
    });
  });
});
