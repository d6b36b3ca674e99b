import {
  HEADLINE_METRICS,
  type CommunityMetrics,
  type CoreMetrics,
  type DistributionMetrics,
  type HeadlineItem,
  type HeadlineMetric,
  type IssuanceMetrics,
  type Part,
  type UnrecordedMetric,
  type UserMetrics,
} from '../contract/index.js';
import type { Change } from '../events/fact.js';
import { BadgeFold } from './badgeFold.js';
import { Badges } from './badges.js';
import { dayOf, rangeBefore, type DayRange } from './calendar.js';
import { DumpReader, DumpWriter, together, type Part as DumpPart } from './columns/dump.js';
import { Communities, type Community } from './community.js';
import { Distribution } from './distribution.js';
import { Foresight } from './foresight.js';
import { Issuance } from './issuance.js';
import { Memo } from './memo.js';
import { Names } from './names.js';
import { average, change, percentage } from './numbers.js';
import { COMMUNITY, DISTRIBUTION, ISSUANCE, NONE, partsOf, USERS } from './parts.js';
import { Templates } from './templates.js';
import { Touched, type Scope } from './touched.js';
import { Users } from './users.js';

/** Goes up with every change of what a dump holds or means. */
const STATE_VERSION = 8;

/** What an activity item says of a badge; `communityId` only when a community that exists owns it. */
export interface BadgeNames {
  readonly templateId: string;
  readonly recipient: string;
  readonly communityId?: string;
}

/**
 * All live metrics over the canonical facts. A pure function of the set of facts folded so far and of the UTC day of
 * `now`, whatever the order they came in; nothing here reads a clock. Reads cost the same however long history is.
 * Answers are shared between callers: they are to be read, not changed.
 */
export class Aggregator {
  readonly #names = new Names();
  readonly #badges = new Badges(this.#names);
  readonly #templates = new Templates(this.#names);
  readonly #issuance = new Issuance(this.#names, this.#templates);
  readonly #distribution = new Distribution(this.#names, this.#templates);
  readonly #touched = new Touched();
  readonly #touch = (day: number): void => this.#touched.happened(day, this.#changes);
  readonly #users = new Users(this.#touch);
  readonly #communities = new Communities(this.#names, this.#users, this.#touch);
  readonly #badgeFold = new BadgeFold({
    badges: this.#badges,
    issuance: this.#issuance,
    distribution: this.#distribution,
    users: this.#users,
    communities: this.#communities,
    touched: this.#touched,
  });
  readonly #foresight = new Foresight({
    names: this.#names,
    distribution: this.#distribution,
    users: this.#users,
  });
  readonly #stored = together(
    this.#names.stored,
    this.#badges.stored,
    this.#templates.stored,
    this.#issuance.stored,
    this.#distribution.stored,
    this.#users.stored,
    this.#communities.stored,
  );
  /** What does not depend on the range is computed once for a state and a day. */
  readonly #standing = {
    issuance: new Memo<ReturnType<Issuance['standing']>>(),
    community: new Memo<ReturnType<Communities['standing']>>(),
    users: new Memo<ReturnType<Users['standing']>>(),
    distribution: new Memo<DistributionMetrics>(),
  };
  #changes = 0;

  /**
   * Folds changes and tells which parts may show something else now.
   * @throws when a change cannot be folded; what came before it in `changes` is folded, the rest is not.
   */
  apply(changes: readonly Change[]): ReadonlySet<Part> {
    let changed = 0;
    for (const each of changes) {
      this.#changes += 1;
      changed |= this.#fold(each);
    }
    return partsOf(changed);
  }

  /** Tells which changes are folded next, `AHEAD` at the most: it goes faster then. Nothing is changed. */
  foresee(changes: readonly Change[]): void {
    this.#foresight.look(changes);
  }

  issuance(range: DayRange, now: number): IssuanceMetrics {
    const today = dayOf(now);
    const { topBadges, badgesByIssuer } = this.distribution(now);
    return {
      ...this.#standing.issuance.get(this.#basis(today), () => this.#issuance.standing(today)),
      dailyIssuance: this.#issuance.daily(range),
      byIssuer: Object.fromEntries(badgesByIssuer.map(({ issuer, totalIssued }) => [issuer, totalIssued])),
      topBadges,
    };
  }

  community(range: DayRange, now: number): CommunityMetrics {
    const today = dayOf(now);
    return {
      ...this.#standing.community.get(this.#basis(today), () => this.#communities.standing(today)),
      ...this.#communities.daily(range),
    };
  }

  users(range: DayRange, now: number): UserMetrics {
    const today = dayOf(now);
    const standing = this.#standing.users.get(this.#basis(today), () =>
      this.#users.standing(today, this.#issuance.total, this.#issuance.hourly(today)),
    );
    return { ...standing, ...this.#users.daily(range) };
  }

  distribution(now: number): DistributionMetrics {
    const today = dayOf(now);
    return this.#standing.distribution.get(this.#basis(today), () => this.#distribution.read(today));
  }

  /** The five core numbers; they do not depend on the time. */
  metrics(): CoreMetrics {
    return {
      totalBadgesIssued: this.#issuance.total,
      totalUsers: this.#users.total,
      totalCommunities: this.#communities.total,
      averageBadgesPerUser: average(this.#issuance.total, this.#users.total),
      engagementRate: percentage(this.#users.withBadges, this.#users.total),
    };
  }

  /** Numbers as of now that no snapshot keeps. */
  unrecorded(): Record<UnrecordedMetric, number> {
    return { activeBadges: this.#issuance.held, totalMembers: this.#communities.members };
  }

  /** The six numbers of the range, each beside that of as many days just before. */
  headline(range: DayRange): HeadlineItem[] {
    return HEADLINE_METRICS.map((metric) => {
      const value = this.count(metric, range);
      const previous = this.count(metric, rangeBefore(range));
      return { metric, value, previous, change: change(value, previous) };
    });
  }

  /** One number of the headline. */
  count(metric: HeadlineMetric, range: DayRange): number {
    switch (metric) {
      case 'badgesIssued':
        return this.#issuance.issuedIn(range);
      case 'badgesRevoked':
        return this.#issuance.revokedIn(range);
      case 'newUsers':
        return this.#users.newIn(range);
      case 'activeUsers':
        return this.#users.activeIn(range);
      case 'newCommunities':
        return this.#communities.createdIn(range);
      case 'newMembers':
        return this.#communities.membersIn(range);
    }
  }

  /** The same of all days before one. */
  countBefore(metric: Exclude<HeadlineMetric, 'activeUsers'>, day: number): number {
    switch (metric) {
      case 'badgesIssued':
        return this.#issuance.issuedBefore(day);
      case 'badgesRevoked':
        return this.#issuance.revokedBefore(day);
      case 'newUsers':
        return this.#users.newBefore(day);
      case 'newCommunities':
        return this.#communities.createdBefore(day);
      case 'newMembers':
        return this.#communities.membersBefore(day);
    }
  }

  /** Goes up when an answer of this scope may have changed. Not kept in dumps: it begins anew with each process. */
  version(scope: Scope): number {
    return this.#touched.version(scope);
  }

  /** Changes folded by this process. */
  get changes(): number {
    return this.#changes;
  }

  /** The template's name and category; undefined unless its creation counts. */
  findTemplate(templateId: string): { readonly name: string; readonly category: string } | undefined {
    return this.#templates.definition(this.#names.templates.find(templateId));
  }

  /** The community as it stands now; undefined unless its creation counts. */
  findCommunity(communityId: string): Community | undefined {
    return this.#communities.get(this.#names.communities.find(communityId));
  }

  /** What the badge's counting mint says; undefined if there is none. */
  findBadge(badgeId: string): BadgeNames | undefined {
    const badge = this.#badges.get(badgeId);
    if (badge === undefined) return undefined;
    const owner = this.#communities.ownerOf(badge);
    return {
      templateId: this.#names.templates.text(badge.template),
      recipient: this.#names.principals.text(badge.recipient),
      ...(owner !== 0 && { communityId: this.#names.communities.text(owner) }),
    };
  }

  /**
   * The whole state as it is now, versioned: `load` of its bytes gives the same metrics and can go on folding. It is lent,
   * not copied: folding may go on at once, and keeps aside what it changes until the parts are released.
   */
  dump(): DumpPart[] {
    const writer = new DumpWriter(STATE_VERSION);
    this.#stored.save(writer);
    return writer.finish();
  }

  /**
   * Takes the bytes over: they are part of the state from here on and must not be used again.
   * @throws {Error} when they are of another version or cut short: the state is then rebuilt from the log.
   */
  static load(parts: readonly Uint8Array[]): Aggregator {
    const aggregator = new Aggregator();
    const reader = new DumpReader(parts, STATE_VERSION);
    aggregator.#stored.restore(reader);
    reader.end();
    return aggregator;
  }

  #basis(today: number): string {
    return `${this.#changes} ${today}`;
  }

  #fold({ fact, weight }: Change): number {
    switch (fact.type) {
      case 'badge_issued':
      case 'badge_revoked':
      case 'badge_updated':
        return this.#badgeFold.apply(fact, weight, this.#changes);
      case 'template_created':
        this.#touched.joined(this.#changes);
        this.#templates.apply(fact, weight);
        return ISSUANCE | DISTRIBUTION;
      case 'community_created':
        this.#touched.joined(this.#changes);
        this.#communities.created(fact, weight);
        return COMMUNITY | USERS;
      case 'community_transferred':
        this.#touched.joined(this.#changes);
        this.#communities.transferred(fact, weight);
        return COMMUNITY | USERS;
      case 'community_deactivated':
        this.#touched.joined(this.#changes);
        this.#communities.deactivated(fact, weight);
        return COMMUNITY;
      case 'member_added':
        this.#communities.memberAdded(fact, weight);
        return COMMUNITY | USERS;
      case 'user_joined':
        this.#users.seen(this.#names.principals.add(fact.props.user), dayOf(fact.atMs), weight);
        return USERS;
      case 'community_updated':
      case 'issuer_authorized':
      case 'issuer_revoked':
      case 'user_suspended':
      case 'user_unsuspended':
      case 'permissions_updated':
        return NONE;
    }
  }
}
