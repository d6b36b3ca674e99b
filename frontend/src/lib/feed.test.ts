import type { ActivityItem } from '@passportx/analytics-backend/contract';
import { activity } from '../../test/support/samples';
import { groupFeed, withReorgs } from './feed';
import { describeActivity, type FeedPart } from './feedWords';

const textOf = (parts: readonly FeedPart[]): string =>
  parts.map((part) => (typeof part === 'string' ? part : part.name)).join('');
const thingsOf = (parts: readonly FeedPart[]) =>
  parts.flatMap((part) => (typeof part === 'string' ? [] : [[part.filter, part.id]]));

const TYPES: readonly ActivityItem['type'][] = [
  'badge_issued',
  'badge_revoked',
  'badge_updated',
  'template_created',
  'community_created',
  'community_updated',
  'community_deactivated',
  'community_transferred',
  'member_added',
  'user_joined',
  'issuer_authorized',
  'issuer_revoked',
  'user_suspended',
  'user_unsuspended',
  'permissions_updated',
];

test('a batch mint of twelve is one line', () => {
  const batch = Array.from({ length: 12 }, (_, index) => activity(`b${index}`, { txId: '0xbatch' }));
  const [line, ...rest] = groupFeed([...batch, activity('single')]);
  expect(rest).toHaveLength(1);
  const { title, detail } = describeActivity(line ?? { item: activity('none'), count: 0 });
  expect(textOf(title)).toBe('Clarity Graduate × 12');
  expect(textOf(detail)).toBe('to ST2RE…0000 and 11 more · by ST1IS…0000');
});

test('withdrawn and counted mints of one transaction stay apart', () => {
  expect(groupFeed([activity('a', { txId: '0x1' }), activity('b', { txId: '0x1', retracted: true })])).toHaveLength(2);
});

test('facts without a transaction are never folded together', () => {
  const bare = (id: string): ActivityItem => ({
    id,
    type: 'user_joined',
    at: '2026-11-30T12:00:00Z',
    actor: 'ST1',
    retracted: false,
  });
  expect(groupFeed([bare('a'), bare('b')])).toHaveLength(2);
});

test.each(TYPES)('%s has words, also where nothing but the actor is known', (type) => {
  for (const line of [
    activity('a', { type }),
    { id: 'b', type, at: '2026-11-30T12:00:00Z', actor: 'ST1', retracted: false },
  ]) {
    const { title, detail } = describeActivity({ item: line, count: 1 });
    expect(textOf(title)).not.toMatch(/undefined|^$/);
    expect(textOf(detail)).not.toMatch(/undefined/);
  }
});

test.each<[ActivityItem['type'], object, string[][]]>([
  [
    'badge_issued',
    {},
    [
      ['badge', '3'],
      ['user', 'ST2'],
      ['community', '5'],
    ],
  ],
  [
    'badge_issued',
    { communityName: undefined },
    [
      ['badge', '3'],
      ['user', 'ST2'],
      ['issuer', 'ST1'],
    ],
  ],
  [
    'member_added',
    {},
    [
      ['user', 'ST2'],
      ['community', '5'],
    ],
  ],
  [
    'community_created',
    {},
    [
      ['community', '5'],
      ['user', 'ST1'],
    ],
  ],
  // Who authorised them may be neither user nor issuer.
  ['issuer_authorized', {}, [['issuer', 'ST2']]],
  // Nobody knows what was updated, or changed: there is no page to lead to.
  ['badge_updated', { templateId: undefined, subject: undefined }, []],
  ['community_updated', { communityName: undefined }, []],
])('%s with %j leads to %j', (type, more, things) => {
  const known = { actor: 'ST1', subject: 'ST2', templateId: '3', communityId: '5', communityName: 'Guild' };
  const { title, detail } = describeActivity({ item: activity('a', { type, ...known, ...more }), count: 1 });
  expect(thingsOf([...title, ...detail])).toEqual(things);
});

test('a reorganisation stands where it happened', () => {
  const lines = groupFeed([
    activity('new', { at: '2026-11-30T12:00:10Z' }),
    activity('old', { at: '2026-11-30T12:00:00Z' }),
  ]);
  const counts = { rolledBack: 0, applied: 0 };
  const reorg = { rolledBack: [], applied: [], counts, at: '2026-11-30T12:00:05Z', withdrawn: 0, issuedAgain: 0 };
  expect(withReorgs(lines, [reorg]).map(({ kind }) => kind)).toEqual(['fact', 'reorg', 'fact']);
  expect(withReorgs([], [reorg]).map(({ kind }) => kind)).toEqual(['reorg']);
});
