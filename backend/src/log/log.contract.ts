import { blockEntry } from '../../test/support/entries.js';
import { LogUnavailableError, type Commit, type EventLog, type LogEntry } from './log.js';

/**
 * What every implementation of `EventLog` must do, as tests. A `Place` is where one log lives: opening it again finds
 * what was acknowledged before.
 */
export interface Place<T> {
  open(): Promise<{ readonly store: T; close(): Promise<void> }>;
  remove(): Promise<void>;
}

const blocks = (from: number, count: number): LogEntry[] =>
  Array.from({ length: count }, (_, i) => blockEntry(from + i));

async function collect(commits: AsyncIterable<Commit>, limit = Infinity): Promise<Commit[]> {
  const collected: Commit[] = [];
  for await (const { seq, term, entries } of commits) {
    collected.push({ seq, term, entries });
    if (collected.length >= limit) break;
  }
  return collected;
}

const entriesOf = (commits: readonly Commit[]): LogEntry[] => commits.flatMap((commit) => commit.entries);

export function describeEventLog(name: string, fresh: () => Promise<Place<EventLog>>): void {
  describe(`the event log on ${name}`, () => {
    let place: Place<EventLog>;
    let log: EventLog;
    let close: () => Promise<void>;
    const open = async (): Promise<void> => {
      const opened = await place.open();
      log = opened.store;
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

    test('an empty log has head 0 and nothing to read', async () => {
      expect(log.head).toBe(0);
      expect(log.failure).toBeUndefined();
      expect(await collect(log.read(0))).toEqual([]);
      expect(await collect(log.readBackwards())).toEqual([]);
      expect(await log.commitAt(1)).toBeUndefined();
    });

    test('seq numbers entries from 1, and an append names its first entry and its commit', async () => {
      expect(await log.append(blocks(1, 3))).toEqual({ seq: 1, commitSeq: 1 });
      expect(await log.append(blocks(4, 2))).toEqual({ seq: 4, commitSeq: 4 });
      expect(log.head).toBe(5);
      expect(await log.commitAt(4)).toMatchObject({ seq: 4, entries: blocks(4, 2) });
      expect(await log.commitAt(5)).toBeUndefined();
    });

    test('who writes alone is told so, also while appends are under way', async () => {
      await log.confirm();
      const appended = log.append(blocks(1, 1));
      await Promise.all([log.confirm(), appended, log.confirm()]);
      expect(await log.append(blocks(2, 1))).toEqual({ seq: 2, commitSeq: 2 });
      await log.confirm();
      expect(log.head).toBe(2);
    });

    test('head and readers know nothing of an append that is not yet acknowledged', async () => {
      const appended = log.append(blocks(1, 2));
      expect(log.head).toBe(0);
      expect(await log.commitAt(1)).toBeUndefined();
      await appended;
      expect(log.head).toBe(2);
    });

    test('appends that wait for the same flush share a commit, in the order of the calls', async () => {
      const first = log.append(blocks(1, 1));
      const positions = await Promise.all([
        first,
        ...Array.from({ length: 20 }, (_, i) => log.append(blocks(2 + i, 1))),
      ]);
      expect(positions.map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
      const commits = await collect(log.read(0));
      expect(commits.length).toBeLessThanOrEqual(2);
      expect(entriesOf(commits)).toEqual(blocks(1, 21));
      for (const { seq, commitSeq } of positions) {
        const commit = await log.commitAt(commitSeq);
        expect(commit?.entries[seq - commitSeq]).toEqual(blockEntry(seq));
      }
    });

    test('ten thousand appends at once leave no hole and keep their order', async () => {
      const positions = await Promise.all(Array.from({ length: 10_000 }, (_, i) => log.append([blockEntry(i + 1)])));
      expect(positions.every(({ seq }, i) => seq === i + 1)).toBe(true);
      expect(log.head).toBe(10_000);
      const commits = await collect(log.read(0));
      let next = 1;
      for (const commit of commits) {
        expect(commit.seq).toBe(next);
        next += commit.entries.length;
      }
      expect(entriesOf(commits)).toEqual(blocks(1, 10_000));
    });

    test('one call of 20,000 entries is one commit and is read back whole', async () => {
      await log.append(blocks(1, 20_000));
      const commit = await log.commitAt(1);
      expect(commit?.entries.length).toBe(20_000);
      expect(commit?.entries[19_999]).toEqual(blockEntry(20_000));
    });

    test('an append without entries is a mistake of the caller', async () => {
      await expect(log.append([])).rejects.toThrow(RangeError);
      expect(log.head).toBe(0);
    });

    describe('with commits of 3, 1 and 4 entries', () => {
      beforeEach(async () => {
        await log.append(blocks(1, 3));
        await log.append(blocks(4, 1));
        await log.append(blocks(5, 4));
      });

      test.each([
        [-5, [1, 4, 5]],
        [0, [1, 4, 5]],
        [1, [1, 4, 5]],
        [2, [1, 4, 5]],
        [3, [4, 5]],
        [4, [5]],
        [7, [5]],
        [8, []],
        [99, []],
      ])('read(%i) begins with the commit that holds the entry after it', async (after, expected) => {
        expect((await collect(log.read(after))).map(({ seq }) => seq)).toEqual(expected);
        await close();
        await open();
        expect((await collect(log.read(after))).map(({ seq }) => seq)).toEqual(expected);
      });

      test('reading goes on to what was appended while it was under way', async () => {
        const seqs: number[] = [];
        for await (const commit of log.read(4)) {
          seqs.push(commit.seq);
          if (commit.seq === 5) await log.append(blocks(9, 2));
        }
        expect(seqs).toEqual([5, 9]);
      });

      test('reading backwards gives the newest commit first and may stop early', async () => {
        expect((await collect(log.readBackwards())).map(({ seq }) => seq)).toEqual([5, 4, 1]);
        expect((await collect(log.readBackwards(), 1)).map(({ seq }) => seq)).toEqual([5]);
      });

      test('a reopened log has the same head and entries, and appends go on where it ended', async () => {
        const before = await collect(log.read(0));
        await close();
        await open();
        expect(log.head).toBe(8);
        expect(await collect(log.read(0))).toEqual(before);
        expect(await log.append(blocks(9, 1))).toEqual({ seq: 9, commitSeq: 9 });
      });
    });

    test('closing writes what waits; appends after it are refused', async () => {
      const waiting = [log.append(blocks(1, 1)), log.append(blocks(2, 1))];
      await close();
      await expect(Promise.all(waiting)).resolves.toHaveLength(2);
      await expect(log.append(blocks(3, 1))).rejects.toThrow(LogUnavailableError);
      await open();
      expect(log.head).toBe(2);
    });
  });
}
