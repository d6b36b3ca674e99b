import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { QuarantineItem } from '../contract/index.js';
import { BadCursorError } from '../contract/index.js';
import { openLmdb, type LmdbStore } from './lmdb.js';
import { LogUnavailableError } from './log.js';
import { Quarantine, QuarantineFullError } from './quarantine.js';

describe('the quarantine', () => {
  let dir: string;
  let store: LmdbStore;
  let quarantine: Quarantine;
  let now: number;

  const open = async (): Promise<void> => {
    store = await openLmdb(dir, { logger: pino({ level: 'silent' }) });
    quarantine = new Quarantine(store.documents, () => now);
  };
  const newest = async (): Promise<QuarantineItem> => {
    const [item] = (await quarantine.list({ limit: 1 })).items;
    if (item === undefined) throw new Error('nothing is in quarantine');
    return item;
  };
  beforeEach(async () => {
    now = Date.UTC(2026, 1, 1);
    dir = await mkdtemp(join(tmpdir(), 'passportx-quarantine-'));
    await open();
  });
  afterEach(async () => {
    await store.close();
    await rm(dir, { recursive: true });
  });

  test('keeps input whole, with the reason and the time, across a restart', async () => {
    const input: unknown = JSON.parse('{"apply":[{"__proto__":1,"n":9007199254740993}],"note":"é"}');
    await quarantine.add({ source: 'chainhook-v1', reason: 'no hash', field: 'apply[0]', input });
    const { id } = await newest();
    await store.close();
    await open();
    const item = await quarantine.get(id);
    expect(item).toMatchObject({ id, at: '2026-02-01T00:00:00.000Z', source: 'chainhook-v1', reason: 'no hash' });
    expect(item?.field).toBe('apply[0]');
    expect(JSON.stringify(item?.input)).toBe(JSON.stringify(input));
  });

  test('keeps the same content once, delivered later, at the same time or after a restart', async () => {
    const entry = { source: 'chainhook', reason: 'unknown shape', input: { a: 1 } };
    await Promise.all([quarantine.add(entry), quarantine.add(entry)]);
    now += 5_000;
    await quarantine.add({ ...entry, reason: 'another reason' });
    await store.close();
    await open();
    await quarantine.add(entry);
    expect(await quarantine.count()).toBe(1);
    expect((await newest()).reason).toBe('unknown shape');
  });

  test('cuts a reason and a field that are longer than a person reads', async () => {
    const long = 'long '.repeat(10_000);
    await quarantine.add({ source: 'chainhook-v1', reason: long, field: long, input: { long } });
    const { reason, field, input } = await newest();
    expect([reason, field]).toEqual(Array(2).fill(`${long.slice(0, 499)}…`));
    expect(input).toEqual({ long });
  });

  describe('of many at once', () => {
    const entry = (n: number) => ({ source: 'chainhook', reason: `n${n}`, input: n });
    const putMany = () => jest.spyOn(store.documents, 'putMany');

    test('makes a thousand durable with one write, and keeps the same content once', async () => {
      const writes = putMany();
      const numbers = Array.from({ length: 1_500 }, (_, n) => n);
      await Promise.all([quarantine.addAll(numbers.map(entry)), quarantine.add(entry(7))]);
      expect(writes).toHaveBeenCalledTimes(2);
      await quarantine.addAll([entry(7), entry(2_000), entry(2_000)]);
      expect(writes).toHaveBeenCalledTimes(3);
      await store.close();
      await open();
      expect(await quarantine.count()).toBe(1_501);
      expect(await newest()).toMatchObject({ source: 'chainhook' });
    });

    test('keeps none of those that there is no room for together, and counts none', async () => {
      quarantine = new Quarantine(store.documents, () => now, 14_999);
      await expect(quarantine.addAll(Array.from({ length: 15 }, (_, n) => entry(n)))).rejects.toThrow(
        QuarantineFullError,
      );
      expect([await quarantine.count(), (await quarantine.list({ limit: 1 })).items]).toEqual([0, []]);
      await quarantine.addAll(Array.from({ length: 10 }, (_, n) => entry(n)));
      expect(await quarantine.count()).toBe(10);
    });

    test('are counted a page at a time, and others have their turn in between', async () => {
      await quarantine.addAll(Array.from({ length: 2_500 }, (_, n) => entry(n)));
      await store.close();
      await open();
      const pages = jest.spyOn(store.documents, 'list');
      const read: number[] = [];
      setImmediate(() => read.push(pages.mock.calls.length));
      expect(await quarantine.count()).toBe(2_500);
      expect(read).toEqual([1]);
    });

    test('that could not be written may come again', async () => {
      putMany().mockRejectedValueOnce(new LogUnavailableError('no room on the disk'));
      await expect(quarantine.addAll([entry(1), entry(2)])).rejects.toThrow(LogUnavailableError);
      await quarantine.addAll([entry(2), entry(3)]);
      expect(await quarantine.count()).toBe(2);
    });
  });

  test('an item that comes again while it is removed is kept, whole and once, whoever is first', async () => {
    const input = { again: 'x'.repeat(1_000) };
    const entry = { source: 'chainhook-v1', reason: 'odd', input };
    await quarantine.add(entry);
    const { id } = await newest();
    await Promise.all([quarantine.remove(id), quarantine.add(entry), quarantine.add(entry)]);
    expect(await quarantine.count()).toBe(1);
    expect((await quarantine.list({ limit: 10 })).items).toMatchObject([{ input }]);
    await Promise.all([quarantine.add(entry), quarantine.remove((await newest()).id)]);
    expect((await quarantine.list({ limit: 10 })).items).toEqual([]);
    await quarantine.add(entry);
    expect((await quarantine.list({ limit: 10 })).items).toMatchObject([{ input }]);
  });

  test('an item that was removed is gone, and is kept anew when it comes again', async () => {
    const entry = { source: 'chainhook', reason: 'unknown shape', input: 'x' };
    await quarantine.add(entry);
    const { id } = await newest();
    expect(await quarantine.remove(id)).toBe(true);
    expect(await quarantine.remove(id)).toBe(false);
    expect(await quarantine.get(id)).toBeUndefined();
    expect(await quarantine.count()).toBe(0);
    now += 1;
    await quarantine.add(entry);
    expect((await newest()).id > id).toBe(true);
    expect(await quarantine.count()).toBe(1);
  });

  test('tells that it has changed when others can count it, also when nobody knows whether it has', async () => {
    const entry = { source: 'chainhook', reason: 'r', input: 'x' };
    const meanwhile: number[] = [];
    const put = store.documents.putMany.bind(store.documents);
    jest.spyOn(store.documents, 'putMany').mockImplementation(async (...given) => {
      await put(...given);
      meanwhile.push(quarantine.changes);
    });
    await quarantine.add(entry);
    expect([meanwhile, quarantine.changes]).toEqual([[0], 1]);
    jest.spyOn(store.documents, 'deleteMany').mockRejectedValueOnce(new LogUnavailableError('it did not answer'));
    await expect(quarantine.remove((await newest()).id)).rejects.toThrow(LogUnavailableError);
    expect(quarantine.changes).toBe(2);
  });

  test('keeps what is nested beyond all reason as its text, and can still be listed', async () => {
    const deep = `{"apply":${'['.repeat(50_000)}1${']'.repeat(50_000)}}`;
    await quarantine.add({ source: 'chainhook-v1', reason: 'a block is no object', input: JSON.parse(deep) });
    expect(await newest()).toMatchObject({ reason: 'a block is no object', input: deep });
    expect(JSON.stringify(await quarantine.list({ limit: 10 }))).toContain('[[[[');
  });

  test('refuses what it has no room for, after a restart too, until something is dropped; what it keeps already it takes', async () => {
    const limited = (): Quarantine => new Quarantine(store.documents, () => now, 2_100);
    const entry = (letter: string) => ({ source: 'chainhook', reason: 'r', input: letter.repeat(38) });
    quarantine = limited();
    await Promise.all([quarantine.add(entry('a')), quarantine.add(entry('b'))]);
    await expect(quarantine.add(entry('c'))).rejects.toThrow(QuarantineFullError);
    await store.close();
    await open();
    quarantine = limited();
    await quarantine.add(entry('a'));
    await expect(quarantine.add(entry('c'))).rejects.toThrow(
      '2 items that take 2082 characters are in quarantine, and 2100',
    );
    expect(await quarantine.count()).toBe(2);
    await quarantine.remove((await newest()).id);
    await quarantine.add(entry('c'));
    expect(await quarantine.count()).toBe(2);
  });

  test('counts nothing anew when it refuses: nothing has changed, and whoever makes room would wait for it', async () => {
    quarantine = new Quarantine(store.documents, () => now, 1_100);
    const entry = (input: string) => ({ source: 'chainhook', reason: 'r', input });
    await quarantine.add(entry('a'));
    const { changes } = quarantine;
    const lists = jest.spyOn(store.documents, 'list');
    for (const input of ['b', 'c']) await expect(quarantine.add(entry(input))).rejects.toThrow(QuarantineFullError);
    expect(await quarantine.count()).toBe(1);
    expect([lists.mock.calls.length, quarantine.changes]).toEqual([0, changes]);
  });

  test('what a process of an older version left half done when it died is finished by the next delivery', async () => {
    const entry = { source: 'chainhook', reason: 'unknown shape', input: 'x' };
    await quarantine.add(entry);
    await store.documents.delete('quarantine', `item/${(await newest()).id}`);
    await store.close();
    await open();
    await quarantine.add(entry);
    expect(await newest()).toMatchObject({ input: 'x' });
    expect(await quarantine.count()).toBe(1);
  });

  test('lists newest first, a page at a time, without loss or repetition', async () => {
    for (let n = 0; n < 7; n += 1) {
      now += 1_000;
      await quarantine.add({ source: 'chainhook', reason: `n${n}`, input: n });
    }
    const reasons: string[] = [];
    let before: string | undefined;
    do {
      const page = await quarantine.list({ limit: 3, ...(before !== undefined && { before }) });
      reasons.push(...page.items.map(({ reason }) => reason));
      before = page.next ?? undefined;
    } while (before !== undefined);
    expect(reasons).toEqual(['n6', 'n5', 'n4', 'n3', 'n2', 'n1', 'n0']);
  });

  test('refuses a cursor that no page gave', async () => {
    await expect(quarantine.list({ limit: 10, before: 'zzz' })).rejects.toThrow(BadCursorError);
  });

  test('a last page that is full says that nothing follows', async () => {
    await quarantine.add({ source: 'chainhook', reason: 'r', input: 1 });
    expect((await quarantine.list({ limit: 1 })).next).toBeNull();
    const [item] = (await quarantine.list({ limit: 1 })).items;
    expect(await quarantine.list({ limit: 5, before: item!.id })).toEqual({ items: [], next: null });
  });

  test('payloads of 40 MB survive, and one page holds no more of them than fit in an answer', async () => {
    const large = (n: number): string => `${n}${'x'.repeat(40_000_000)}`;
    for (const n of [1, 2]) {
      now += 1;
      await quarantine.add({ source: 'chainhook', reason: 'too new', input: large(n) });
    }
    const first = await quarantine.list({ limit: 50 });
    expect(first.items).toHaveLength(1);
    expect(first.items[0]?.input === large(2)).toBe(true);
    const second = await quarantine.list({ limit: 50, before: first.next ?? '' });
    expect(second.items[0]?.input === large(1)).toBe(true);
    expect(second.next).toBeNull();
  });
});
