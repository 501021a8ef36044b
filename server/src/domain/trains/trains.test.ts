import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type ComingTrain, threatsOf } from './coming.ts';
import { brokenIn, newlyBroken, type Party, sentenceOf, withReleases } from './contract.ts';
import { anyParty, compatibleSet, party, setOf } from './for-tests.ts';
import { brokenBetween, ordered } from './plan.ts';
import { returnOf } from './return.ts';
import { disorderIn } from './train.ts';

describe('contracts between components', () => {
  it('names who requires what, and who provides what instead', () => {
    const set = setOf(party('api', '3.0.0'), party('web', '1.4.0', { api: '^2.1' }), party('relance', '1.0.0', { clients: '^1' }));
    assert.deepEqual(brokenIn(set).map(sentenceOf), [
      'web@1.4.0 requires api ^2.1 of api, and api@3.0.0 provides 3.0.0',
      'relance@1.0.0 requires clients ^1 of clients, which is not there',
    ]);
  });

  it('are met by a component that provides the former version beside the new one', () => {
    assert.deepEqual(brokenIn(setOf(party('api', '3.0.0', {}, ['2.9.0', '3.0.0']), party('web', '1.4.0', { api: '^2.1' }))), []);
  });

  it('are not met by another contract of the same component', () => {
    const web: Party = { ...party('web', '1.0.0'), requires: [{ component: 'api', contract: 'tarifs', range: '*' }] };
    assert.deepEqual(brokenIn(setOf(party('api', '3.0.0'), web)).map(sentenceOf), [
      'web@1.0.0 requires tarifs * of api, and api@3.0.0 does not provide it',
    ]);
  });

  it('blame nobody for what was broken before', () => {
    const before = setOf(party('web', '1.0.0', { api: '^2' }));
    assert.deepEqual(newlyBroken(before, withReleases(before, [party('web', '1.0.1', { api: '^2' })])), []);
  });
});

describe('the order of a train', () => {
  it('takes first what others depend on, and names a cycle', () => {
    const members = [party('web', '2.0.0', { api: '^2' }), party('api', '2.0.0', { base: '^1' }), party('journal', '1.0.0')];
    assert.deepEqual(ordered(members), { kind: 'waves', waves: [['api', 'journal'], ['web']] });
    const round = [party('a', '1.0.0', { c: '*' }), party('b', '1.0.0', { a: '*' }), party('c', '1.0.0', { b: '*' })];
    assert.deepEqual(ordered([...round, party('d', '1.0.0', { a: '*' })]), { kind: 'cycle', cycle: ['a', 'c', 'b', 'a'] });
  });

  it('puts every release after all it depends on, each exactly once', () => {
    fc.assert(
      fc.property(fc.array(anyParty, { maxLength: 20 }), (parties) => {
        const members = [...setOf(...parties).values()];
        const plan = ordered(members);
        assert.equal(plan.kind, 'waves');
        if (plan.kind !== 'waves') return;
        assert.deepEqual(plan.waves.flat().sort(), members.map(({ component }) => component).sort());
        const waveOf = (name: string) => plan.waves.findIndex((wave) => wave.includes(name));
        for (const { component, dependsOn } of members) {
          for (const name of dependsOn) assert.ok(waveOf(name) === -1 || waveOf(name) < waveOf(component));
        }
      }),
    );
  });

  it('names a cycle that is one, whatever depends on whatever', () => {
    const graph = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e')));
    fc.assert(
      fc.property(graph, (edges) => {
        const members = Object.entries(edges).map(([name, needs]) =>
          party(name, '1.0.0', Object.fromEntries(needs.map((need) => [need, '*']))),
        );
        const plan = ordered(members);
        if (plan.kind === 'waves') return;
        assert.ok(plan.cycle.length >= 2);
        assert.equal(plan.cycle[0], plan.cycle.at(-1));
        for (const [index, name] of plan.cycle.slice(0, -1).entries()) assert.ok(edges[name]?.includes(plan.cycle[index + 1] as never));
      }),
    );
  });

  it('shows what lacks something between two waves, unless the former version is provided beside the new one', () => {
    const before = setOf(party('api', '2.0.0'), party('web', '1.0.0', { api: '^2' }));
    const web = party('web', '2.0.0', { api: '^3' });
    const waves = [['api'], ['web']];
    const hard = brokenBetween(before, [party('api', '3.0.0'), web], waves);
    assert.deepEqual(
      hard.map(({ wave, broken }) => [wave, broken.map(({ component }) => component)]),
      [[1, ['web']]],
    );
    assert.deepEqual(brokenBetween(before, [party('api', '3.0.0', {}, ['2.5.0', '3.0.0']), web], waves), []);
  });
});

describe('two clocks', () => {
  const april: ComingTrain = {
    name: 'avril',
    departsAt: '2027-04-10T06:00:00Z',
    members: [party('api', '3.0.0'), party('portail', '2.0.0', { api: '^3' })],
  };

  it('see an installation that is right today and wrong when the train comes', () => {
    const current = setOf(party('api', '2.3.0'), party('web', '1.0.0', { api: '>=2' }));
    const [threat] = threatsOf(party('web', '1.1.0', { api: '^2' }), current, [april]);
    assert.deepEqual(threat?.broken.map(sentenceOf), ['web@1.1.0 requires api ^2 of api, and api@3.0.0 provides 3.0.0']);
    assert.deepEqual([threat?.train, threat?.departsAt], ['avril', '2027-04-10T06:00:00Z']);
    assert.deepEqual(threatsOf(party('web', '1.1.0', { api: '>=2.3' }), current, [april]), []);
  });

  it('see an installation that takes away what a release of the train requires', () => {
    const train = { ...april, members: [party('portail', '2.0.0', { clients: '^1' })] };
    const [threat] = threatsOf(party('clients', '2.0.0'), setOf(party('clients', '1.0.0')), [train]);
    assert.deepEqual(threat?.broken.map(sentenceOf), ['portail@2.0.0 requires clients ^1 of clients, and clients@2.0.0 provides 2.0.0']);
  });

  it('let every train arrive in a compatible set, whatever is installed before it', () => {
    fc.assert(
      fc.property(compatibleSet, fc.array(anyParty, { maxLength: 6 }), fc.array(anyParty, { maxLength: 20 }), (start, train, daily) => {
        const coming = [{ name: 'avril', departsAt: '2027-04-10T06:00:00Z', members: [...setOf(...train).values()] }];
        const arrival = (set: typeof start) => brokenIn(withReleases(set, coming[0]?.members ?? []));
        fc.pre(arrival(start).length === 0);
        let set = start;
        for (const release of daily) {
          const next = withReleases(set, [release]);
          if (newlyBroken(set, next).length === 0 && threatsOf(release, set, coming).length === 0) set = next;
        }
        assert.deepEqual(brokenIn(set), []);
        assert.deepEqual(arrival(set), []);
      }),
    );
  });
});

describe('the way back of a train', () => {
  it('takes along what came since and cannot live without it, and leaves the rest alone', () => {
    const before = setOf(party('api', '2.0.0'), party('web', '1.0.0', { api: '^2' }), party('journal', '1.0.0'));
    const current = setOf(party('api', '3.0.0'), party('web', '1.1.0', { api: '^3' }), party('journal', '1.1.0'));
    assert.deepEqual(returnOf(before, current, ['api']), { releases: [before.get('api'), before.get('web')], left: [] });
  });

  it('names what has nothing to go back to', () => {
    const before = setOf(party('api', '2.0.0'));
    const current = setOf(party('api', '3.0.0'), party('nouveau', '1.0.0', { api: '^3' }));
    const { left } = returnOf(before, current, ['api']);
    assert.deepEqual(left.map(sentenceOf), ['nouveau@1.0.0 requires api ^3 of api, and api@2.0.0 provides 2.0.0']);
  });

  it('leaves a compatible set, whatever was installed since, where everything was there before', () => {
    fc.assert(
      fc.property(compatibleSet, fc.array(anyParty, { maxLength: 6 }), fc.array(anyParty, { maxLength: 20 }), (before, train, daily) => {
        const known = (parties: readonly Party[]) => parties.filter(({ component }) => before.has(component));
        const members = [...setOf(...known(train)).values()];
        let current = withReleases(before, members);
        for (const release of known(daily)) {
          const next = withReleases(current, [release]);
          if (newlyBroken(current, next).length === 0) current = next;
        }
        const { releases, left } = returnOf(
          before,
          current,
          members.map(({ component }) => component),
        );
        const after = withReleases(current, releases);
        assert.deepEqual(left, []);
        assert.deepEqual(brokenIn(after), []);
        for (const { component } of members) assert.equal(after.get(component)?.digest, before.get(component)?.digest);
      }),
    );
  });
});

describe('the dates of a train', () => {
  it('come one after another', () => {
    const dates = {
      opensAt: '2027-01-04T08:00:00Z',
      locksAt: '2027-03-26T17:00:00Z',
      rehearsalAt: '2027-04-03T06:00:00Z',
      departsAt: '2027-04-10T06:00:00Z',
    };
    assert.equal(disorderIn(dates), null);
    assert.deepEqual(disorderIn({ ...dates, locksAt: '2027-04-05T17:00:00Z' }), { date: 'rehearsalAt', after: 'locksAt' });
  });
});
