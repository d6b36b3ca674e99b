import { chainAfter, type Block, type Delivery, type Step } from './chain.js';

/** Section 4, case by case, with blocks written as `fork height parent-fork`. */
const block = (name: string): Block => {
  const [fork = '', height = '', parentFork = fork] = name.split(' ');
  return { hash: fork + height, height: Number(height), parent: `${parentFork}${Number(height) - 1}` };
};
const delivery = (apply: string[], rollback: string[] = []): Delivery => ({
  apply: apply.map(block),
  rollback: rollback.map(block),
});
const after = (...steps: Step[]) => {
  const { canonical, unproven } = chainAfter(steps);
  return { canonical: [...canonical].sort(), unproven: [...unproven].sort() };
};
const A123 = delivery(['A 1', 'A 2', 'A 3']);

describe('reference of the canonical chain', () => {
  it('a reorg with its rollbacks', () => {
    const reorg = delivery(['B 2 A', 'B 3'], ['A 3', 'A 2']);
    expect(after(A123, reorg)).toEqual({ canonical: ['A1', 'B2', 'B3'], unproven: [] });
  });

  it('a reorg without rollbacks takes the replaced block and its descendants out', () => {
    expect(after(A123, delivery(['B 2 A']))).toEqual({ canonical: ['A1', 'B2'], unproven: [] });
  });

  it('a block that is not the child of ours below retracts that, and brings back the known parents', () => {
    const toB = delivery(['B 2 A', 'B 3']);
    expect(after(A123, toB, delivery(['A 4']))).toEqual({ canonical: ['A1', 'A2', 'A3', 'A4'], unproven: [] });
  });

  it('a known orphan at a held height is a late duplicate', () => {
    expect(after(A123, delivery(['B 3 A']), delivery(['A 3']))).toEqual({
      canonical: ['A1', 'A2', 'B3'],
      unproven: [],
    });
  });

  it('a known orphan at a vacant height counts again, proven by a block never seen that comes with it', () => {
    const there = delivery(['B 3 A'], ['A 3']);
    const back = delivery(['A 3', 'A 4'], ['B 3 A']);
    expect(after(A123, there, back)).toEqual({ canonical: ['A1', 'A2', 'A3', 'A4'], unproven: [] });
  });

  it('unproven, if all that its delivery tells is known: it may be the late copy of one before', () => {
    const there = delivery(['B 3 A'], ['A 3']);
    const back = delivery(['A 3'], ['B 3 A']);
    expect(after(A123, there, back)).toEqual({ canonical: ['A1', 'A2', 'A3'], unproven: ['A3'] });
    expect(after(A123, there, back, there)).toEqual({ canonical: ['A1', 'A2', 'B3'], unproven: ['B3'] });
    expect(after(A123, there, back, delivery(['A 4'])).unproven).toEqual([]);
  });

  it('what a block that is taken back stood in the place of counts again, unproven, unless it was taken back, too', () => {
    const toB = delivery(['B 2 A']);
    const gone = delivery([], ['B 2 A']);
    expect(after(A123, toB, gone)).toEqual({ canonical: ['A1', 'A2', 'A3'], unproven: ['A2', 'A3'] });
    expect(after(A123, toB, delivery([], ['A 2']), gone)).toEqual({ canonical: ['A1'], unproven: [] });
    expect(after(A123, toB, delivery(['C 2 A'], ['B 2 A']))).toEqual({ canonical: ['A1', 'C2'], unproven: [] });
    const again = [delivery(['B 2 A'], ['A 2']), delivery(['A 2']), gone];
    expect(after(A123, ...again)).toEqual({ canonical: ['A1', 'A2'], unproven: ['A2'] });
  });

  it('what only a block that was taken back named as parent is in doubt', () => {
    const toB = delivery(['B 2 A', 'B 3'], ['A 2', 'A 3']);
    expect(after(A123, toB, delivery(['A 4']))).toEqual({ canonical: ['A1', 'A2', 'A3', 'A4'], unproven: [] });
    const without = delivery([], ['A 4']);
    expect(after(A123, toB, delivery(['A 4']), without)).toEqual({
      canonical: ['A1', 'A2', 'A3'],
      unproven: ['A2', 'A3'],
    });
    expect(after(A123, delivery(['A 4']), without).unproven).toEqual([]);
  });

  it('unproven, if nothing of its delivery is news: it may be late', () => {
    const gone = delivery([], ['A 3', 'A 2']);
    expect(after(A123, gone, delivery(['A 3']))).toEqual({ canonical: ['A1', 'A2', 'A3'], unproven: ['A2', 'A3'] });
    expect(after(A123, gone, delivery(['A 3']), delivery(['A 4'])).unproven).toEqual([]);
  });

  it('a rollback of a block never seen makes it an orphan, and what descends from it', () => {
    expect(after(delivery(['A 3']), delivery([], ['A 2']))).toEqual({ canonical: [], unproven: [] });
  });

  it('blocks of unknown ancestry above a retraction stay, unproven, until they are linked', () => {
    const sparse = delivery(['A 1', 'A 4']);
    const replaced = delivery(['B 1']);
    expect(after(sparse, replaced)).toEqual({ canonical: ['A4', 'B1'], unproven: ['A4'] });
    expect(after(sparse, replaced, delivery(['A 4']))).toEqual({ canonical: ['A4', 'B1'], unproven: ['A4'] });
    const news = delivery(['A 4'], ['B 1']);
    expect(after(sparse, replaced, news)).toEqual({ canonical: ['A1', 'A4'], unproven: ['A1', 'A4'] });
    const newer = delivery(['C 1', 'A 4'], ['B 1']);
    expect(after(sparse, replaced, newer)).toEqual({ canonical: ['A4', 'C1'], unproven: [] });
    expect(after(sparse, replaced, delivery(['A 5']))).toEqual({ canonical: ['A4', 'A5', 'B1'], unproven: [] });
    expect(after(sparse, replaced, delivery(['A 3']))).toEqual({ canonical: ['A3', 'A4', 'B1'], unproven: [] });
  });

  it('a block that fills a gap puts only the child of another parent in doubt', () => {
    expect(after(delivery(['A 1', 'A 3']), delivery(['B 2']))).toEqual({ canonical: ['A3', 'B2'], unproven: ['A3'] });
    expect(after(delivery(['A 1', 'A 4']), delivery(['A 2']))).toEqual({ canonical: ['A1', 'A2', 'A4'], unproven: [] });
  });

  describe('when a node begins anew', () => {
    const anew = { rescanFrom: 2, isPast: () => true };

    it('what it leaves out is in doubt once it has gone beyond', () => {
      expect(after(A123, anew, delivery(['A 3'])).unproven).toEqual([]);
      expect(after(A123, anew, delivery(['A 3']), delivery(['A 5'])).unproven).toEqual(['A2']);
      expect(after(A123, anew, delivery(['A 3']), 'look whether the rescan is over').unproven).toEqual(['A2']);
    });

    it('an orphan that it delivers counts in place of what it leaves out', () => {
      const again = [delivery(['A 2', 'A 3']), delivery(['A 5'])];
      expect(after(A123, delivery(['B 3 A']), anew, ...again)).toEqual({
        canonical: ['A1', 'A2', 'A3', 'A5'],
        unproven: [],
      });
    });

    it('but not in place of what it delivers too, nor after it took it back', () => {
      const again = [delivery(['A 2', 'A 3']), delivery(['A 5'])];
      const canonical = ['A1', 'A2', 'A5', 'B3'];
      expect(after(A123, delivery(['B 3 A']), anew, delivery(['B 3 A']), ...again)).toEqual({
        canonical,
        unproven: [],
      });
      const takenBack = [delivery(['A 2', 'A 3']), delivery([], ['A 3']), delivery(['A 5'])];
      expect(after(A123, delivery(['B 3 A']), anew, ...takenBack)).toEqual({ canonical, unproven: ['B3'] });
    });
  });
});
