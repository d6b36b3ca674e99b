import fc from 'fast-check';
import { Counter } from './counter.js';
import { DayLists, NO_DAY } from './dayLists.js';
import { copiesOf, DumpReader, DumpWriter, ownPart, type Part, type Stored } from './dump.js';
import { Grid } from './grid.js';
import { HashIndex, mix } from './hashIndex.js';
import { Interner } from './interner.js';
import { PackedStrings } from './packedStrings.js';
import { Pairs } from './pairs.js';
import { PairTable } from './pairTable.js';
import { Rows } from './rows.js';
import { SparePages } from './sparePages.js';

function reloaded<T extends Stored>(from: Stored, into: T): T {
  const writer = new DumpWriter(1);
  from.save(writer);
  const reader = new DumpReader(copiesOf(writer.finish()), 1);
  into.restore(reader);
  reader.end();
  return into;
}

function dumpOf(stored: Stored): Part[] {
  const writer = new DumpWriter(1);
  stored.save(writer);
  return writer.finish();
}

/** Bytes of all parts but the first, which holds what is no row. */
function dumpBytes(stored: Stored): number {
  const [, ...parts] = dumpOf(stored);
  return parts.reduce((sum, part) => sum + part.take().length, 0);
}

const release = (parts: readonly Part[]): void => parts.forEach((part) => part.release());

/** Pages of 4 KB that are copied while `work` runs. */
function copiedBy(work: () => void): number {
  const take = jest.spyOn(SparePages.prototype, 'take');
  try {
    work();
    return take.mock.calls.length;
  } finally {
    take.mockRestore();
  }
}

describe('Rows', () => {
  it('keeps what was set across many chunks, and reads 0 where nothing was', () => {
    const rows = new Rows(3);
    for (let row = 1; row <= 50_000; row++) rows.set(rows.add(), 2, -row);
    const copy = reloaded(rows, new Rows(3));
    for (const row of [1, 15, 16, 17, 4_095, 4_096, 4_097, 50_000]) {
      expect([rows.get(row, 2), copy.get(row, 2), copy.get(row, 0)]).toEqual([-row, -row, 0]);
    }
    expect(rows.get(1_000_000, 1)).toBe(0);
    // A copy goes on where the rows ended, and is its own.
    for (let row = copy.add(); row <= 70_000; row = copy.add()) copy.set(row, 1, row);
    expect([copy.get(50_001, 1), copy.get(65_536, 1), copy.get(70_000, 1), copy.length]).toEqual([
      50_001, 65_536, 70_000, 70_002,
    ]);
    expect([rows.get(50_001, 1), rows.length]).toEqual([0, 50_001]);
  });

  it('lend dumps that stay what they were while rows are set and added, and are given back at any time', () => {
    // Few enough rows that the first chunk grows, and enough that there is a second.
    const row = fc.oneof(fc.nat(40), fc.integer({ min: 8_185, max: 8_195 }));
    const step = fc.oneof(
      fc.record({ does: fc.constant('set' as const), row, value: fc.integer({ min: -9, max: 9 }) }),
      fc.record({ does: fc.constant('add' as const) }),
      fc.record({ does: fc.constant('dump' as const) }),
      fc.record({ does: fc.constant('release' as const), part: fc.nat(9) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const rows = new Rows(2);
        const contents = (of: Rows): number[] => Array.from({ length: of.length }, (_, each) => of.get(each, 1));
        const taken: { readonly parts: Part[]; readonly expected: number[]; readonly kept: Uint8Array[] }[] = [];
        let model: number[] = [0];
        for (const each of steps) {
          if (each.does === 'set') {
            rows.set(each.row, 1, each.value);
            model = Array.from({ length: Math.max(model.length, each.row + 1) }, (_, at) => model[at] ?? 0);
            model[each.row] = each.value;
          } else if (each.does === 'add') {
            rows.add();
            model.push(0);
          } else if (each.does === 'dump') {
            const writer = new DumpWriter(1);
            rows.save(writer);
            taken.push({ parts: writer.finish(), expected: [...model], kept: [] });
          } else {
            // A part is read at the last moment, as the writer of a checkpoint does.
            for (const { parts, kept } of taken) {
              const part = parts[each.part];
              if (part === undefined || kept[each.part] !== undefined) continue;
              kept[each.part] = part.take();
            }
          }
          expect(contents(rows)).toEqual(model);
        }
        for (const { parts, expected, kept } of taken) {
          const copy = new Rows(2);
          copy.restore(
            new DumpReader(
              parts.map((part, at) => kept[at] ?? part.take()),
              1,
            ),
          );
          expect(contents(copy)).toEqual(expected);
        }
        // All are taken: nothing is kept of what changes now.
        expect(copiedBy(() => rows.set(1, 1, 77))).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('keep apart what several dumps hold, of which each is taken or released at its own time', () => {
    const rows = new Rows(2);
    for (let row = 1; row <= 8_191; row++) rows.set(rows.add(), 1, row);
    const fifth = (part: Part | undefined): number | undefined => new Int32Array(part!.take().buffer)[2 * 5 + 1];
    const [, first] = dumpOf(rows);
    rows.set(5, 1, -5);
    const [, second] = dumpOf(rows);
    const [, third] = dumpOf(rows);
    rows.set(5, 1, -6);
    third?.release();
    third?.release();
    rows.set(5, 1, -7);
    expect(fifth(second)).toBe(-5);
    rows.set(5, 1, -8);
    expect(fifth(first)).toBe(5);
    expect([rows.get(5, 1), rows.get(6, 1)]).toEqual([-8, 6]);
    expect(copiedBy(() => rows.set(5, 1, -9))).toBe(0);
  });

  it('are taken into room that is given, if there is enough of it', () => {
    const rows = new Rows(1);
    for (let row = 1; row <= 100; row++) rows.set(rows.add(), 0, row);
    const room = new Uint8Array(1_000);
    for (const [given, isUsed] of [
      [room, true],
      [room.subarray(0, 403), false],
    ] as const) {
      const [, part] = dumpOf(rows);
      const taken = part!.take(given);
      expect([taken.length, taken.buffer === room.buffer]).toEqual([4 * 101, isUsed]);
      expect([...new Int32Array(taken.buffer, taken.byteOffset, 101)].slice(1)).toEqual(
        Array.from({ length: 100 }, (_, at) => at + 1),
      );
    }
  });

  it.each([1, 3, 14])(
    'of %i fields that are lent copy 4 KB once for what changes in it, and nothing for what does not',
    (width) => {
      const rows = new Rows(width);
      for (let row = 0; row <= 60_000; row++) rows.set(row, 0, row);
      const dump = dumpOf(rows);
      const again = (): void => {
        for (let row = 0; row <= 60_000; row++) rows.set(row, 0, row);
      };
      const change = (): void => {
        for (const value of [1, 2]) for (const row of [20_000, 20_001]) rows.set(row, 0, value);
      };
      expect([copiedBy(again), copiedBy(change)]).toEqual([0, 1]);
      release(dump);
      expect([rows.get(20_000), rows.get(20_001), rows.get(20_002)]).toEqual([2, 2, 20_002]);
    },
  );

  it('read a field of many rows at once, also of none', () => {
    const rows = new Rows(3);
    for (let row = 1; row <= 20_000; row++) rows.set(row, 2, row);
    const some = Int32Array.of(3, 20_000, 0, 90_000, 8);
    expect([rows.fetch(some, 5, 2), rows.fetch(some, 1, 2), rows.fetch(some, 5)]).toEqual([3 ^ 20_000 ^ 8, 3, 0]);
  });

  it('hands freed rows out again, empty', () => {
    const rows = new Rows(2);
    const [first, second] = [rows.add(), rows.add()];
    rows.set(first, 1, 7);
    rows.free(first);
    rows.free(second);
    expect([rows.add(), rows.add(), rows.add()]).toEqual([second, first, 3]);
    expect(rows.get(first, 1)).toBe(0);
  });
});

describe('HashIndex', () => {
  const KEY = 1;
  function made() {
    const rows = new Rows(2);
    const index = new HashIndex(rows, 0, (row) => mix(rows.get(row, KEY)));
    const stored: Stored = {
      save: (to) => [rows, index].forEach((part) => part.save(to)),
      restore: (from) => [rows, index].forEach((part) => part.restore(from)),
    };
    const insert = (from: number, to: number): void => {
      for (let key = from; key <= to; key++) {
        const row = rows.add();
        rows.set(row, KEY, key);
        index.insert(mix(key), row);
      }
    };
    /** Keys up to this one that are not found. */
    const lost = (to: number): number[] => {
      const isFound = (key: number): boolean => {
        let row = index.first(mix(key));
        while (row !== 0 && rows.get(row, KEY) !== key) row = index.after(row);
        return row !== 0;
      };
      return Array.from({ length: to }, (_, at) => at + 1).filter((key) => !isFound(key));
    };
    return { index, stored, insert, lost };
  }

  it('finds all rows at any time, also while they are lent, and after a reload', () => {
    const original = made();
    original.insert(1, 20_000);
    const dump = dumpOf(original.stored);
    original.insert(20_001, 60_000);
    expect(original.lost(60_000)).toEqual([]);

    const copy = made();
    copy.stored.restore(new DumpReader(copiesOf(dump), 1));
    expect([copy.lost(20_000), copy.lost(20_001)]).toEqual([[], [20_001]]);
    copy.insert(20_001, 70_000);
    expect(copy.lost(70_000)).toEqual([]);
  });
});

describe('PackedStrings', () => {
  it('gives any strings back exactly, with one number each, also after a reload', () => {
    const texts = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.string({ minLength: 300 })));
    fc.assert(
      fc.property(texts, fc.array(fc.constantFrom('\ud800', '', '\u0000', 'a\u0000', 'ÿ', 'Ā')), (some, odd) => {
        const strings = new PackedStrings();
        const model = new Map<string, number>();
        for (const text of [...some, ...odd, ...some]) {
          const number = strings.add(text);
          expect(number).toBe(model.get(text) ?? model.size + 1);
          model.set(text, number);
        }
        const copy = new PackedStrings();
        reloaded(strings.stored, copy.stored);
        for (const [text, number] of model) {
          expect([strings.text(number), copy.text(number), copy.find(text)]).toEqual([text, text, number]);
        }
        expect(copy.find('never added')).toBe(0);
      }),
    );
  });

  it('finds each of 40,000 principals after its buckets were split many times', () => {
    const strings = new PackedStrings();
    const name = (n: number): string => `SP${String(n * 7919).padStart(39, 'X')}`;
    for (let n = 1; n <= 40_000; n++) strings.add(name(n));
    const lost = Array.from({ length: 40_000 }, (_, index) => index + 1).filter((n) => strings.find(name(n)) !== n);
    expect(lost).toEqual([]);
  });

  it('looks many strings up at once', () => {
    const strings = new PackedStrings();
    for (const text of ['a', 'b', 'SP' + 'X'.repeat(39), 'long '.repeat(50)]) strings.add(text);
    const numbers = new Int32Array(6).fill(9);
    strings.fetch(['long '.repeat(50), 'never added', 'b', 'SP' + 'X'.repeat(39), ''], numbers);
    expect([...numbers]).toEqual([4, 0, 2, 3, 0, 9]);
    expect(strings.length).toBe(5);
  });

  it('tells strings apart whose hashes are the same, also after a reload', () => {
    class Colliding extends PackedStrings {
      protected override hashOf(): number {
        return 7;
      }
    }
    const strings = new Colliding();
    const texts = Array.from({ length: 200 }, (_, n) => `text ${n}`);
    expect(texts.map((text) => strings.add(text))).toEqual(texts.map((_, n) => n + 1));
    const copy = new Colliding();
    reloaded(strings.stored, copy.stored);
    for (const each of [strings, copy]) {
      expect(texts.map((text) => each.find(text))).toEqual(texts.map((_, n) => n + 1));
      expect([each.add('text 99'), each.find('another'), each.text(100)]).toEqual([100, 0, 'text 99']);
    }
  });
});

describe('PairTable', () => {
  const key = fc.oneof(fc.integer({ min: -3, max: 12 }), fc.integer());

  it('adds up as a map of pairs does, also after a reload', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, key, fc.integer({ min: -2, max: 2 }))), (changes) => {
        const table = new PairTable();
        const model = new Map<string, number>();
        for (const [a, b, weight] of changes) {
          const before = model.get(`${a},${b}`) ?? 0;
          expect(table.add(a, b, weight)).toBe(before);
          model.set(`${a},${b}`, before + weight);
        }
        for (const each of [table, reloaded(table, new PairTable())]) {
          expect(each.size).toBe(model.size);
          for (const [a, b] of changes) expect(each.get(a, b)).toBe(model.get(`${a},${b}`));
          expect([each.get(99, 100), each.add(99, 100, 5), each.get(99, 100)]).toEqual([0, 0, 5]);
        }
      }),
    );
  });

  /** Its pairs up to this one whose number is not what it was given. */
  const wrong = (table: PairTable, pairs: number): number[] =>
    Array.from({ length: pairs }, (_, n) => n).filter((n) => table.get(n, n % 7) !== n + 1);

  it.each([1, 2, 100, 3_999, 60_000])('finds each of %i pairs, however far its buckets are split', (pairs) => {
    const table = new PairTable();
    for (let n = 0; n < pairs; n++) table.add(n, n % 7, n + 1);
    expect([wrong(table, pairs), table.get(pairs, 0), table.get(0, 1)]).toEqual([[], 0, 0]);
  });

  it('takes 26 bytes a pair at the most: its buckets are half full at least', () => {
    const table = new PairTable();
    const bytesAPair: number[] = [];
    for (let n = 0; n < 100_000; n++) {
      table.add(n, n % 7, n + 1);
      if (n > 20_000 && n % 5_000 === 0) bytesAPair.push(dumpBytes(table) / n);
    }
    expect(bytesAPair).toHaveLength(15);
    expect(Math.max(...bytesAPair)).toBeLessThan(26);
  });

  it('lends dumps that stay what they were while pairs are added and buckets split', () => {
    const table = new PairTable();
    for (let n = 0; n < 30_000; n++) table.add(n, n % 7, n + 1);
    const dump = dumpOf(table);
    for (let n = 0; n < 60_000; n++) table.add(n, n % 7, n < 30_000 ? 1 : n + 1);

    const copy = new PairTable();
    copy.restore(new DumpReader(copiesOf(dump), 1));
    expect([copy.size, wrong(copy, 30_000), copy.get(30_000, 30_000 % 7)]).toEqual([30_000, [], 0]);
    expect([table.get(0, 0), table.get(59_999, 59_999 % 7)]).toEqual([2, 60_000]);
  });
});

describe('Pairs', () => {
  it('number distinct pairs from 1, also after a reload', () => {
    const key = fc.integer({ min: -3, max: 40 });
    fc.assert(
      fc.property(fc.array(fc.tuple(key, key)), (asked) => {
        const pairs = new Pairs();
        const model = new Map<string, number>();
        for (const [a, b] of asked) {
          const number = model.get(`${a},${b}`) ?? model.size + 1;
          expect(pairs.numberOf(a, b)).toBe(number);
          model.set(`${a},${b}`, number);
        }
        const copy = new Pairs();
        reloaded(pairs.stored, copy.stored);
        const seen: [string, number][] = [];
        copy.forEach((a, b, number) => {
          expect([copy.find(a, b), pairs.find(a, b)]).toEqual([number, number]);
          seen.push([`${a},${b}`, number]);
        });
        expect(seen).toEqual([...model]);
        expect([copy.find(99, 99), copy.size]).toEqual([0, model.size]);
      }),
    );
  });
});

describe('Counter and Grid', () => {
  // On both sides of where blocks of keys meet, and far from all others.
  const key = fc.oneof(fc.integer({ min: -70, max: 200 }), fc.constantFrom(100_000, 2_500_000_000));
  const near = fc.integer({ min: -70, max: 200 });
  const rangeOf = (ends: fc.Arbitrary<number>): fc.Arbitrary<{ from: number; to: number }> =>
    fc.tuple(ends, ends).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
  const isWithin = ({ from, to }: { from: number; to: number }, each: number): boolean => from <= each && each <= to;
  const weight = fc.integer({ min: -3, max: 3 });

  it('sum ranges of keys as a list of them does, also after a reload', () => {
    const changes = fc.array(fc.tuple(key, weight));
    fc.assert(
      fc.property(changes, rangeOf(near), key, (added, range, end) => {
        const counter = new Counter();
        for (const [each, count] of added) counter.add(each, count);
        const sumOf = (counts: (each: number) => boolean): number =>
          added.reduce((sum, [each, count]) => sum + (counts(each) ? count : 0), 0);
        for (const counts of [counter, reloaded(counter, new Counter())]) {
          expect(counts.sum(range)).toBe(sumOf((each) => isWithin(range, each)));
          expect(counts.sumBelow(end)).toBe(sumOf((each) => each < end));
          expect([counts.get(end), counts.total]).toEqual([sumOf((each) => each === end), sumOf(() => true)]);
          const told = new Map<number, number>();
          counts.forEach((each, count) => told.set(each, count));
          const model = new Map(added.map(([each]) => [each, sumOf((other) => other === each)]));
          expect(told).toEqual(new Map([...model].filter(([, count]) => count !== 0)));
        }
      }),
    );
  });

  it('sum rectangles of pairs as a list of them does, by few rows or many, also after a reload', () => {
    const changes = fc.array(fc.tuple(near, near, weight), { maxLength: 60 });
    fc.assert(
      fc.property(changes, rangeOf(near), rangeOf(near), fc.tuple(near, near), (added, as, bs, [oneA, oneB]) => {
        const grid = new Grid();
        for (const [a, b, count] of added) grid.add(a, b, count);
        const sumOf = (counts: (a: number, b: number) => boolean): number =>
          added.reduce((sum, [a, b, count]) => sum + (counts(a, b) ? count : 0), 0);
        const copy = new Grid();
        reloaded(grid.stored, copy.stored);
        for (const counts of [grid, copy]) {
          expect(counts.sumWithin(as, bs)).toBe(sumOf((a, b) => isWithin(as, a) && isWithin(bs, b)));
          // A range of one looks its row up, where a long one goes through all of them.
          expect(counts.sumWithin({ from: oneA, to: oneA }, bs)).toBe(sumOf((a, b) => a === oneA && isWithin(bs, b)));
          expect(counts.get(oneA, oneB)).toBe(sumOf((a, b) => a === oneA && b === oneB));
        }
      }),
    );
  });
});

describe('DayLists', () => {
  it('holds the days of each owner, tells neighbours, and takes a removal before its addition', () => {
    const change = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 9 }), fc.constantFrom(1, -1));
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        let lists = new DayLists();
        const model = new Map<number, Map<number, number>>();
        const present = (owner: number): number[] =>
          [...(model.get(owner) ?? [])]
            .filter(([, count]) => count > 0)
            .map(([day]) => day)
            .sort((a, b) => b - a);
        changes.forEach(([owner, day, weight], step) => {
          const days = model.get(owner) ?? new Map<number, number>();
          model.set(owner, days);
          const before = days.get(day) ?? 0;
          days.set(day, before + weight);
          const now = present(owner);
          expect(lists.add(owner, day, weight)).toEqual({
            change: Number(before + weight > 0) - Number(before > 0),
            older: now.find((other) => other < day) ?? NO_DAY,
            newer: now.findLast((other) => other > day) ?? NO_DAY,
          });
          if (step === 5) {
            const copy = new DayLists();
            reloaded(lists.stored, copy.stored);
            lists = copy;
          }
          const listed: number[] = [];
          lists.forEach(owner, (each) => listed.push(each));
          expect(listed).toEqual(now);
          const recent: number[] = [];
          lists.forEach(owner, (each) => recent.push(each), 5);
          expect(recent).toEqual(now.filter((each) => each >= 5));
          expect(lists.latest(owner)).toBe(now[0] ?? NO_DAY);
          expect(lists.earliest(owner)).toBe(now.at(-1) ?? NO_DAY);
        });
      }),
    );
  });
});

describe('small tables', () => {
  it('forget what is back at 0, sum a range with both ends, and reload', () => {
    const counter = new Counter();
    for (const day of [3, 4, 4, 5, 9]) counter.add(day, 1);
    counter.add(9, -1);
    const copy = reloaded(counter, new Counter());
    expect([copy.total, copy.sum({ from: 4, to: 5 }), copy.sum({ from: 6, to: 9 })]).toEqual([4, 3, 0]);
    const kept: [number, number][] = [];
    copy.forEach((...each) => kept.push(each));
    expect(kept).toEqual([
      [3, 1],
      [4, 2],
      [5, 1],
    ]);
  });

  it('number strings from 1, and reload', () => {
    const interner = new Interner();
    expect(['x', '', 'x', 'y'].map((text) => interner.add(text))).toEqual([1, 2, 1, 3]);
    const copy = reloaded(interner, new Interner());
    expect([copy.text(3), copy.find('y'), copy.find('z'), copy.add('z')]).toEqual(['y', 3, 0, 4]);
  });
});

describe('dumps', () => {
  const dump = (version: number): Uint8Array[] => {
    const writer = new DumpWriter(version);
    writer.value({ text: 'seven' });
    writer.value(7);
    writer.lend(ownPart(new Uint8Array(Int32Array.of(1, 2, 3).buffer)));
    return copiesOf(writer.finish());
  };

  it('are refused when of another version, foreign, cut short or too long', () => {
    expect(() => new DumpReader(dump(2), 1)).toThrow('version 2, this code reads 1');
    expect(() => new DumpReader([Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)], 1)).toThrow('not a state');
    expect(() => new DumpReader([], 1)).toThrow('not a state');
    const short = new DumpReader(dump(1).slice(0, -1), 1);
    expect([short.value(), short.value()]).toEqual([{ text: 'seven' }, 7]);
    expect(() => short.value()).toThrow('cut short');
    expect(() => short.words(3)).toThrow('cut short');
    expect(() => new DumpReader(dump(1), 1).words(2)).toThrow('cut short');
    expect(() => new DumpReader(dump(1), 1).end()).toThrow('longer');
  });

  it('pack a long list slice by slice as the parts are taken, and give it back as it was', () => {
    let packed = 0;
    const writer = new DumpWriter(1);
    writer.list([...Array(1_300).keys()], (number) => {
      packed += 1;
      return [number];
    });
    writer.list([], () => 'nothing');
    writer.lend(ownPart(new Uint8Array(Int32Array.of(7).buffer)));
    const parts = writer.finish();
    const counts: number[] = [];
    const taken = parts.map((part) => {
      const bytes = part.take();
      counts.push(packed);
      return bytes;
    });
    expect([packed, counts]).toEqual([1_300, [0, 500, 1_000, 1_300, 1_300]]);
    const reader = new DumpReader(taken, 1);
    expect(reader.list<number[]>().flat()).toEqual([...Array(1_300).keys()]);
    expect([reader.list(), [...reader.words(1)]]).toEqual([[], [7]]);
    reader.end();
    expect(() => new DumpReader(taken.slice(0, 2), 1).list()).toThrow('cut short');
  });

  it.each([
    ['arrays', (length: number) => new Uint8Array(length)],
    ['Buffers', (length: number) => Buffer.alloc(length)],
  ])('may lie anywhere in %s that are larger', (_, allocate) => {
    for (const offset of [0, 1, 4]) {
      const moved = dump(1).map((bytes) => {
        const larger = allocate(bytes.length + offset);
        larger.set(bytes, offset);
        return larger.subarray(offset);
      });
      const reader = new DumpReader(moved, 1);
      expect([reader.value(), reader.value(), [...reader.words(3)]]).toEqual([{ text: 'seven' }, 7, [1, 2, 3]]);
      reader.end();
    }
  });
});
