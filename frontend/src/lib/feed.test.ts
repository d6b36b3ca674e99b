import type { ActivityItem } from '@passportx/analytics-backend/contract';
import { activity } from '../../test/support/samples';
import { describeActivity, groupFeed, withReorgs } from './feed';

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
  expect(line && describeActivity(line)).toMatchObject({
    title: 'Clarity Graduate × 12',
    detail: 'to ST2RE…0000 and 11 more',
  });
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
    expect(title).not.toMatch(/undefined|^$/);
    expect(detail).not.toMatch(/undefined/);
  }
});

test('a reorganisation stands where it happened', () => {
  const lines = groupFeed([
    activity('new', { at: '2026-11-30T12:00:10Z' }),
    activity('old', { at: '2026-11-30T12:00:00Z' }),
  ]);
  const reorg = { rolledBack: [], applied: [], at: '2026-11-30T12:00:05Z', withdrawn: 0, issuedAgain: 0 };
  expect(withReorgs(lines, [reorg]).map(({ kind }) => kind)).toEqual(['fact', 'reorg', 'fact']);
  expect(withReorgs([], [reorg]).map(({ kind }) => kind)).toEqual(['reorg']);
});
