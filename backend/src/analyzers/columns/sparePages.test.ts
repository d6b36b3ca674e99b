import { PAGE_WORDS, SparePages } from './sparePages.js';

const MAX_PAGES = 8_192;

describe('SparePages', () => {
  it('gives pages of 4 KB that have no word in common', () => {
    const spare = new SparePages();
    const taken = Array.from({ length: 600 }, () => spare.take());
    taken.forEach((page, at) => page.fill(at));
    expect(taken.every((page, at) => page.length === PAGE_WORDS && page.every((word) => word === at))).toBe(true);
  });

  it('gives 32 MB again, each page once, and holds nothing of what was needed beyond, in whatever order it comes back', () => {
    const spare = new SparePages();
    const held = new Set<ArrayBufferLike>();
    for (let round = 0; round < 3; round++) {
      const taken = Array.from({ length: 20_000 }, () => spare.take());
      expect(new Set(taken).size).toBe(20_000);
      // One of each megabyte after another, the last ones first.
      for (let first = 255; first >= 0; first--)
        for (let at = first; at < taken.length; at += 256) spare.add(taken[at] ?? new Int32Array(0));
      const again = Array.from({ length: MAX_PAGES }, () => spare.take());
      const known = new Set(taken);
      expect(again.filter((page) => known.has(page))).toHaveLength(MAX_PAGES);
      for (const page of again) {
        held.add(page.buffer);
        spare.add(page);
      }
      expect(held.size).toBe(32);
    }
  });
});
