import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { serverStates } from './server-state.ts';
import { parseStat } from './socket.ts';
import type { Slot } from './state.ts';

const columns = ['svname', 'scur', 'status', 'check_status', 'check_code', 'last_chk', 'addr'];

function said(...rows: readonly Readonly<Record<string, string>>[]): string {
  const lines = rows.map((row) => columns.map((column) => quoted(row[column] ?? '')).join(','));
  return `# ${columns.join(',')}\n${lines.join('\n')}\n\n`;
}

function quoted(cell: string): string {
  return /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function statesOf(answer: string, slots: readonly Slot[]) {
  const pool = { name: 'b001', place: 'web.prod', port: null, slots };
  return serverStates({ pool, rows: parseStat(answer), trial: [], canary: undefined, ready: () => true });
}

const serving: Slot = { index: 1, address: '10.0.0.2:8080', traffic: 'serving' };

test('an instance whose last request broke still has its traffic: what HAProxy saw of it has a comma', () => {
  const saw = 'Detected 1 consecutive errors, last one was: L4 unsuccessful connection';
  const answer = said({ svname: 's1', scur: '3', status: 'DOWN', check_status: 'HANA', last_chk: saw, addr: serving.address });
  const state = statesOf(answer, [serving]).get(serving.address);
  assert.deepEqual([state?.traffic, state?.up, state?.current], ['serving', false, 3]);
});

test('an instance that drains and dies still drains, though HAProxy only says that it is down', () => {
  const answer = said({ svname: 's1', scur: '0', status: 'DOWN', check_status: 'L4CON', addr: serving.address });
  assert.equal(statesOf(answer, [{ ...serving, traffic: 'drain' }]).get(serving.address)?.traffic, 'drain');
});

test('an instance that somebody drained by hand drains, whatever was recorded', () => {
  const answer = said({ svname: 's1', scur: '0', status: 'DRAIN', check_status: 'L4OK', addr: serving.address });
  assert.equal(statesOf(answer, [serving]).get(serving.address)?.traffic, 'drain');
});

test('every row of HAProxy is read as it was written, whatever its texts', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', ' ', ',', '"', '*') });
  const row = fc.record(
    { ...Object.fromEntries(columns.map((column) => [column, text])), addr: fc.constant(serving.address) },
    { noNullPrototype: true },
  );
  fc.assert(fc.property(fc.array(row, { minLength: 1 }), (rows) => assert.deepEqual(parseStat(said(...rows)), rows)));
});
