import type { DocumentStore } from './documents.js';
import type { Place } from './log.contract.js';

/** What every implementation of `DocumentStore` must do, as tests. */
export function describeDocumentStore(name: string, fresh: () => Promise<Place<DocumentStore>>): void {
  describe(`the document store on ${name}`, () => {
    let place: Place<DocumentStore>;
    let documents: DocumentStore;
    let close: () => Promise<void>;
    const open = async (): Promise<void> => {
      const opened = await place.open();
      documents = opened.store;
      close = opened.close;
    };

    beforeEach(async () => {
      place = await fresh();
      await open();
    });
    afterEach(async () => {
      await close();
      await place.remove();
    });

    test('a document comes back as it was put, after reopening too', async () => {
      const value = { name: 'Größe 🎖', list: [1, 0.5, null, true], nested: { deep: { at: '2026-02-01T00:00:00Z' } } };
      await documents.put('snapshots', 'daily', value);
      expect(await documents.get('snapshots', 'daily')).toEqual(value);
      await close();
      await open();
      expect(await documents.get('snapshots', 'daily')).toEqual(value);
    });

    test('a key named __proto__ is a key like any other', async () => {
      const value: unknown = JSON.parse('{"byCategory":{"__proto__":3,"skill":1}}');
      await documents.put('snapshots', 'daily', value);
      expect(JSON.stringify(await documents.get('snapshots', 'daily'))).toBe(JSON.stringify(value));
    });

    test('putting again replaces; collections do not share ids', async () => {
      await documents.put('a', 'x', 1);
      await documents.put('b', 'x', 2);
      await documents.put('a', 'x', 3);
      expect(await documents.get('a', 'x')).toBe(3);
      expect(await documents.get('b', 'x')).toBe(2);
      expect(await documents.count('a')).toBe(1);
    });

    test('the collections that hold anything are told in order', async () => {
      expect(await documents.collections()).toEqual([]);
      for (const name of ['snapshots-daily', 'b', 'snapshots', 'gone']) await documents.put(name, 'x', 1);
      await documents.put('snapshots', 'y', 1);
      await documents.delete('gone', 'x');
      expect(await documents.collections()).toEqual(['b', 'snapshots', 'snapshots-daily']);
    });

    test('what is not there is undefined, and deleting it says so', async () => {
      await documents.put('a', 'x', 1);
      expect(await documents.get('a', 'y')).toBeUndefined();
      expect(await documents.delete('a', 'y')).toBe(false);
      expect(await documents.delete('a', 'x')).toBe(true);
      expect(await documents.get('a', 'x')).toBeUndefined();
      expect(await documents.count('a')).toBe(0);
    });

    test('a document of 40 MB is kept whole', async () => {
      const input = 'é€x'.repeat(40_000_000 / 6);
      await documents.put('inputs', 'large', { input });
      await close();
      await open();
      expect((await documents.get<{ input: string }>('inputs', 'large'))?.input === input).toBe(true);
    });

    test('putMany puts all of them', async () => {
      await documents.putMany(
        'a',
        Array.from({ length: 500 }, (_, i) => ({ id: `n${i}`, value: i })),
      );
      expect(await documents.count('a')).toBe(500);
      expect(await documents.get('a', 'n499')).toBe(499);
    });

    test('putMany puts none when one of them cannot be put', async () => {
      const cyclic: Record<string, unknown> = {};
      cyclic['self'] = cyclic;
      await expect(
        documents.putMany<unknown>('a', [
          { id: 'good', value: 1 },
          { id: 'bad', value: cyclic },
        ]),
      ).rejects.toThrow(TypeError);
      await expect(
        documents.putMany('a', [
          { id: 'good', value: 1 },
          { id: 'no\nname', value: 2 },
        ]),
      ).rejects.toThrow('"no\nname" is no name of a document');
      expect(await documents.count('a')).toBe(0);
    });

    test('deleteMany deletes those that are there, however large, and none when one cannot be the name of any', async () => {
      await documents.put('a', 'large', 'x'.repeat(9_000_000));
      await documents.putMany(
        'a',
        ['x', 'y', 'kept'].map((id) => ({ id, value: id })),
      );
      await expect(documents.deleteMany('a', ['x', 'no\nname'])).rejects.toThrow('"no\nname" is no name of a document');
      expect(await documents.get('a', 'x')).toBe('x');
      await documents.deleteMany('a', ['large', 'x', 'never', 'y']);
      await close();
      await open();
      expect(await documents.list('a', { limit: 10 })).toEqual([{ id: 'kept', value: 'kept' }]);
      await documents.put('a', 'x', 'again');
      expect(await documents.get('a', 'x')).toBe('again');
    });

    test('ids from outside that cannot exist are simply not there', async () => {
      for (const id of ['', 'é', 'a\0b', 'x'.repeat(5_000)]) {
        expect(await documents.get('a', id)).toBeUndefined();
        expect(await documents.delete('a', id)).toBe(false);
        expect(await documents.list('a', { limit: 5, before: id, reverse: true })).toEqual([]);
      }
    });

    describe('a list', () => {
      const ids = (options: Parameters<DocumentStore['list']>[1]): Promise<string[]> =>
        documents.list('days', options).then((found) => found.map(({ id }) => id));

      beforeEach(async () => {
        await documents.putMany(
          'days',
          ['daily/03', 'daily/01', 'hourly/01', 'Daily/09', 'daily/02', 'daily'].map((id) => ({ id, value: { id } })),
        );
        await documents.put('day', 'sz', 'of another collection');
        await documents.put('dayst', 'a', 'of another collection');
      });

      test('goes by code unit of the id, in either direction', async () => {
        const ascending = ['Daily/09', 'daily', 'daily/01', 'daily/02', 'daily/03', 'hourly/01'];
        expect(await ids({ limit: 100 })).toEqual(ascending);
        expect(await ids({ limit: 100, reverse: true })).toEqual(ascending.toReversed());
      });

      test('carries the values', async () => {
        expect(await documents.list('days', { limit: 1, prefix: 'hourly' })).toEqual([
          { id: 'hourly/01', value: { id: 'hourly/01' } },
        ]);
      });

      test('keeps to a prefix', async () => {
        expect(await ids({ limit: 100, prefix: 'daily/' })).toEqual(['daily/01', 'daily/02', 'daily/03']);
        expect(await ids({ limit: 2, prefix: 'daily/', reverse: true })).toEqual(['daily/03', 'daily/02']);
      });

      test('leaves out the ids that it is asked to begin after or to end before', async () => {
        expect(await ids({ limit: 100, after: 'daily/01', before: 'hourly/01' })).toEqual(['daily/02', 'daily/03']);
        expect(await ids({ limit: 100, after: 'daily/02', before: 'daily/02' })).toEqual([]);
        expect(await ids({ limit: 100, after: 'x', before: 'a' })).toEqual([]);
      });

      test('can be read newest first, a page at a time, without loss or repetition', async () => {
        const seen: string[] = [];
        for (let before: string | undefined; ; before = seen.at(-1)) {
          const page = await ids({ limit: 4, reverse: true, ...(before !== undefined && { before }) });
          if (page.length === 0) break;
          seen.push(...page);
        }
        expect(seen).toEqual(['hourly/01', 'daily/03', 'daily/02', 'daily/01', 'daily', 'Daily/09']);
      });

      test.each([0, -1, 1.5, 1_001])('has a length: a limit of %d is refused', async (limit) => {
        await expect(ids({ limit })).rejects.toThrow('limit must be a whole number from 1 to 1000');
      });
    });
  });
}
