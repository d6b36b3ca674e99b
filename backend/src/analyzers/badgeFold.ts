import type { Badge, BadgeFact, Badges } from './badges.js';
import { dayOf } from './calendar.js';
import type { Communities } from './community.js';
import type { Distribution } from './distribution.js';
import type { Issuance } from './issuance.js';
import { COMMUNITY, DISTRIBUTION, ISSUANCE, NONE, USERS } from './parts.js';
import type { Touched } from './touched.js';
import type { Users } from './users.js';

/**
 * Counts what a badge stands for: of each fact about one the difference between before and after, so that mints,
 * revocations and updates may come, and go again, in any order.
 */
export interface BadgeFoldParts {
  readonly badges: Badges;
  readonly issuance: Issuance;
  readonly distribution: Distribution;
  readonly users: Users;
  readonly communities: Communities;
  readonly touched: Touched;
}

export class BadgeFold {
  constructor(private readonly parts: BadgeFoldParts) {}

  /** @param version of the state with this change. @returns the parts, as bits, that may show something else. */
  apply(fact: BadgeFact, weight: 1 | -1, version: number): number {
    const { badges, distribution, issuance } = this.parts;
    const { before, after } = badges.apply(fact, weight);
    let changed = NONE;
    const mintChanged = !isSameMint(before, after);
    this.#touch(before, after, mintChanged, version);
    if (mintChanged) {
      if (before !== undefined) this.#countMint(before, -1);
      if (after !== undefined) this.#countMint(after, 1);
      changed |= ISSUANCE | USERS | DISTRIBUTION;
      if (this.#isOwned(before) || this.#isOwned(after)) changed |= COMMUNITY;
    }
    if (mintChanged || before?.held !== after?.held) {
      if (before !== undefined && before.held !== 0) distribution.held(before, -1);
      if (after !== undefined && after.held !== 0) distribution.held(after, 1);
      changed |= DISTRIBUTION;
    }
    if (before?.revokedDay !== after?.revokedDay) {
      if (before?.revokedDay !== undefined) issuance.revoked(before.revokedDay, -1);
      if (after?.revokedDay !== undefined) issuance.revoked(after.revokedDay, 1);
      changed |= ISSUANCE;
    }
    return changed;
  }

  #isOwned(badge: Badge | undefined): boolean {
    return badge !== undefined && this.parts.communities.ownerOf(badge) !== 0;
  }

  #touch(before: Badge | undefined, after: Badge | undefined, mintChanged: boolean, version: number): void {
    const { touched } = this.parts;
    // Of the day of a revocation it is told what was revoked.
    const revocationChanged = mintChanged || before?.revokedDay !== after?.revokedDay;
    const heldChanged = before?.held !== after?.held;
    const touchDaysOf = (badge: Badge | undefined): void => {
      if (badge === undefined) return;
      const day = dayOf(badge.atMs);
      if (mintChanged) touched.happened(day, version);
      if (revocationChanged && badge.revokedDay !== undefined) touched.happened(badge.revokedDay, version);
      if (heldChanged) touched.held(day, version);
    };
    touchDaysOf(before);
    touchDaysOf(after);
  }

  #countMint(badge: Badge, weight: 1 | -1): void {
    const { issuance, distribution, users, communities } = this.parts;
    issuance.issued(badge, weight);
    distribution.issued(badge, weight);
    users.issued(badge.recipient, dayOf(badge.atMs), weight);
    communities.issued(badge, weight);
  }
}

function isSameMint(a: Badge | undefined, b: Badge | undefined): boolean {
  return (
    a?.recipient === b?.recipient &&
    a?.issuer === b?.issuer &&
    a?.template === b?.template &&
    a?.print === b?.print &&
    a?.atMs === b?.atMs
  );
}
