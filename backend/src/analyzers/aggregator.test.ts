import fc from 'fast-check';
import { pack, unpack } from 'msgpackr';
import { factsAround } from '../../test/generators/facts.js';
import { nows } from '../../test/generators/instants.js';
import {
  community,
  deactivate,
  idOf,
  joined,
  member,
  mint,
  NOW,
  revoke,
  template,
  transfer,
  update,
} from '../../test/support/madeFacts.js';
import type { Change, Fact } from '../events/fact.js';
import { Aggregator } from './aggregator.js';
import { lastDays } from './calendar.js';
import { copiesOf } from './columns/dump.js';
import { AHEAD } from './foresight.js';

function fold(changes: readonly Change[]): Aggregator {
  const aggregator = new Aggregator();
  for (const change of changes) aggregator.apply([change]);
  return aggregator;
}

const adding = (facts: readonly Fact[]): Change[] => facts.map((fact) => ({ fact, weight: 1 }));

/** Everything that can be read, as text. */
function all(aggregator: Aggregator, now = NOW): string {
  const range = lastDays(45, now);
  return JSON.stringify([
    aggregator.issuance(range, now),
    aggregator.community(range, now),
    aggregator.users(range, now),
    aggregator.distribution(now),
    aggregator.metrics(),
    aggregator.headline(range),
  ]);
}

/** Some as the chain has them (regular ids, whole seconds), some as they are. */
const regular = (fact: Fact): Fact => ({ ...fact, id: idOf(fact.id), atMs: Math.floor(fact.atMs / 1000) * 1000 });
const facts = (now: number): fc.Arbitrary<Fact[]> =>
  fc.tuple(factsAround(now), fc.boolean()).map(([some, asOnChain]) => (asOnChain ? some.map(regular) : some));

/** Each fact joins, and some leave and join again; in any order at all, so that some leave before they joined. */
const changesOf = (some: readonly Fact[]): fc.Arbitrary<Change[]> =>
  fc
    .array(fc.nat(2), { minLength: some.length, maxLength: some.length })
    .map((rounds) =>
      some.flatMap((fact, index): Change[] => [
        { fact, weight: 1 },
        ...Array.from({ length: rounds[index] ?? 0 }, (): Change[] => [
          { fact, weight: -1 },
          { fact, weight: 1 },
        ]).flat(),
      ]),
    )
    .chain((changes) => fc.shuffledSubarray(changes, { minLength: changes.length }));

const cases = nows.chain((now) =>
  facts(now).chain((some) => fc.record({ now: fc.constant(now), some: fc.constant(some), changes: changesOf(some) })),
);

describe('the state of the folds', () => {
  it('is the same to the byte when it was told of changes before they are folded, and when those never came', () => {
    fc.assert(
      fc.property(nows.chain((now) => facts(now)).chain(changesOf), fc.nat(40), (changes, others) => {
        const told = new Aggregator();
        for (const [index, change] of changes.entries()) {
          told.foresee(changes.slice(index + (index % 3), index + AHEAD));
          told.apply([change]);
        }
        told.foresee(adding(Array.from({ length: others }, (_, n) => mint(`never ${n}`, { to: `nobody ${n}` }))));
        expect(copiesOf(told.dump())).toEqual(copiesOf(fold(changes).dump()));
      }),
    );
  });

  it('is that of the facts that are left, whatever the order of changes, removals before additions included', () => {
    fc.assert(
      fc.property(cases, ({ now, some, changes }) => {
        expect(all(fold(changes), now)).toBe(all(fold(adding(some)), now));
      }),
      { numRuns: 300 },
    );
  });

  it('is the same after dump and load at any point, and folding goes on', () => {
    fc.assert(
      fc.property(cases, fc.nat(), ({ now, some, changes }, cut) => {
        const half = cut % (changes.length + 1);
        const before = fold(changes.slice(0, half));
        const after = Aggregator.load(copiesOf(before.dump()));
        expect(all(after, now)).toBe(all(before, now));
        after.apply(changes.slice(half));
        expect(all(after, now)).toBe(all(fold(adding(some)), now));
      }),
      { numRuns: 200 },
    );
  });

  it('is that of nothing when every fact has left', () => {
    fc.assert(
      fc.property(cases, ({ now, some, changes }) => {
        const leaving = some.map((fact): Change => ({ fact, weight: -1 }));
        expect(all(fold([...changes, ...leaving]), now)).toBe(all(new Aggregator(), now));
      }),
    );
  });

  it('brings the next mint forward when the first one of its badge is retracted', () => {
    const first = mint('1', { to: 'ANN', height: 1 });
    const second = mint('1', { to: 'BEN', height: 2 });
    const aggregator = fold(adding([second, first]));
    expect(aggregator.findBadge('1')?.recipient).toBe('ANN');
    aggregator.apply([{ fact: first, weight: -1 }]);
    expect(aggregator.findBadge('1')?.recipient).toBe('BEN');
    aggregator.apply([{ fact: second, weight: -1 }]);
    expect(aggregator.findBadge('1')).toBeUndefined();
  });

  it('refuses a dump of another version or a damaged one', () => {
    const [head = new Uint8Array(), ...columns] = copiesOf(fold(adding([mint('1')])).dump());
    expect(() => Aggregator.load([head, ...columns.slice(0, -1)])).toThrow('cut short');
    expect(() => Aggregator.load([head, ...columns, new Uint8Array()])).toThrow('longer than its contents');
    const [name, byteOrder, , values] = unpack(head) as unknown[];
    expect(() => Aggregator.load([pack([name, byteOrder, 99, values])])).toThrow('has version 99');
    expect(() => Aggregator.load([new Uint8Array(8)])).toThrow('not a state');
  });
});

describe('apply tells what may have changed', () => {
  const ground = [community('1', 'ANN'), mint('known', { by: 'ANN' })];

  it.each([
    ['a mint of an issuer without community', mint('1'), ['distribution', 'issuance', 'users']],
    ['a mint of an owner', mint('1', { by: 'ANN' }), ['community', 'distribution', 'issuance', 'users']],
    ['a second mint of a badge', mint('known', { to: 'BEN' }), []],
    ['a revocation', revoke('known'), ['distribution', 'issuance']],
    ['a revocation of a badge not known', revoke('1'), []],
    ['an update', update('known', 3, 'sport'), ['distribution']],
    ['a template', template('1'), ['distribution', 'issuance']],
    ['a member', member('1', 'BEN'), ['community', 'users']],
    ['a deactivation', deactivate('1'), ['community']],
    ['a transfer', transfer('1', 'BEN'), ['community', 'users']],
    ['a user', joined('BEN'), ['users']],
  ])('for %s', (_, fact, parts) => {
    expect([...fold(adding(ground)).apply(adding([fact]))].sort()).toEqual(parts);
  });

  it('nothing for what no metric reads', () => {
    const fact: Fact = {
      ...{ id: 'a', type: 'issuer_authorized', atMs: NOW, actor: 'X' },
      props: { issuer: 'ANN', authorizedBy: 'X' },
    };
    const aggregator = fold(adding(ground));
    const before = all(aggregator);
    expect([...aggregator.apply(adding([fact]))]).toEqual([]);
    expect(all(aggregator)).toBe(before);
  });
});

describe('headline and core numbers', () => {
  it('hold the range against as many days before, with null where there was nothing', () => {
    const facts = [
      mint('1', { to: 'ANN', at: '2026-02-14' }),
      mint('2', { to: 'ANN', at: '2026-02-13' }),
      mint('3', { to: 'BEN', at: '2026-02-12' }),
      revoke('3', { at: '2026-02-12' }),
      mint('4', { to: 'OLD', at: '2026-02-10' }),
      community('1', 'ANN', { at: '2026-02-13' }),
      member('1', 'CAT', { at: '2026-02-12' }),
    ];
    expect(fold(adding(facts)).headline(lastDays(2, NOW))).toEqual([
      { metric: 'badgesIssued', value: 2, previous: 1, change: 100 },
      { metric: 'badgesRevoked', value: 0, previous: 1, change: -100 },
      { metric: 'newUsers', value: 1, previous: 2, change: -50 },
      { metric: 'activeUsers', value: 1, previous: 1, change: 0 },
      { metric: 'newCommunities', value: 1, previous: 0, change: null },
      { metric: 'newMembers', value: 1, previous: 1, change: 0 },
    ]);
    expect(fold(adding(facts)).metrics()).toEqual({
      totalBadgesIssued: 4,
      totalUsers: 4,
      totalCommunities: 1,
      averageBadgesPerUser: 1,
      engagementRate: 75,
    });
  });

  it('are zeros of nothing', () => {
    const empty = new Aggregator();
    expect(new Set(Object.values(empty.metrics()))).toEqual(new Set([0]));
    expect(empty.headline(lastDays(30, NOW)).every(({ value, change }) => value === 0 && change === null)).toBe(true);
  });
});

describe('look-ups for joining names', () => {
  const aggregator = fold(
    adding([
      template('7', { name: 'First steps', category: 'art' }),
      community('1', 'ANN'),
      community('2', 'BEN'),
      mint('1', { template: '7', to: 'CAT', by: 'ANN' }),
      mint('340282366920938463463374607431768211455', { by: 'ANN', community: '2' }),
      mint('01', { by: 'NOBODY', community: 'never created' }),
    ]),
  );

  it('give what counts now', () => {
    expect(aggregator.findTemplate('7')).toMatchObject({ name: 'First steps', category: 'art' });
    expect(aggregator.findCommunity('1')).toEqual({ name: 'Community 1', owner: 'ANN', active: true });
    expect(aggregator.findBadge('1')).toEqual({ templateId: '7', recipient: 'CAT', communityId: '1' });
  });

  it('know badge ids of any size and form', () => {
    expect(aggregator.findBadge('340282366920938463463374607431768211455')?.communityId).toBe('2');
    expect(aggregator.findBadge('01')).toEqual({ templateId: '1', recipient: 'ALICE' });
  });

  it('are undefined for what is not known', () => {
    expect([aggregator.findTemplate('1'), aggregator.findCommunity('3'), aggregator.findBadge('4294967297')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
