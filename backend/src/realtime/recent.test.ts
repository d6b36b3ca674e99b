import { Recent } from './recent.js';

/** A writer and one that hears of it. */
describe('what a writer did last', () => {
  let writer: Recent<number>;
  let reader: Recent<number>;
  beforeEach(() => {
    writer = new Recent(3);
    reader = new Recent(3);
  });
  const note = (...things: number[]): void => things.forEach((thing) => writer.note(thing));

  test('is told once, and what was before the first time that one asks is not', () => {
    note(1, 2);
    expect(reader.newIn('a', writer.told)).toEqual([]);
    note(3, 4);
    expect(reader.newIn('a', writer.told)).toEqual([3, 4]);
    expect(reader.newIn('a', writer.told)).toEqual([]);
  });

  test('is not told again when what the writer said before comes late', () => {
    reader.newIn('a', writer.told);
    note(1);
    const earlier = writer.told;
    note(2);
    expect(reader.newIn('a', writer.told)).toEqual([1, 2]);
    expect(reader.newIn('a', earlier)).toEqual([]);
    expect(reader.newIn('a', writer.told)).toEqual([]);
    note(3);
    expect(reader.newIn('a', writer.told)).toEqual([3]);
  });

  test('is told up to the bound when more came at once', () => {
    reader.newIn('a', writer.told);
    note(1, 2, 3, 4, 5);
    expect(writer.told).toEqual({ count: 5, last: [3, 4, 5] });
    expect(reader.newIn('a', writer.told)).toEqual([3, 4, 5]);
  });

  test('is all new of a writer that has just begun, be it more or less than of the one before', () => {
    note(1, 2);
    reader.newIn('a', writer.told);
    writer.begin();
    note(3);
    expect(reader.newIn('b', writer.told)).toEqual([3]);
    writer.begin();
    note(4, 5);
    expect(reader.newIn('c', writer.told)).toEqual([4, 5]);
  });

  test('is not told again by a writer that comes back', () => {
    note(1, 2, 3);
    reader.newIn('a', writer.told);
    reader.newIn('b', { count: 1, last: [9] });
    writer.begin();
    expect(reader.newIn('c', writer.told)).toEqual([]);
  });
});
