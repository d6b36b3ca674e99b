import { compareFacts, type BadgeIssued, type BadgeRevoked, type BadgeUpdated } from '../events/fact.js';
import { BadgeIds } from './badgeIds.js';
import { dayOf } from './calendar.js';
import { together } from './columns/dump.js';
import { Rows } from './columns/rows.js';
import type { Names } from './names.js';
import { STAMP_FIELDS, Stamps } from './stamps.js';
import { Surplus } from './surplus.js';

/**
 * The register of badges: the facts about each badge id, one row of 56 bytes a fact. What a badge counts for is a pure
 * function of the set of its facts; it is told before and after each change, so that who counts takes the difference.
 */
export type BadgeFact = BadgeIssued | BadgeRevoked | BadgeUpdated;

/** What a badge counts for. Principals, templates and prints by their numbers. */
export interface Badge {
  readonly recipient: number;
  readonly issuer: number;
  readonly template: number;
  /** As at the mint. */
  readonly print: number;
  /** Time of the mint, ms. */
  readonly atMs: number;
  /** What it shows now if it is held; 0 once it is revoked. */
  readonly held: number;
  /** Day of the first revocation. */
  readonly revokedDay: number | undefined;
}

/** Next row of the same badge × 4 + kind of fact in this row. */
const LINK = 0;
/** In a badge's first row only: the next of the index's bucket, and the number of the badge id. */
const INDEX_LINK = 1;
const KEY = 2;
const STAMP = 3;
const RECIPIENT = STAMP + STAMP_FIELDS;
const ISSUER = RECIPIENT + 1;
const TEMPLATE = ISSUER + 1;
/** Of a mint as printed, of an update what it changed to. */
const PRINT = TEMPLATE + 1;
const WIDTH = PRINT + 1;

const EMPTY = 0;
const MINT = 1;
const REVOCATION = 2;
const UPDATE = 3;

export class Badges {
  readonly #rows = new Rows(WIDTH);
  readonly #ids = new BadgeIds(this.#rows, INDEX_LINK, KEY);
  readonly #stamps = new Stamps(this.#rows, STAMP);
  readonly #surplus = new Surplus();
  readonly stored = together(this.#rows, this.#ids, this.#stamps, this.#surplus);

  constructor(private readonly names: Names) {}

  /** Adds or removes a fact. @returns what its badge counted for before and counts for now. */
  apply(fact: BadgeFact, weight: 1 | -1): { before: Badge | undefined; after: Badge | undefined } {
    const first = this.#ids.add(fact.props.badgeId);
    const row = this.#rowOf(first, fact.id);
    const before = this.#read(first);
    if (!this.#surplus.admits(fact.id, weight, row !== 0)) return { before, after: before };
    if (weight === 1) this.#insert(first, fact);
    else this.#remove(first, row);
    return { before, after: this.#read(first) };
  }

  /** What the badge counts for; undefined if no mint of it is known. */
  get(badgeId: string): Badge | undefined {
    return this.#read(this.#ids.find(badgeId));
  }

  /** The first mint, the first revocation and the latest update count. */
  #read(first: number): Badge | undefined {
    let mint = 0;
    let revocation = 0;
    let update = 0;
    for (let row = first; row !== 0; row = this.#next(row)) {
      const kind = this.#kind(row);
      if (kind === MINT && (mint === 0 || this.#isBefore(row, mint))) mint = row;
      if (kind === REVOCATION && (revocation === 0 || this.#isBefore(row, revocation))) revocation = row;
      if (kind === UPDATE && (update === 0 || this.#isBefore(update, row))) update = row;
    }
    if (mint === 0) return undefined;
    return {
      recipient: this.#rows.get(mint, RECIPIENT),
      issuer: this.#rows.get(mint, ISSUER),
      template: this.#rows.get(mint, TEMPLATE),
      print: this.#rows.get(mint, PRINT),
      atMs: this.#stamps.atMs(mint),
      held: revocation === 0 ? this.#rows.get(update === 0 ? mint : update, PRINT) : 0,
      revokedDay: revocation === 0 ? undefined : dayOf(this.#stamps.atMs(revocation)),
    };
  }

  #rowOf(first: number, factId: string): number {
    let row = first;
    while (row !== 0 && !(this.#kind(row) !== EMPTY && this.#stamps.isOf(row, factId))) row = this.#next(row);
    return row;
  }

  #insert(first: number, fact: BadgeFact): void {
    let row = first;
    if (this.#kind(first) !== EMPTY) {
      row = this.#rows.add();
      this.#link(row, this.#next(first), EMPTY);
      this.#link(first, row, this.#kind(first));
    }
    this.#link(row, this.#next(row), this.#write(row, fact));
    this.#stamps.write(row, fact);
  }

  /** Writes what the fact says. @returns its kind. */
  #write(row: number, fact: BadgeFact): number {
    switch (fact.type) {
      case 'badge_issued': {
        const { recipient, issuer, templateId, level, category, communityId } = fact.props;
        const community = communityId === undefined ? 0 : this.names.communities.add(communityId);
        this.#rows.set(row, RECIPIENT, this.names.principals.add(recipient));
        this.#rows.set(row, ISSUER, this.names.issuers.add(issuer));
        this.#rows.set(row, TEMPLATE, this.names.templates.add(templateId));
        this.#rows.set(row, PRINT, this.names.prints.add(level, category, community));
        return MINT;
      }
      case 'badge_updated':
        this.#rows.set(row, PRINT, this.names.prints.add(fact.props.newLevel, fact.props.newCategory, 0));
        return UPDATE;
      case 'badge_revoked':
        return REVOCATION;
    }
  }

  #remove(first: number, row: number): void {
    this.#stamps.erase(row);
    if (row === first) {
      // The first row stays, as the badge id leads to it.
      this.#link(first, this.#next(first), EMPTY);
      return;
    }
    let previous = first;
    while (this.#next(previous) !== row) previous = this.#next(previous);
    this.#link(previous, this.#next(row), this.#kind(previous));
    this.#rows.free(row);
  }

  #isBefore(row: number, other: number): boolean {
    return compareFacts(this.#stamps.read(row), this.#stamps.read(other)) < 0;
  }

  #next(row: number): number {
    return this.#rows.get(row, LINK) >>> 2;
  }

  #kind(row: number): number {
    return this.#rows.get(row, LINK) & 3;
  }

  #link(row: number, next: number, kind: number): void {
    this.#rows.set(row, LINK, (next << 2) | kind);
  }
}
