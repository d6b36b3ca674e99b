import { PAGE_WORDS, SparePages } from './sparePages.js';

describe('SparePages', () => {
  it('gives pages of 4 KB that have no word in common', () => {
    const spare = new SparePages();
    const taken = Array.from({ length: 600 }, () => spare.take());
    taken.forEach((page, at) => page.fill(at));
    expect(taken.every((page, at) => page.length === PAGE_WORDS && page.every((word) => word === at))).toBe(true);
  });

  it('gives what was added again, each once, and keeps 32 MB of it and no more', () => {
    const spare = new SparePages();
    const added = new Set<Int32Array>(Array.from({ length: 9_000 }, () => new Int32Array(1)));
    for (const page of added) spare.add(page);
    const taken = Array.from({ length: 9_000 }, () => spare.take());
    expect(taken.filter((page) => added.has(page))).toHaveLength(8_192);
    expect(new Set(taken).size).toBe(9_000);
  });
});
