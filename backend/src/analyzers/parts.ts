import { PARTS, type Part } from '../contract/index.js';

/** Sets of parts as bits, as a change names its parts millions of times. */
export const NONE = 0;
export const ISSUANCE = 1;
export const COMMUNITY = 2;
export const USERS = 4;
export const DISTRIBUTION = 8;
const BITS: Readonly<Record<Part, number>> = {
  issuance: ISSUANCE,
  community: COMMUNITY,
  users: USERS,
  distribution: DISTRIBUTION,
};
const SETS = Array.from(
  { length: 16 },
  (_, bits): ReadonlySet<Part> => new Set(PARTS.filter((part) => (bits & BITS[part]) !== 0)),
);
const NO_PARTS: ReadonlySet<Part> = new Set();

/** Shared: to be read, not changed. */
export const partsOf = (bits: number): ReadonlySet<Part> => SETS[bits] ?? NO_PARTS;
