import { print, principal, tx, type BlockDescription } from '../support/payloads.js';
import { at, bare, mint, tell, type Scenario } from './scenario.js';

/** Reorgs of which the node tells every block that it takes back. */
const founded = tx('founded', [
  print('template-created', {
    'template-id': 1,
    name: 'Rust',
    description: '',
    category: 'skill',
    'default-level': 1,
    creator: principal('creator'),
  }),
  print('community-created', { 'community-id': 1, name: 'Stackers', description: '', owner: principal('issuer') }),
]);
const joined = tx('joined', [
  print('community-member-added', {
    'community-id': 1,
    member: principal('bob'),
    role: 'member',
    'added-by': principal('issuer'),
  }),
]);
const revoked = tx('revoked', [
  print('badge-revoked', { 'badge-id': 1, issuer: principal('issuer'), 'revoked-by': principal('admin') }),
]);
const raised = tx('raised', [
  print('badge-metadata-updated', {
    'badge-id': 2,
    'old-level': 1,
    'new-level': 3,
    'old-category': 'skill',
    'new-category': 'craft',
    'updated-by': principal('admin'),
  }),
]);

/** Blocks `from` to `to` of a fork, each with one transaction. */
const line = (from: number, to: number, fork: string, badgeAt: (height: number) => number): BlockDescription[] =>
  Array.from({ length: to - from + 1 }, (_, index) => {
    const name = `${from + index}${fork}`;
    return at(index === 0 && fork !== 'A' ? `${name}<A` : name, [mint(badgeAt(from + index))]);
  });

const ground = at('100A', [founded]);
const told = [at('101A', [mint(1), mint(2)]), at('102A', [mint(3), revoked]), at('103A', [raised, mint(4)])];
const begun = tell({ apply: [ground, ...told] }, { accepted: 8, applied: 4 });
const [first, second, third] = told as [BlockDescription, BlockDescription, BlockDescription];

const oneBlock: Scenario = (() => {
  const other = at('101B<A', [mint(2), mint(3)]);
  return {
    name: 'of one block',
    steps: [
      tell({ apply: [ground, first] }, { accepted: 4, applied: 2 }),
      tell({ rollback: [first], apply: [other] }, { accepted: 2, applied: 1, rolledBack: 1 }),
    ],
    counts: [ground, other],
  };
})();

/** The revocation and the update now stand before the mints that they are about. */
const inAnotherOrder: Scenario = (() => {
  const others = [at('101B<A', [mint(4), raised]), at('102B', [revoked, mint(3)]), at('103B', [mint(2), mint(1)])];
  return {
    name: 'of three blocks whose transactions come back in another order',
    steps: [begun, tell({ rollback: told, apply: others }, { accepted: 6, applied: 3, rolledBack: 3 })],
    counts: [ground, ...others],
  };
})();

const inAnotherBlock: Scenario = (() => {
  const others = [at('101B<A', [mint(1)]), at('102B', [mint(2), mint(3), revoked, raised, mint(4)])];
  return {
    name: 'of three blocks whose transactions come back in other blocks, of which one is left empty',
    steps: [begun, tell({ rollback: told.toReversed(), apply: others }, { accepted: 6, applied: 2, rolledBack: 3 })],
    counts: [ground, ...others],
  };
})();

const onAnotherFork: Scenario = (() => {
  const without = [at('101B<A', [joined]), at('102B'), at('103B', [mint(9)])];
  const again = [at('101C<A', [mint(1), mint(3)]), at('102C', [raised, mint(2), revoked]), at('103C', [mint(4)])];
  return {
    name: 'of three blocks whose transactions come back only on the fork after the next',
    steps: [
      begun,
      tell({ rollback: told, apply: without }, { accepted: 2, applied: 3, rolledBack: 3 }),
      tell({ rollback: without, apply: again }, { accepted: 6, applied: 3, rolledBack: 3 }),
    ],
    counts: [ground, ...again],
  };
})();

const deep: Scenario = (() => {
  const lost = line(101, 600, 'A', (height) => height);
  const won = line(101, 600, 'B', (height) => 701 - height);
  return {
    name: '500 deep, at once',
    steps: [
      tell({ apply: [ground, ...lost.slice(0, 250)] }, { accepted: 252, applied: 251 }),
      tell({ apply: lost.slice(250) }, { accepted: 250, applied: 250 }),
      tell({ rollback: lost, apply: won }, { accepted: 500, applied: 500, rolledBack: 500 }),
    ],
    counts: [ground, ...won],
  };
})();

const thereAndBack: Scenario = (() => {
  const other = [at('101B<A', [mint(2), joined]), at('102B', [mint(1)])];
  const next = at('104A', [mint(8)]);
  return {
    name: 'A → B → A, as the next block proves',
    steps: [
      begun,
      tell({ rollback: told, apply: other }, { accepted: 3, applied: 2, rolledBack: 3 }),
      tell({ rollback: other, apply: [...told, next] }, { accepted: 1, duplicates: 6, applied: 4, rolledBack: 2 }),
    ],
    counts: [ground, ...told, next],
  };
})();

/** The copy of what was told before looks like one turn more of the chain. */
const lateCopy: Scenario = (() => {
  const other = [at('101B<A', [mint(2), joined]), at('102B', [mint(1)])];
  const there = { rollback: told, apply: other };
  return {
    name: 'A → B → A, of which the first turn is delivered again: what counts then may not',
    steps: [
      begun,
      tell(there, { accepted: 3, applied: 2, rolledBack: 3 }),
      tell({ rollback: other, apply: told }, { duplicates: 6, applied: 3, rolledBack: 2 }),
      tell(there, { duplicates: 3, applied: 2, rolledBack: 3 }),
    ],
    counts: [ground, ...other],
    unproven: other,
  };
})();

const roundAbout: Scenario = (() => {
  const b = [at('101B<A', [mint(2), joined]), at('102B', [mint(1)])];
  const c = [at('102C<B', [mint(3), mint(1)]), at('103C', [mint(5)])];
  const next = at('104A', [mint(8)]);
  const [lowB, highB] = b as [BlockDescription, BlockDescription];
  return {
    name: 'A → B → C → A, where C stands on a block of B',
    steps: [
      begun,
      tell({ rollback: told, apply: b }, { accepted: 3, applied: 2, rolledBack: 3 }),
      tell({ rollback: [highB], apply: c }, { accepted: 3, applied: 2, rolledBack: 1 }),
      tell({ rollback: [...c, lowB], apply: told }, { duplicates: 6, applied: 3, rolledBack: 3 }),
      tell({ apply: [next] }, { accepted: 1, applied: 1 }),
    ],
    counts: [ground, ...told, next],
  };
})();

const neverSeen: Scenario = (() => {
  const strange = at('101X<A', [mint(7), mint(8)]);
  const other = at('101B<A', [mint(7)]);
  return {
    name: 'that takes back a block never seen, and later comes back to it',
    steps: [
      tell({ apply: [ground] }, { accepted: 2, applied: 1 }),
      tell({ rollback: [strange], apply: [other] }, { accepted: 3, applied: 1 }),
      tell({ rollback: [other], apply: [strange] }, { duplicates: 2, applied: 1, rolledBack: 1 }),
    ],
    counts: [ground, strange],
    unproven: [strange],
  };
})();

const withoutTransactions: Scenario = (() => {
  const other = at('101B<A', [mint(1), joined]);
  return {
    name: 'whose rollback comes without transactions',
    steps: [
      begun,
      tell({ rollback: told.map(bare), apply: [other] }, { accepted: 2, applied: 1, rolledBack: 3 }),
      tell({ rollback: [bare(other)], apply: told.map(bare) }, { applied: 3, rolledBack: 1 }),
    ],
    counts: [ground, ...told],
    unproven: told,
  };
})();

const backwards: Scenario = (() => {
  const other = at('102B<A', [mint(4)]);
  return {
    name: 'after which the tip is lower for a while',
    steps: [
      begun,
      tell({ rollback: [third, second] }, { rolledBack: 2 }),
      tell({ apply: [other] }, { accepted: 1, applied: 1 }),
    ],
    counts: [ground, first, other],
  };
})();

const notReplaced: Scenario = (() => {
  const later = at('104B', [mint(4)]);
  return {
    name: 'whose orphans are replaced by blocks without a matching event',
    steps: [
      begun,
      tell({ rollback: [third, second] }, { rolledBack: 2 }),
      tell({ apply: [later] }, { accepted: 1, applied: 1 }),
    ],
    counts: [ground, first, later],
  };
})();

export const TOLD: readonly Scenario[] = [
  oneBlock,
  inAnotherOrder,
  inAnotherBlock,
  onAnotherFork,
  deep,
  thereAndBack,
  lateCopy,
  roundAbout,
  neverSeen,
  withoutTransactions,
  backwards,
  notReplaced,
];
