import { community, deactivate, member, mint, NOW, transfer } from '../../test/support/madeFacts.js';
import type { Fact } from '../events/fact.js';
import { Aggregator } from './aggregator.js';
import { lastDays } from './calendar.js';

function fold(facts: readonly Fact[]): Aggregator {
  const aggregator = new Aggregator();
  aggregator.apply(facts.map((fact) => ({ fact, weight: 1 })));
  return aggregator;
}

const metrics = (facts: readonly Fact[]) => fold(facts).community(lastDays(3, NOW), NOW);

/** Badges issued by community id, as listed. */
const badgesOf = (facts: readonly Fact[]): [string, number][] =>
  metrics(facts).mostActiveCommunities.map(({ communityId, badgesIssued }) => [communityId, badgesIssued]);

describe('communities', () => {
  it('are zeros in full length when nothing happened', () => {
    const trend = ['2026-02-12', '2026-02-13', '2026-02-14'].map((date) => ({ date, count: 0 }));
    expect(metrics([])).toEqual({
      totalCommunities: 0,
      activeCommunities: 0,
      newCommunitiesToday: 0,
      newCommunitiesThisWeek: 0,
      newCommunitiesThisMonth: 0,
      totalMembers: 0,
      averageMembersPerCommunity: 0,
      mostActiveCommunities: [],
      growthTrend: trend,
      memberGrowthTrend: trend,
    });
  });

  it('are new on the day of their creation, and inactive after one deactivation or two', () => {
    const facts = [
      community('1', 'ANN', { at: '2026-02-14' }),
      community('2', 'BEN', { at: '2026-02-09' }),
      community('3', 'CAT', { at: '2026-02-08' }),
      deactivate('3'),
      deactivate('3'),
      deactivate('never created'),
    ];
    expect(metrics(facts)).toMatchObject({
      totalCommunities: 3,
      activeCommunities: 2,
      newCommunitiesToday: 1,
      newCommunitiesThisWeek: 2,
      newCommunitiesThisMonth: 3,
    });
  });

  it('count by the first of two creations of one id, and nothing of the other', () => {
    const facts = [community('1', 'LATE', { height: 9 }), community('1', 'FIRST', { height: 8, at: '2026-02-13' })];
    const { mostActiveCommunities, totalMembers, growthTrend } = metrics(facts);
    expect(mostActiveCommunities).toMatchObject([{ communityId: '1', owner: 'FIRST', members: 1 }]);
    expect([totalMembers, growthTrend.map(({ count }) => count)]).toEqual([1, [0, 1, 0]]);
    expect(fold(facts).metrics().totalUsers).toBe(1);
  });

  it('belong to the new owner of their latest transfer on the chain', () => {
    const facts = [
      transfer('1', 'LAST', { height: 9 }),
      transfer('1', 'BETWEEN', { height: 8 }),
      community('1', 'ANN'),
    ];
    expect(fold(facts).findCommunity('1')).toEqual({ name: 'Community 1', owner: 'LAST', active: true });
  });

  it('are ten of many, by badges and then by id', () => {
    const facts = Array.from({ length: 12 }, (_, n) => community(`${n + 1}`, `OWNER ${n + 1}`));
    const listed = badgesOf([...facts, mint('1', { community: '12' })]);
    expect(listed.map(([id]) => id)).toEqual(['12', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });
});

describe('members', () => {
  it('are distinct, with the creator, without a new owner', () => {
    const facts = [
      community('1', 'ANN'),
      member('1', 'ANN'),
      member('1', 'BEN'),
      member('1', 'BEN'),
      transfer('1', 'CAT'),
    ];
    expect(metrics(facts)).toMatchObject({ totalMembers: 2, averageMembersPerCommunity: 2 });
    expect(metrics(facts).mostActiveCommunities[0]?.members).toBe(2);
  });

  it('count for communities whose creation is not known, which average nothing', () => {
    expect(metrics([member('7', 'ANN')])).toMatchObject({ totalMembers: 1, averageMembersPerCommunity: 0 });
  });

  it('begin on the day of their earliest fact, whatever the order on the chain', () => {
    const facts = [member('1', 'ANN', { at: '2026-02-14' }), community('1', 'ANN', { at: '2026-02-13' })];
    expect(metrics(facts).memberGrowthTrend.map(({ count }) => count)).toEqual([0, 1, 0]);
  });
});

describe('a badge belongs to', () => {
  it.each([
    [
      'the community that its mint names',
      [community('1', 'ANN'), community('2', 'BEN')],
      '2',
      'ANN',
      [
        ['2', 1],
        ['1', 0],
      ],
    ],
    ['none if that was never created', [community('1', 'ANN')], '2', 'ANN', [['1', 0]]],
    ['the community that its issuer owns', [community('1', 'ANN')], undefined, 'ANN', [['1', 1]]],
    ['none if its issuer owns none', [community('1', 'ANN')], undefined, 'BEN', [['1', 0]]],
    [
      'the lowest id of several',
      [community('10', 'ANN'), community('9', 'ANN')],
      undefined,
      'ANN',
      [
        ['9', 1],
        ['10', 0],
      ],
    ],
    [
      'an active one before a lower id',
      [community('9', 'ANN'), deactivate('9'), community('10', 'ANN')],
      undefined,
      'ANN',
      [
        ['10', 1],
        ['9', 0],
      ],
    ],
    ['an inactive one if there is no other', [community('9', 'ANN'), deactivate('9')], undefined, 'ANN', [['9', 1]]],
  ])('%s', (_, facts, named, by, expected) => {
    expect(badgesOf([mint('b', { by, ...(named !== undefined && { community: named }) }), ...facts])).toEqual(expected);
  });

  it('who owns the community of its issuer now: a transfer takes all earlier badges along', () => {
    const facts = [mint('1', { by: 'ANN' }), mint('2', { by: 'BEN' }), mint('3', { by: 'BEN' }), community('1', 'ANN')];
    expect(badgesOf(facts)).toEqual([['1', 1]]);
    expect(badgesOf([...facts, transfer('1', 'BEN')])).toEqual([['1', 2]]);
  });
});
