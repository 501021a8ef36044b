import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { CommitMessage } from '../commit.ts';

import { workloadOf } from '../workload.ts';
import { blastRadius, conflictsOf, type Node } from './blast-radius.ts';
import { type ChangeState, changeTransitions, endOf, roadTo } from './change.ts';
import { configurationDelta } from './configuration.ts';
import { readCommit, ticketsIn } from './conventional-commit.ts';
import { type Delta, deltaOf } from './delta.ts';
import { specOf } from './for-tests.ts';
import { conditionsOf, kindOf } from './kind.ts';
import { packageDelta } from './packages.ts';
import { riskOf } from './risk.ts';
import { rollbackPlan } from './rollback.ts';

const hash = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const message = (subject: string, body: string | null = null): CommitMessage => ({
  ...{ id: hash(subject).slice(7, 47), subject, body, author: 'Léa', at: '2026-03-02T09:00:00.000Z' },
});
const emptyDelta: Delta = {
  ...{ direction: 'forward', commits: [], tickets: [], layers: [], configuration: [] },
  vulnerabilities: { scanned: true, added: [], removed: [] },
};

describe('the states of a change', () => {
  const states = Object.keys(changeTransitions) as ChangeState[];

  it('end in closed or cancelled and nowhere else, and an end can be reached whatever road was taken', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 12 }), (choices) => {
        let state: ChangeState = 'new';
        for (const choice of choices) {
          const next: readonly ChangeState[] = changeTransitions[state];
          state = next[choice % Math.max(1, next.length)] ?? state;
        }
        const ended = state === 'closed' || state === 'cancelled';
        assert.equal(changeTransitions[state].length === 0, ended);
        if (!ended) assert.equal(roadTo(state, 'closed').at(-1), 'closed');
      }),
    );
  });
  it('are reached one after the other, none skipped', () => {
    assert.deepEqual(roadTo('new', 'scheduled'), ['new', 'assessed', 'authorised', 'scheduled']);
    assert.deepEqual(roadTo('implementing', 'closed'), ['implementing', 'reviewing', 'closed']);
    assert.throws(() => roadTo('closed', 'implementing'), /closed never gets implementing/);
    assert.equal(states.length, 8);
  });
  it('tell how the deployment ended, and cancelled only where nothing was touched', () => {
    assert.deepEqual(endOf('succeeded', true), { state: 'closed', closure: 'successful' });
    assert.deepEqual(endOf('rolled-back', true), { state: 'closed', closure: 'backed-out' });
    assert.deepEqual(endOf('failed', true), { state: 'closed', closure: 'unsuccessful' });
    assert.deepEqual(endOf('cancelled', false), { state: 'cancelled', closure: null });
    assert.deepEqual(endOf('refused', true), { state: 'closed', closure: 'backed-out' });
  });
});

describe('the kind of a change', () => {
  const release = { component: 'web', version: '2.0.0', spec: specOf('web') };
  const former = { component: 'web', version: '1.0.0' };
  const rollback = rollbackPlan({ environment: 'prod', former, held: true, verifiedHere: true, rehearsedIn: null, steps: ['Start.'] });
  const risk = riskOf({
    criticality: 'critical',
    formerVersion: '1.0.0',
    delta: emptyDelta,
    neighbours: [],
    recent: { failed: 0, all: 10 },
  });
  const facts = { incident: null, release, environment: 'prod', below: 'preprod', verifiedBelow: true, rollback, risk };

  it('is standard when it is verified below, fit for the daytime, has a proven way back and a low risk', () => {
    assert.equal(kindOf(null, conditionsOf(facts)), 'standard');
  });
  it('is normal as soon as one of them is missing, and says which', () => {
    const one = specOf('web', { run: { replicas: { min: 1, max: 1 } } });
    const cases = [
      [{ verifiedBelow: false }, /web@2.0.0 is not verified in preprod/],
      [{ release: { ...release, spec: one } }, /lacks a second replica/],
      [
        { rollback: rollbackPlan({ environment: 'prod', former, held: false, verifiedHere: true, rehearsedIn: null, steps: [] }) },
        /does not hold/,
      ],
      [{ risk: { ...risk, level: 'medium' as const } }, /risk is medium/],
    ] as const;
    for (const [change, sentence] of cases) {
      const conditions = conditionsOf({ ...facts, ...change });
      assert.equal(kindOf(null, conditions), 'normal');
      assert.match(
        conditions
          .filter(({ met }) => !met)
          .map(({ reason }) => reason)
          .join(' '),
        sentence,
      );
    }
  });
  it('is emergency when it mends an incident', () => {
    assert.equal(kindOf('INC-7', conditionsOf(facts)), 'emergency');
  });
  it('is never standard for what was never installed there', () => {
    const first = rollbackPlan({ environment: 'prod', former: null, held: false, verifiedHere: false, rehearsedIn: null, steps: [] });
    assert.equal(kindOf(null, conditionsOf({ ...facts, rollback: first })), 'normal');
  });
});

describe('the computed risk', () => {
  it('is higher, with its reasons, the more there is to fear', () => {
    const delta: Delta = {
      ...emptyDelta,
      commits: [readCommit(message('feat!: another address'))],
      configuration: [{ name: 'password', origin: 'secret', change: 'changed', before: null, after: null }],
      vulnerabilities: { scanned: true, added: [{ id: 'CVE-2026-1', severity: 'critical', package: 'openssl' }], removed: [] },
    };
    const risk = riskOf({ criticality: 'high', formerVersion: '1.0.0', delta, neighbours: [], recent: { failed: 1, all: 4 } });
    assert.equal(risk.level, 'high');
    assert.deepEqual(
      risk.reasons.map(({ reason }) => reason),
      [
        'it is of high criticality',
        'its secrets change',
        'it brings 1 critical or high vulnerability',
        'a commit says that it breaks something',
        '1 of its last 4 installations did not succeed',
      ],
    );
    assert.equal(
      risk.points,
      risk.reasons.reduce((sum, { points }) => sum + points, 0),
    );
  });
  it('of a first installation counts that it is one, and not that everything is new', () => {
    const delta: Delta = {
      ...emptyDelta,
      configuration: [{ name: 'password', origin: 'secret', change: 'added', before: null, after: null }],
      layers: [{ storey: 'vendor', added: 1, removed: 0, addedBytes: 1 }],
    };
    const { reasons } = riskOf({ criticality: 'medium', formerVersion: null, delta, neighbours: [], recent: { failed: 0, all: 0 } });
    assert.deepEqual(
      reasons.map(({ reason }) => reason),
      ['it was never installed here'],
    );
  });
});

describe('the blast radius', () => {
  const node = (component: string, dependsOn: readonly string[]): Node => ({
    component,
    system: 'contrats',
    criticality: 'medium',
    dependsOn,
  });
  const nodes = [
    node('db-api', []),
    node('contrats-api', ['db-api']),
    node('web', ['contrats-api']),
    node('mobile', ['contrats-api']),
    node('alone', []),
  ];

  it('is everything that depends on it, near and far', () => {
    assert.deepEqual(
      blastRadius('db-api', nodes).map(({ component, distance }) => `${component} ${distance}`),
      ['contrats-api 1', 'mobile 2', 'web 2'],
    );
    assert.deepEqual(blastRadius('web', nodes), []);
  });
  it('conflicts with the open changes above and below, and with nothing else', () => {
    const open = ['web', 'db-api', 'alone', 'contrats-api'].map((component) => ({ id: `chg-${component}`, component, version: '2' }));
    assert.deepEqual(
      conflictsOf('contrats-api', ['db-api'], nodes, open).map(({ change, relation }) => `${change}: ${relation}`),
      ['chg-web: it depends on contrats-api', 'chg-db-api: contrats-api depends on it'],
    );
  });
  it('ends for any graph, circles too, and never holds the component itself', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const graph = fc.array(fc.tuple(fc.constantFrom(...names), fc.array(fc.constantFrom(...names))), { maxLength: 5 });
    fc.assert(
      fc.property(graph, (edges) => {
        const found = blastRadius(
          'a',
          [...new Map(edges)].map(([name, needed]) => node(name, needed)),
        );
        assert.ok(found.every(({ component }) => component !== 'a'));
        assert.equal(new Set(found.map(({ component }) => component)).size, found.length);
      }),
    );
  });
});

describe('a commit message', () => {
  it('is read as a conventional commit with its tickets', () => {
    const read = readCommit(
      message('feat(souscription)!: sign online, CTR-1412', 'Refs: CTR-1399\nCloses #12, #13\n\nBREAKING CHANGE: the form moved'),
    );
    assert.deepEqual(
      [read.topic, read.scope, read.title, read.breaking, read.tickets],
      ['feature', 'souscription', 'sign online, CTR-1412', true, ['CTR-1412', 'CTR-1399', '#12', '#13']],
    );
  });
  it('that follows no convention is shown as it is', () => {
    const { topic, title, breaking } = readCommit(message('Merge branch main'));
    assert.deepEqual([topic, title, breaking], ['other', 'Merge branch main', false]);
  });
  it('is not taken for a ticket by UTF-8, SHA-256 or a part of a word', () => {
    assert.deepEqual(ticketsIn('Write UTF-8 and SHA-256, not x-ABC-12-y; fixes #4; color #5'), ['#4']);
  });
});

describe('a configuration delta', () => {
  const workload = (env: Record<string, string>, secrets: readonly { name: string; ref: string }[] = []) =>
    workloadOf(
      {
        ...{ component: 'web', version: '1', digest: hash('web'), image: 'r/web@sha256:0', layers: [], commit: null },
        spec: { ...specOf('web'), config: { env, files: [{ path: '/etc/app.conf', content: JSON.stringify(env) }], secrets } },
      },
      'prod',
      hash,
    );

  it('shows what changed, and hides whatever is or may be secret', () => {
    const before = workload({ COLOUR: 'blue', DB_PASSWORD: 'hunter2', URL: 'http://u:pw@db/x', GONE: '1' }, [
      { name: 'key', ref: 'env:OLD' },
    ]);
    const after = workload({ COLOUR: 'red', DB_PASSWORD: 'hunter3', URL: 'http://u:pw2@db/x' }, [{ name: 'key', ref: 'env:NEW' }]);
    const delta = configurationDelta(before, after);
    assert.deepEqual(
      delta.map(({ name, change, before: old, after: now }) => [name, change, old, now]),
      [
        ['/etc/app.conf', 'changed', null, null],
        ['key', 'changed', null, null],
        ['COLOUR', 'changed', 'blue', 'red'],
        ['DB_PASSWORD', 'changed', null, null],
        ['GONE', 'removed', '1', null],
        ['URL', 'changed', 'http://***@db/x', 'http://***@db/x'],
      ],
    );
  });
  it('never holds the value of a variable whose name speaks of a secret', () => {
    const name = fc.constantFrom(
      'DB_PASSWORD',
      'apiToken',
      'CLIENT_SECRET',
      'PRIVATE_PEM',
      'SMTP_PASS',
      'AWS_ACCESS_KEY_ID',
      'SIGNING_KEY',
    );
    fc.assert(
      fc.property(name, fc.string({ minLength: 8 }), (variable, value) => {
        fc.pre(value.trim().length > 3);
        const delta = configurationDelta(workload({}), workload({ [variable]: value }));
        assert.ok(delta.every(({ after, origin }) => origin !== 'variable' || after === null));
      }),
    );
  });
});

describe('what changes between two releases', () => {
  const release = (version: string, createdAt: string, layers: readonly string[]) => ({
    ...{ component: 'web', version, digest: hash(version), image: `r/web@${hash(version)}`, commit: null, spec: specOf('web'), createdAt },
    layers: layers.map((name) => ({
      digest: hash(name),
      sizeBytes: 1000,
      storey: name.startsWith('s') ? ('socle' as const) : ('application' as const),
    })),
  });
  const scan = (ids: readonly string[]) => [
    {
      ...{ id: 'e', releaseDigest: '', kind: 'scan' as const, outcome: 'passed' as const, summary: '', digest: null, expiresAt: null },
      ...{ recordedBy: 'ci', recordedAt: '2026-01-01T00:00:00Z' },
      findings: ids.map((id) => ({ id, severity: 'high' as const, package: 'zlib', storey: null })),
    },
  ];
  const older = release('1', '2026-01-01T00:00:00Z', ['s1', 'a1']);
  const newer = release('2', '2026-02-01T00:00:00Z', ['s1', 'a2']);
  const common = { environment: 'prod', hash, formerEvidence: scan(['CVE-1']), evidence: scan(['CVE-2']) };

  it('tells commits once, tickets, layers and vulnerabilities', () => {
    const twice = message('fix: CTR-9 a leak');
    const delta = deltaOf({ ...common, former: older, release: newer, commits: [twice, twice], packages: null });
    assert.deepEqual([delta.commits.length, delta.tickets, delta.direction], [1, ['CTR-9'], 'forward']);
    assert.deepEqual(delta.layers, [{ storey: 'application', added: 1, removed: 1, addedBytes: 1000 }]);
    assert.deepEqual([delta.vulnerabilities.added[0]?.id, delta.vulnerabilities.removed[0]?.id], ['CVE-2', 'CVE-1']);
  });
  it('tells packages that came, went and changed their version, and counts what it does not list', () => {
    const named = (base: string, version: string) => ({ base, version });
    const differing = {
      removed: [named('pkg:npm/a', '1'), named('pkg:npm/b', '1')],
      added: [named('pkg:npm/b', '3'), named('pkg:npm/b', '2'), named('pkg:npm/c', '1')],
    };
    assert.deepEqual(packageDelta(differing).changes, [
      { package: 'pkg:npm/a', before: '1', after: null },
      { package: 'pkg:npm/b', before: '1', after: '2, 3' },
      { package: 'pkg:npm/c', before: null, after: '1' },
    ]);
    const many = packageDelta({ removed: [], added: Array.from({ length: 500 }, (_, index) => named(`pkg:npm/${index}`, '1')) });
    assert.deepEqual([many.known, many.count, many.changes.length, packageDelta(null).known], [true, 500, 200, false]);
  });
  it('knows a way back', () => {
    assert.equal(deltaOf({ ...common, former: newer, release: older, commits: [], packages: null }).direction, 'back');
  });
});
