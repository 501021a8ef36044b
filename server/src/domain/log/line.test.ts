import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readLine } from './line.ts';
import { selector } from './selection.ts';

const cases: readonly (readonly [string, string | null])[] = [
  ['2026-11-25 10:00:00,123 ERROR [main] c.i.ContratController - no contract', 'error'],
  ['2026-11-25 10:00:00.123  WARN 1 --- [nio-8080-exec-1] o.h.engine : slow', 'warn'],
  ['WARNING:root:careful', null],
  ['WARNING careful', 'warn'],
  ['[Nest] 1  - ERROR gone', 'error'],
  ['[error] 12#12: *1 connect() failed', 'error'],
  ['2026/11/25 10:00:00 [warn] 1#1: conflicting server name', 'warn'],
  ['level=debug msg="cache hit"', 'debug'],
  ['time="2026-11-25T10:00:00Z" level=fatal msg="no port"', 'fatal'],
  ['E1125 10:00:00.123456       1 reflector.go:1] failed', 'error'],
  ['npm ERR! code ELIFECYCLE', 'error'],
  ['TypeError: x is not a function', 'error'],
  ['Traceback (most recent call last):', 'error'],
  ['java.lang.IllegalStateException: closed', 'error'],
  ['warn: slow answer', 'warn'],
  ['listening on 8080', null],
  ['the error page was shown', null],
  ['GET /errors/ERRORS 200', null],
  ['', null],
];

test('the level of plain text is found where loggers write it, and nowhere else', () => {
  for (const [text, level] of cases) assert.equal(readLine(text).level, level, text);
});

test('a line that is JSON gives its level, its sentence and its fields', () => {
  const pino = readLine('{"level":50,"time":1,"pid":7,"msg":"no contract","contract":{"id":4}}');
  assert.deepEqual(pino, { level: 'error', message: 'no contract', fields: { pid: 7, contract: { id: 4 } } });
  const ecs = readLine('{"@timestamp":"2026-11-25T10:00:00Z","log.level":"WARN","message":"slow"}');
  assert.deepEqual(ecs, { level: 'warn', message: 'slow', fields: {} });
  assert.deepEqual(readLine('{"severity":"NOTICE","a":1}'), { level: 'info', message: '', fields: { a: 1 } });
  assert.deepEqual(readLine('{broken}').fields, null);
});

test('no line breaks the reader, and a level is always one of the six', () => {
  const levels = new Set(['trace', 'debug', 'info', 'warn', 'error', 'fatal', null]);
  const lines = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.json(),
    fc.string().map((text) => `2026 ${text} ERROR {`),
  );
  fc.assert(fc.property(lines, (text) => levels.has(readLine(text).level)));
  fc.assert(
    fc.property(fc.oneof(fc.double(), fc.string(), fc.boolean()), (level) => levels.has(readLine(JSON.stringify({ level })).level)),
  );
});

test('a stack trace has the level of the line it belongs to; text without a level counts by its stream', () => {
  const wanted = (lines: readonly string[], stream: 'out' | 'err' = 'out') => {
    const reads = selector({ level: 'warn', instances: () => true, finds: () => true });
    return lines.filter((text) => reads({ instance: 'web.dev.g1.0', stream, text }) !== null);
  };
  const trace = ['ERROR it broke', '    at run (app.js:1)', 'Caused by: java.io.IOException', 'INFO goes on', '    detail', 'listening'];
  assert.deepEqual(wanted(trace), trace.slice(0, 3));
  assert.deepEqual(wanted(['could not open /data'], 'err'), ['could not open /data']);
});
