import { SpareChunks } from './spareChunks.js';

describe('SpareChunks', () => {
  it('gives a chunk of the length that is asked for, one that was added last first, and each once', () => {
    const spare = new SpareChunks();
    const added: Int32Array[] = [new Int32Array(3), new Int32Array(5), new Int32Array(5)];
    for (const chunk of added) spare.add(chunk);
    const taken = [spare.take(5), spare.take(5), spare.take(5), spare.take(3)];
    expect(taken.map((chunk) => added.indexOf(chunk))).toEqual([2, 1, -1, 0]);
    expect(taken.map(({ length }) => length)).toEqual([5, 5, 5, 3]);
  });

  it('keeps 32 MB and no more, also after some were taken', () => {
    const spare = new SpareChunks();
    const words = 1 << 20;
    const added: Int32Array[] = Array.from({ length: 10 }, () => new Int32Array(words));
    for (const chunk of added) spare.add(chunk);
    const taken = Array.from({ length: 10 }, () => spare.take(words));
    expect(taken.filter((chunk) => added.includes(chunk))).toHaveLength(8);
    for (const chunk of added) spare.add(chunk);
    expect(Array.from({ length: 10 }, () => added.includes(spare.take(words))).filter(Boolean)).toHaveLength(8);
  });
});
