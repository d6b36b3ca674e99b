import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import {
  arrive,
  community,
  happen,
  join as joins,
  mint,
  revoke,
  template,
  turn,
  update,
} from '../../test/support/history.js';
import { Aggregator } from '../analyzers/aggregator.js';
import { dayOf, type OpenRange } from '../analyzers/calendar.js';
import { derive } from '../batch/derive.js';
import { BlockIndex } from '../chain/blocks.js';
import type { ActivityItem } from '../contract/activity.js';
import { openLmdb, type LmdbStore } from '../log/lmdb.js';
import { activity, countActivity, foldedNames, type ActivityQuery, type FoldedNames } from './activity.js';
import { BadCursorError } from '../contract/index.js';
import { Current } from './current.js';
import { Warehouse } from './duckdb.js';

const NOON = '2026-02-10T12:00:00.000Z';
const LATER = '2026-02-10T12:00:01.000Z';
const NEXT_DAY = '2026-02-11T00:00:00.000Z';

describe('the activity list', () => {
  let dir: string;
  let store: LmdbStore;
  let warehouse: Warehouse;

  beforeEach(async () => {
    const logger = pino({ level: 'silent' });
    dir = await mkdtemp(join(tmpdir(), 'passportx-activity-'));
    store = await openLmdb(join(dir, 'log'), { logger });
    warehouse = await Warehouse.open({ path: join(dir, 'warehouse.duckdb'), memoryLimitMb: 64, logger });
  });
  afterEach(async () => {
    await warehouse.close();
    await store.close();
    await rm(dir, { recursive: true });
  });

  /** What the folds know, of as much of the log as is asked for. */
  async function folded(upTo = store.log.head): Promise<FoldedNames> {
    const aggregator = new Aggregator();
    const blocks = new BlockIndex();
    for await (const commit of store.log.read(0)) {
      if (commit.seq <= upTo) aggregator.apply((await derive(commit, blocks, store.log)).changes);
    }
    return foldedNames(aggregator, blocks, upTo);
  }

  async function page(query: ActivityQuery) {
    await warehouse.catchUp(store.log);
    return activity(warehouse, query, await folded());
  }

  /** All pages from `first` on. */
  async function pages(query: ActivityQuery, first = page(query)): Promise<ActivityItem[][]> {
    const { items, next } = await first;
    return next === null ? [items] : [items, ...(await pages({ ...query, before: next }))];
  }

  const ids = (items: readonly ActivityItem[]): string[] => items.map(({ id }) => id);

  it('is empty, without a next page, when nothing happened', async () => {
    expect(await page({ limit: 50 })).toEqual({ items: [], next: null });
  });

  it('shows the newest by block time first, not what came in last', async () => {
    await happen(store.log, { block: '2', at: LATER }, arrive('late'));
    await happen(store.log, { block: '1', at: NOON }, arrive('early'));
    expect(ids((await page({ limit: 50 })).items)).toEqual(['2-0', '1-0']);
  });

  it('shows nothing that the folds do not include yet, rather than as if it did not count', async () => {
    await happen(store.log, { block: '1', at: NOON }, arrive('a'));
    const before = await folded();
    await happen(store.log, { block: '2', at: LATER }, arrive('b'));
    await warehouse.catchUp(store.log);
    expect(ids((await activity(warehouse, { limit: 9 }, before)).items)).toEqual(['1-0']);
    expect(ids((await activity(warehouse, { limit: 9 }, await folded())).items)).toEqual(['2-0', '1-0']);
  });

  it('pages through facts of one time without repeating or skipping one, while new ones come in', async () => {
    const users = Array.from({ length: 7 }, (_, index) => arrive(`user-${index}`));
    await happen(store.log, { block: '1', at: NOON }, ...users);
    const first = await page({ limit: 3 });
    expect(ids(first.items)).toEqual(['1-6', '1-5', '1-4']);
    await happen(store.log, { block: '2', at: LATER }, arrive('someone new'));
    await happen(store.log, { block: '1b', at: NOON }, arrive('someone of the same second'));
    const rest = await pages({ limit: 3 }, page({ limit: 3, before: first.next! }));
    expect(rest.map(ids)).toEqual([['1-3', '1-2', '1-1'], ['1-0']]);
  });

  it('shows the events of chosen days only, page by page, and counts as many', async () => {
    for (const [index, at] of ['2026-02-09T23:59:59.000Z', '2026-02-10T00:00:00.000Z', LATER, NEXT_DAY].entries())
      await happen(store.log, { block: `${index + 1}`, at }, arrive(`user-${index}`));
    const day = dayOf(Date.parse(NOON));
    const of = async (range: OpenRange) => (await pages({ limit: 1, range })).map(ids).flat();
    expect(await of({ from: day, to: day })).toEqual(['3-0', '2-0']);
    expect(await of({ from: day })).toEqual(['4-0', '3-0', '2-0']);
    expect(await of({ to: day })).toEqual(['3-0', '2-0', '1-0']);
    expect(await countActivity(warehouse, { limit: 1, range: { from: day, to: day } }, await folded())).toBe(2);
  });

  it('has no next page after a last page that is full', async () => {
    await happen(store.log, { block: '1', at: NOON }, arrive('a'), arrive('b'));
    expect((await page({ limit: 2 })).next).toBeNull();
  });

  it('shows one type only, page by page', async () => {
    await happen(store.log, { block: '1', at: NOON }, mint('1', 'a'), arrive('b'), mint('2', 'c'), mint('3', 'd'));
    const minted = await pages({ limit: 2, type: 'badge_issued' });
    expect(minted.map(ids)).toEqual([['1-3', '1-2'], ['1-0']]);
  });

  describe('narrowed', () => {
    const idsOf = async (query: Partial<ActivityQuery>): Promise<string[]> => {
      await new Current(warehouse, store.log).bringTo(store.log.head);
      return ids((await page({ limit: 50, ...query })).items);
    };

    beforeEach(async () => {
      await happen(store.log, { block: '1', at: NOON }, template('1', 'Gold'), community('7', 'Makers', 'issuer'));
      await happen(store.log, { block: '2', at: NOON }, mint('1', 'alice'), mint('2', 'bob', { templateId: '2' }));
      await happen(store.log, { block: '3', at: LATER }, revoke('1'), joins('7', 'carol'), joins('8', 'bob'));
    });

    it('to a template shows its creation, its mints, and what happened to badges of it', async () => {
      expect(await idsOf({ badge: '1' })).toEqual(['3-0', '2-0', '1-0']);
    });

    it('to a community shows what names it and what happened to its badges', async () => {
      expect(await idsOf({ community: '7' })).toEqual(['3-1', '3-0', '2-1', '2-0', '1-1']);
      expect(await idsOf({ community: '8' })).toEqual(['3-2']);
    });

    it('to a user shows what it did, what it received, and what happened to its badges', async () => {
      expect(await idsOf({ user: 'alice' })).toEqual(['3-0', '2-0']);
      expect(await idsOf({ user: 'bob', type: 'member_added' })).toEqual(['3-2']);
      expect(await idsOf({ user: 'creator' })).toEqual(['1-0']);
    });

    it('goes by the mint that counts, when another fork wins', async () => {
      await happen(store.log, { block: '2b', at: NOON }, mint('1', 'dora', { templateId: '2' }));
      await turn(store.log, { block: '2', at: NOON }, false);
      expect(await idsOf({ user: 'dora' })).toEqual(['3-0', '2b-0']);
      expect(await idsOf({ user: 'alice' })).toEqual(['2-0']);
    });
  });

  it('marks what is of a block that does not count, and again when that changes', async () => {
    const [one, other] = [
      { block: '1', at: NOON },
      { block: '1b', at: NOON },
    ];
    await happen(store.log, one, arrive('a'));
    await happen(store.log, other, arrive('a'));
    await turn(store.log, one, false);
    const retracted = async () => (await page({ limit: 9 })).items.map(({ id, retracted: is }) => [id, is]);
    expect(await retracted()).toEqual([
      ['1b-0', false],
      ['1-0', true],
    ]);
    await turn(store.log, other, false);
    await turn(store.log, one, true);
    expect(await retracted()).toEqual([
      ['1b-0', true],
      ['1-0', false],
    ]);
  });

  it('counts a fact of no block as it is, and one of a block without an entry as retracted', async () => {
    const fact = { id: 'app', type: 'user_joined', atMs: Date.parse(NOON), actor: 'a', props: { user: 'a' } } as const;
    const chain = { height: 9, blockHash: '0xunknown', txId: '0xt', txIndex: 0, ordinal: 0 };
    await store.log.append([{ kind: 'fact', fact }]);
    await store.log.append([{ kind: 'fact', fact: { ...fact, id: 'lost', chain } }]);
    expect((await page({ limit: 9 })).items).toEqual([
      expect.objectContaining({ id: 'lost', retracted: true, height: 9, txId: '0xt' }),
      { id: 'app', type: 'user_joined', at: NOON, actor: 'a', subject: 'a', retracted: false },
    ]);
  });

  describe('names', () => {
    const itemOf = async (id: string): Promise<ActivityItem | undefined> =>
      (await page({ limit: 50 })).items.find((item) => item.id === id);

    it('badges by a template that came after them, else by its id', async () => {
      await happen(store.log, { block: '1', at: NOON }, mint('1', 'alice', { templateId: '4' }));
      expect(await itemOf('1-0')).toMatchObject({ badgeId: '1', badgeName: 'Badge 4', subject: 'alice' });
      await happen(store.log, { block: '2', at: NOON }, template('4', 'Gold'), template('4', 'Not the first'));
      expect(await itemOf('1-0')).toMatchObject({ badgeName: 'Gold' });
      expect(await itemOf('2-1')).toMatchObject({ badgeName: 'Not the first' });
    });

    it('revocations and updates by the mint that counts', async () => {
      await happen(store.log, { block: '3', at: NOON }, template('1', 'Gold'), template('2', 'Silver'));
      await happen(store.log, { block: '5', at: NOON }, mint('1', 'second', { templateId: '2' }));
      await happen(store.log, { block: '4', at: LATER }, mint('1', 'first'));
      await happen(store.log, { block: '6', at: LATER }, revoke('1'), update('1', 2, 'x'), revoke('99'));
      const named = { badgeName: 'Gold', subject: 'first' };
      expect(await itemOf('6-0')).toMatchObject({ type: 'badge_revoked', badgeId: '1', ...named });
      expect(await itemOf('6-1')).toMatchObject({ type: 'badge_updated', badgeId: '1', ...named });
      expect(await itemOf('6-2')).not.toHaveProperty('badgeName');
      await turn(store.log, { block: '4', at: LATER }, false);
      expect(await itemOf('6-0')).toMatchObject({ badgeName: 'Silver', subject: 'second' });
    });

    it('communities by a creation that counts', async () => {
      await happen(
        store.log,
        { block: '1', at: NOON },
        community('7', 'Old fork', 'a'),
        joins('7', 'b'),
        joins('8', 'b'),
      );
      await happen(store.log, { block: '1b', at: NOON }, community('7', 'New fork', 'a'));
      await turn(store.log, { block: '1', at: NOON }, false);
      expect(await itemOf('1-1')).toMatchObject({ communityId: '7', communityName: 'New fork', retracted: true });
      expect(await itemOf('1-2')).not.toHaveProperty('communityName');
    });
  });

  it.each([
    '',
    'x',
    'MTIz',
    Buffer.from('1.2.3').toString('base64url'),
    Buffer.from('01.2').toString('base64url'),
    'MS4y=',
  ])('refuses %j, which it never gave out as a cursor', async (before) => {
    await expect(page({ limit: 5, before })).rejects.toThrow(BadCursorError);
  });
});
