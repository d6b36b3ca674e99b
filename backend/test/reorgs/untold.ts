import { at, mint, tell, type Scenario } from './scenario.js';

/** Reorgs of which the node leaves out what it takes back, in whole or in part; and where nothing tells, who is in doubt. */
const ground = at('100A', [mint(100)]);
const low = at('101A', [mint(1), mint(2)]);
const middle = at('102A', [mint(3)]);
const high = at('103A', [mint(4)]);
const begun = tell({ apply: [ground, low, middle, high] }, { accepted: 5, applied: 4 });

const replaced: Scenario = (() => {
  const other = at('101B<A', [mint(2), mint(5)]);
  return {
    name: 'replaces a height without a rollback, and what stood on it goes too',
    steps: [begun, tell({ apply: [other] }, { accepted: 2, applied: 1, rolledBack: 3 })],
    counts: [ground, other],
  };
})();

const deep: Scenario = (() => {
  const heights = Array.from({ length: 500 }, (_, index) => 101 + index);
  const lost = heights.map((height) => at(`${height}A`, [mint(height)]));
  const won = heights.map((height) => at(height === 101 ? '101B<A' : `${height}B`, [mint(701 - height)]));
  return {
    name: '500 deep, block by block from the bottom',
    steps: [
      tell({ apply: [ground, ...lost] }, { accepted: 501, applied: 501 }),
      tell({ apply: won.slice(0, 1) }, { accepted: 1, applied: 1, rolledBack: 500 }),
      tell({ apply: won.slice(1) }, { accepted: 499, applied: 499 }),
    ],
    counts: [ground, ...won],
  };
})();

const deepFromTheTop: Scenario = (() => {
  const heights = Array.from({ length: 500 }, (_, index) => 101 + index);
  const lost = heights.map((height) => at(`${height}A`, [mint(height)]));
  const tip = at('601B', [mint(601)]);
  return {
    name: '500 deep, of which only the first block above is told: the rest nobody can know until the node begins anew',
    steps: [
      tell({ apply: [ground, ...lost] }, { accepted: 501, applied: 501 }),
      tell({ apply: [tip] }, { accepted: 1, applied: 1, rolledBack: 1 }),
      { rescanFrom: 100 },
      tell({ apply: [ground, tip] }, { duplicates: 2 }),
      tell({ apply: [at('602B', [mint(602)])] }, { accepted: 1, applied: 1 }),
    ],
    counts: [ground, ...lost.slice(0, -1), tip, at('602B', [mint(602)])],
    unproven: lost.slice(0, -1),
  };
})();

const incomplete: Scenario = (() => {
  const others = [at('101B<A', [mint(1)]), at('102B', [mint(3), mint(2)])];
  return {
    name: 'with a rollback of the highest block only',
    steps: [begun, tell({ rollback: [high], apply: others }, { accepted: 3, applied: 2, rolledBack: 3 })],
    counts: [ground, ...others],
  };
})();

const lowestOnly: Scenario = {
  name: 'with a rollback of the lowest block only: what descends from it goes too',
  steps: [begun, tell({ rollback: [low] }, { rolledBack: 3 })],
  counts: [ground],
};

const backByTheNextBlock: Scenario = (() => {
  const others = [at('101B<A', [mint(1)]), at('102B', [mint(3)])];
  const next = at('104A', [mint(5)]);
  return {
    name: 'A → B → A, of which the block tells that names an orphan as its parent',
    steps: [
      begun,
      tell({ apply: others }, { accepted: 2, applied: 2, rolledBack: 3 }),
      tell({ apply: [next] }, { accepted: 1, applied: 4, rolledBack: 2 }),
    ],
    counts: [ground, low, middle, high, next],
  };
})();

const roundAboutByParents: Scenario = (() => {
  const b = [at('101B<A', [mint(1)]), at('102B', [mint(3)])];
  const c = [at('101C<A', [mint(2)]), at('103C', [mint(6)])];
  const next = at('104A', [mint(5)]);
  return {
    name: 'A → B → C → A, all of it without a rollback',
    steps: [
      begun,
      tell({ apply: b }, { accepted: 2, applied: 2, rolledBack: 3 }),
      tell({ apply: c }, { accepted: 2, applied: 2, rolledBack: 2 }),
      tell({ apply: [next] }, { accepted: 1, applied: 4, rolledBack: 2 }),
    ],
    counts: [ground, low, middle, high, next],
  };
})();

const notTheParent: Scenario = (() => {
  const next = at('104B', [mint(5)]);
  return {
    name: 'whose orphan is replaced by a block without a matching event: the next block tells, for it has another parent',
    steps: [begun, tell({ apply: [next] }, { accepted: 1, applied: 1, rolledBack: 1 })],
    counts: [ground, low, middle, next],
  };
})();

const nothingTells: Scenario = (() => {
  const next = [at('105B', [mint(5)]), at('106B', [mint(6)])];
  return {
    name: 'whose orphans are replaced by blocks without a matching event: that shows when the node begins anew',
    steps: [
      begun,
      tell({ apply: next.slice(0, 1) }, { accepted: 1, applied: 1 }),
      { rescanFrom: 100 },
      tell({ apply: [ground, ...next] }, { accepted: 1, duplicates: 2, applied: 1 }),
    ],
    counts: [ground, low, middle, high, ...next],
    unproven: [low, middle, high],
  };
})();

const backByTheRescan: Scenario = (() => {
  const other = at('103B<A', [mint(5)]);
  const next = at('105A', [mint(6)]);
  return {
    name: 'A → B → A, of which nothing tells until the node begins anew and leaves B out',
    steps: [
      begun,
      tell({ apply: [other] }, { accepted: 1, applied: 1, rolledBack: 1 }),
      tell({ apply: [high] }, { duplicates: 1 }),
      { rescanFrom: 100 },
      tell({ apply: [ground, low, middle, high] }, { duplicates: 5 }),
      tell({ apply: [next] }, { accepted: 1, applied: 2, rolledBack: 1 }),
    ],
    counts: [ground, low, middle, high, next],
  };
})();

const inTheAir: Scenario = (() => {
  const above = [at('104A', [mint(5)]), at('105A', [mint(6)])];
  const other = at('101B<A', [mint(2)]);
  const next = at('106A', [mint(7)]);
  const far = at('109A', [mint(8)]);
  const proof = at('107A', [mint(9)]);
  return {
    name: 'below blocks of unknown ancestry: they count on, unproven, until something proves them',
    steps: [
      tell({ apply: [ground, low, ...above] }, { accepted: 5, applied: 4 }),
      tell({ apply: [other] }, { accepted: 1, applied: 1, rolledBack: 1 }),
      tell({ apply: [far] }, { accepted: 1, applied: 1 }),
      tell({ apply: [next] }, { accepted: 1, applied: 1 }),
      tell({ rollback: [other] }, { applied: 1, rolledBack: 1 }),
      tell({ apply: [proof] }, { accepted: 1, applied: 1 }),
    ],
    counts: [ground, low, ...above, next, far, proof],
    unproven: [low, far],
  };
})();

const backwards: Scenario = (() => {
  const others = [at('101B<A', [mint(1)]), at('102B', [mint(2)])];
  return {
    name: 'after which the tip is lower',
    steps: [
      begun,
      tell({ apply: others.slice(0, 1) }, { accepted: 1, applied: 1, rolledBack: 3 }),
      tell({ apply: others.slice(1) }, { accepted: 1, applied: 1 }),
    ],
    counts: [ground, ...others],
  };
})();

const lateForAnOrphan: Scenario = (() => {
  const other = at('101B<A', [mint(2)]);
  const more = at('101A', [mint(1), mint(2), mint(8)]);
  return {
    name: 'after which something is still delivered for the orphan: kept, and not counted',
    steps: [
      tell({ apply: [ground, low] }, { accepted: 3, applied: 2 }),
      tell({ apply: [other] }, { accepted: 1, applied: 1, rolledBack: 1 }),
      tell({ apply: [more] }, { accepted: 1, duplicates: 2 }),
    ],
    counts: [ground, other],
  };
})();

const lateForAnOrphanThatReturns: Scenario = (() => {
  const more = at('101A', [mint(1), mint(2), mint(8)]);
  return {
    ...lateForAnOrphan,
    name: 'after which something is still delivered for the orphan, to which the chain then returns: counted',
    steps: [...lateForAnOrphan.steps, tell({ apply: [middle] }, { accepted: 1, applied: 2, rolledBack: 1 })],
    counts: [ground, more, middle],
  };
})();

export const NOT_TOLD: readonly Scenario[] = [
  replaced,
  deep,
  deepFromTheTop,
  incomplete,
  lowestOnly,
  backByTheNextBlock,
  roundAboutByParents,
  notTheParent,
  nothingTells,
  backByTheRescan,
  inTheAir,
  backwards,
  lateForAnOrphan,
  lateForAnOrphanThatReturns,
];
