import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PlatformError, platformOf, readPlatform } from './platform.ts';

const head = 'apiVersion: beluga/v1\nkind: Platform\n';
const freeze = (text: string) => `${head}calendar:\n  freezes:\n    - ${text.split('\n').join('\n      ')}\n`;

function sentencesFor(text: string): readonly string[] {
  try {
    readPlatform(text, 'platform.yaml');
    return [];
  } catch (error) {
    assert.ok(error instanceof PlatformError, String(error));
    return error.message.split('\n');
  }
}

test('without a file the stages are dev, int, re7, preprod and prod, and only the last one asks for more than their order', () => {
  const { environments, calendar } = platformOf(null);
  assert.deepEqual(
    environments.map(({ name }) => name),
    ['dev', 'int', 're7', 'preprod', 'prod'],
  );
  const asking = environments.filter(({ gates }) => gates.dependencies || gates.zeroDowntime !== 'never' || gates.change);
  assert.deepEqual(
    asking.map(({ name }) => name),
    ['prod'],
  );
  assert.ok(environments.every(({ gates }) => gates.evidence.length === 0 && gates.soak === null && gates.approvals === 0));
  assert.deepEqual(calendar, { timeZone: 'Europe/Paris', holidays: 'france', windows: [], freezes: [] });
});

test('what is written replaces the default, key by key', () => {
  const text = `${head}environments:\n  - name: test\n  - name: live\n    gates: { soak: { for: 24h, requests: 1000 }, evidence: [tests], vulnerabilities: { critical: 0 } }\n`;
  const [, live] = platformOf(readPlatform(text, 'platform.yaml')).environments;
  assert.deepEqual(live?.gates.soak, { forMs: 86_400_000, requests: 1000, jobRuns: 0, protected: false });
  assert.deepEqual(live?.gates.vulnerabilities, { critical: 0, high: null, medium: null, low: null });
  assert.equal(live?.gates.zeroDowntime, 'medium');
});

test('a normal change asks for one approval, wherever there is a change and more than one person', () => {
  const approvalsOf = (environments: string) =>
    platformOf(readPlatform(`${head}environments:\n${environments}`, 'platform.yaml')).environments.map(({ gates }) => gates.approvals);
  assert.deepEqual(approvalsOf('  - name: a\n  - name: b\n'), [0, 1]);
  assert.deepEqual(approvalsOf('  - name: a\n    gates: { change: true }\n  - name: b\n    gates: { approvals: 2 }\n'), [1, 2]);
  assert.deepEqual(approvalsOf('  - name: a\n  - name: b\n    gates: { change: false }\n'), [0, 0]);
});

test('the length of a freeze is counted on the wall clock', () => {
  const platform = platformOf(readPlatform(freeze('name: summer\nstart: 2026-03-28T12:00\nfor: 1d'), 'platform.yaml'));
  assert.equal(platform.calendar.freezes[0]?.end, '2026-03-29T12:00:00');
  assert.deepEqual(platform.calendar.freezes[0]?.environments, ['prod']);
});

const wrong: Readonly<Record<string, readonly [text: string, ...sentences: string[]]>> = {
  'a mistyped key': [`${head}calender: {}\n`, 'platform.yaml:3:1: unknown key "calender" at the top; did you mean "calendar"?'],
  'a mistyped gate': [
    `${head}environments:\n  - name: prod\n    gates: { evidense: [tests] }\n`,
    'platform.yaml:5:14: unknown key "evidense" in environments[0].gates; did you mean "evidence"?',
  ],
  'an unknown kind of evidence': [
    `${head}environments:\n  - name: a\n  - name: b\n    gates: { evidence: [testz] }\n`,
    'platform.yaml:6:25: environments[1].gates.evidence[0] is "testz"; did you mean tests?',
  ],
  'two environments of one name': [
    `${head}environments:\n  - name: a\n  - name: a\n`,
    'platform.yaml:5:11: a stands twice in environments; remove one of them.',
  ],
  'a soak before the first environment': [
    `${head}environments:\n  - name: a\n    gates: { soak: { for: 1h } }\n`,
    'platform.yaml:5:14: environments[0].gates.soak asks for time in the environment before, and there is none; move it to a later environment.',
  ],
  'an environment that is not there': [
    freeze('name: x\nenvironments: [production]\nstart: 2026-01-01\nfor: 1d'),
    'platform.yaml:6:22: calendar.freezes[0].environments[0] names no environment: production; use dev, int, re7, preprod, prod.',
  ],
  'a day that is not in the calendar': [
    freeze('name: x\nstart: 2026-02-30\nfor: 1d'),
    'platform.yaml:6:14: calendar.freezes[0].start is no time that exists: 2026-02-30; write a local time such as 2026-12-20T18:00.',
  ],
  'a freeze without an end': [
    freeze('name: x\nstart: 2026-02-20'),
    'platform.yaml:5:7: calendar.freezes[0] must say how long it is, once; write either end or for.',
  ],
  'a freeze that ends before it begins': [
    freeze('name: x\nstart: 2026-02-20\nend: 2026-02-19'),
    'platform.yaml:7:12: calendar.freezes[0].end is not after its start: 2026-02-19; choose a later end.',
  ],
  'a zone that is not there': [
    freeze('name: x\nstart: 2026-02-20\nfor: 1d\ntimeZone: Europe/Pariss'),
    'platform.yaml:8:17: calendar.freezes[0].timeZone names no time zone: Europe/Pariss; use an IANA name, such as Europe/Paris.',
  ],
  'a rule that comes back every hour': [
    freeze('name: x\nstart: 2026-02-20\nfor: 1h\nrule: FREQ=HOURLY'),
    'platform.yaml:8:13: calendar.freezes[0].rule comes back more often than daily: FREQ=HOURLY; use FREQ=DAILY or rarer.',
  ],
};

for (const [what, [text, ...sentences]] of Object.entries(wrong)) {
  test(`${what} is refused with its place and what to do`, () => assert.deepEqual(sentencesFor(text), sentences));
}

test('a rule that is none is refused, whatever it is', () => {
  for (const rule of ['FREQ=SOMETIMES', 'FREQ=WEEKLY;BYDAY=XX', 'FREQ=DAILY;COUNT=3;UNTIL=20270101T000000Z', 'FREQ=DAILY;INTERVAL=0']) {
    assert.match(sentencesFor(freeze(`name: x\nstart: 2026-02-20\nfor: 1h\nrule: ${rule}`)).join('\n'), /is no rule of RFC 5545/, rule);
  }
});

test('any text is read or refused with a place, and nothing else is thrown', () => {
  const piece = fc.constantFrom(
    'calendar:',
    '  freezes:',
    '  - name: x',
    ' start: 2026-01-01',
    ' for: 1d',
    ' rule: FREQ=DAILY',
    '{',
    ']',
    '#',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 12 })), { maxLength: 12 }), (pieces) => {
      for (const sentence of sentencesFor(head + pieces.join('\n'))) assert.match(sentence, /^platform\.yaml:\d+:\d+: .+; .+[.?]$/s);
    }),
    { numRuns: 300 },
  );
});
