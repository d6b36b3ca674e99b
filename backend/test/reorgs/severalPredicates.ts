import { print, principal, tx } from '../support/payloads.js';
import { at, mint, tell, type Scenario } from './scenario.js';

/** Reorgs that come through two predicates: one for badges, one for communities, each with its own part of the blocks. */
const founded = (community: number) =>
  tx(`founded ${community}`, [
    print('community-created', {
      'community-id': community,
      name: `Community ${community}`,
      description: '',
      owner: principal('issuer'),
    }),
  ]);

const badges = at('101A', [mint(1), mint(2)]);
const communities = at('101A', [{ ...founded(1), index: 5 }]);
const both = at('101A', [mint(1), mint(2), { ...founded(1), index: 5 }]);
const ground = at('100A', [mint(100)]);

const oneLate: Scenario = {
  name: 'two predicates deliver different parts of one block, one of them late',
  steps: [
    tell({ apply: [ground, badges] }, { accepted: 3, applied: 2 }),
    tell({ apply: [at('102A', [mint(3)])] }, { accepted: 1, applied: 1 }),
    tell({ apply: [communities] }, { accepted: 1 }),
  ],
  counts: [ground, both, at('102A', [mint(3)])],
};

const lateForAnOrphan: Scenario = (() => {
  const other = at('101B<A', [mint(2)]);
  const otherCommunity = at('101B<A', [{ ...founded(2), index: 5 }]);
  return {
    name: 'the part of one comes when the other has told the reorg, and is taken back by the reorg of its own',
    steps: [
      tell({ apply: [ground, badges] }, { accepted: 3, applied: 2 }),
      tell({ rollback: [badges], apply: [other] }, { accepted: 1, applied: 1, rolledBack: 1 }),
      tell({ apply: [communities] }, { accepted: 1 }),
      tell({ rollback: [communities], apply: [otherCommunity] }, { accepted: 1 }),
    ],
    counts: [ground, at('101B<A', [mint(2), { ...founded(2), index: 5 }])],
  };
})();

const lateAndBack: Scenario = (() => {
  const other = at('101B<A', [mint(2)]);
  return {
    name: 'the part of one comes while the block is an orphan, and counts when the chain comes back',
    steps: [
      tell({ apply: [ground, badges] }, { accepted: 3, applied: 2 }),
      tell({ rollback: [badges], apply: [other] }, { accepted: 1, applied: 1, rolledBack: 1 }),
      tell({ apply: [communities] }, { accepted: 1 }),
      tell({ rollback: [other], apply: [badges] }, { duplicates: 2, applied: 1, rolledBack: 1 }),
    ],
    counts: [ground, both],
    unproven: [both],
  };
})();

const lateAndAlone: Scenario = {
  name: 'the part of one comes when the block was taken back, and that one never takes it back: it counts, unproven',
  steps: [
    tell({ apply: [ground, badges] }, { accepted: 3, applied: 2 }),
    tell({ rollback: [badges] }, { rolledBack: 1 }),
    tell({ apply: [communities] }, { accepted: 1, applied: 1 }),
    tell({ apply: [communities] }, { duplicates: 1 }),
  ],
  counts: [ground, both],
  unproven: [both],
};

const lateBesideAnother: Scenario = (() => {
  const lost = [badges, at('102A', [mint(3)])];
  const won = at('101B<A', [mint(2)]);
  return {
    name: 'one tells the old fork again where the new one is shorter, and it moves nothing',
    steps: [
      tell({ apply: [ground, ...lost] }, { accepted: 4, applied: 3 }),
      tell({ rollback: lost, apply: [won] }, { accepted: 1, applied: 1, rolledBack: 2 }),
      tell({ apply: lost.slice(1) }, { duplicates: 1 }),
      tell({ rollback: lost.slice(1) }, {}),
    ],
    counts: [ground, won],
  };
})();

const lateAndTakenBack: Scenario = {
  name: 'the part of one comes when the block was taken back, and then that one takes it back too',
  steps: [...lateAndAlone.steps, tell({ rollback: [communities] }, { rolledBack: 1 })],
  counts: [ground],
};

const toldTwice: Scenario = (() => {
  const lost = [at('102A', [mint(3)]), at('103A', [mint(4)])];
  const won = [at('102B<A', [mint(4)]), at('103B', [mint(3)]), at('104B', [mint(5)])];
  const reorg = { rollback: lost, apply: won };
  return {
    name: 'the same reorg is told by both, and the second time changes nothing',
    steps: [
      tell({ apply: [ground, both, ...lost] }, { accepted: 6, applied: 4 }),
      tell(reorg, { accepted: 3, applied: 3, rolledBack: 2 }),
      tell(reorg, { duplicates: 3 }),
    ],
    counts: [ground, both, ...won],
  };
})();

const rollbackAfterTheApply: Scenario = (() => {
  const lost = at('102A', [{ ...founded(2), index: 5 }]);
  const won = at('102B<A', [mint(3)]);
  return {
    name: 'one brings the new block before the other takes back the old one',
    steps: [
      tell({ apply: [ground, both, lost] }, { accepted: 5, applied: 3 }),
      tell({ apply: [won] }, { accepted: 1, applied: 1, rolledBack: 1 }),
      tell({ rollback: [lost] }, {}),
    ],
    counts: [ground, both, won],
  };
})();

/** The rules take a block never seen for news, wherever it comes from. */
const misled = (() => {
  const first = at('101B<A', [mint(2)]);
  const second = at('102B', [mint(3)]);
  const strange = at('102A', [{ ...founded(2), index: 5 }]);
  return {
    counts: [ground, first, second],
    steps: [
      tell({ apply: [ground, badges] }, { accepted: 3, applied: 2 }),
      tell({ rollback: [badges], apply: [first, second] }, { accepted: 2, applied: 2, rolledBack: 1 }),
      tell({ apply: [strange] }, { accepted: 1, applied: 2, rolledBack: 2 }),
      tell({ rollback: [strange] }, { rolledBack: 1 }),
    ],
  };
})();

const oneForkBehindAlone: Scenario = {
  name: 'one is a fork behind, and what it tells misleads: what it brought back is in doubt when it takes the rest back',
  steps: misled.steps,
  counts: [ground, badges],
  unproven: [badges],
};

const oneForkBehind: Scenario = (() => {
  const next = at('103B', [mint(4)]);
  return {
    name: 'one is a fork behind, and what it tells misleads until the next block names its parent',
    steps: [...misled.steps, tell({ apply: [next] }, { accepted: 1, applied: 3, rolledBack: 1 })],
    counts: [...misled.counts, next],
  };
})();

const oneForkBehindUntilTheRescan: Scenario = (() => {
  const next = at('104B', [mint(4)]);
  return {
    name: 'one is a fork behind, and what it tells misleads until the node begins anew',
    steps: [
      ...misled.steps,
      tell({ apply: [next] }, { accepted: 1, applied: 1 }),
      { rescanFrom: 100 },
      tell({ apply: misled.counts }, { duplicates: 3, applied: 2, rolledBack: 1 }),
      tell({ apply: [next] }, { duplicates: 1 }),
    ],
    counts: [...misled.counts, next],
  };
})();

export const BY_SEVERAL_PREDICATES: readonly Scenario[] = [
  oneLate,
  lateForAnOrphan,
  lateAndBack,
  lateAndAlone,
  lateBesideAnother,
  lateAndTakenBack,
  toldTwice,
  rollbackAfterTheApply,
  oneForkBehindAlone,
  oneForkBehind,
  oneForkBehindUntilTheRescan,
];
