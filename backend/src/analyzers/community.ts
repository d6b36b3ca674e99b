import type { ActiveCommunity, CommunityMetrics } from '../contract/index.js';
import type { CommunityCreated, CommunityDeactivated, CommunityTransferred, MemberAdded } from '../events/fact.js';
import { compareIds } from '../events/ids.js';
import type { Badge } from './badges.js';
import { dayOf, type DayRange } from './calendar.js';
import { Counter } from './columns/counter.js';
import { together } from './columns/dump.js';
import { KeptFacts } from './keptFacts.js';
import { Leading } from './lists.js';
import { Memberships } from './memberships.js';
import type { Names } from './names.js';
import { average } from './numbers.js';
import { Ownership } from './ownership.js';
import { daily, thisPeriod } from './series.js';
import type { Users } from './users.js';

/**
 * Communities, their members, and the badges that belong to them. Badges are counted by the community that their event
 * names, else by issuer; who owns what is joined when read, so that a transfer touches no badge.
 */
const MOST_ACTIVE = 10;

/** What is known of a community whose creation counts. */
export interface Community {
  readonly name: string;
  readonly owner: string;
  readonly active: boolean;
}

interface Creation {
  readonly name: string;
  readonly owner: string;
}

export class Communities {
  readonly #creations = new KeptFacts<Creation>();
  readonly #transfers = new KeptFacts<string>();
  readonly #deactivations = new KeptFacts<null>();
  readonly #createdByDay = new Counter();
  readonly #members: Memberships;
  readonly #badgesNaming = new Counter();
  readonly #badgesOfIssuer = new Counter();
  readonly stored;
  /** Undefined until it is asked for: it is told by what is stored. */
  #ownership: Ownership | undefined;

  /** @param touch told of each day whose new communities or members change */
  constructor(
    private readonly names: Names,
    private readonly users: Users,
    private readonly touch: (day: number) => void,
  ) {
    this.#members = new Memberships(touch);
    this.stored = together(
      this.#creations,
      this.#transfers,
      this.#deactivations,
      this.#createdByDay,
      this.#members.stored,
      this.#badgesNaming,
      this.#badgesOfIssuer,
    );
  }

  created(fact: CommunityCreated, weight: 1 | -1): void {
    const { communityId, name, owner } = fact.props;
    const community = this.names.communities.add(communityId);
    this.#countCreation(community, -1);
    this.#move(community, () => this.#creations.apply(community, fact, { name, owner }, weight));
    this.#countCreation(community, 1);
  }

  transferred(fact: CommunityTransferred, weight: 1 | -1): void {
    const { communityId, newOwner } = fact.props;
    const community = this.names.communities.add(communityId);
    this.#move(community, () => this.#transfers.apply(community, fact, newOwner, weight));
    this.users.seen(this.names.principals.add(newOwner), dayOf(fact.atMs), weight);
  }

  deactivated(fact: CommunityDeactivated, weight: 1 | -1): void {
    const community = this.names.communities.add(fact.props.communityId);
    this.#move(community, () => this.#deactivations.apply(community, fact, null, weight));
  }

  memberAdded(fact: MemberAdded, weight: 1 | -1): void {
    const { communityId, member } = fact.props;
    this.#join(this.names.communities.add(communityId), member, dayOf(fact.atMs), weight);
  }

  issued({ print, issuer }: Badge, weight: 1 | -1): void {
    const { community } = this.names.prints.get(print);
    if (community === 0) this.#badgesOfIssuer.add(issuer, weight);
    else this.#badgesNaming.add(community, weight);
  }

  get total(): number {
    return this.#creations.size;
  }

  /** Memberships of all communities. */
  get members(): number {
    return this.#members.total;
  }

  createdIn(range: DayRange): number {
    return this.#createdByDay.sum(range);
  }

  membersIn(range: DayRange): number {
    return this.#members.byDay.sum(range);
  }

  createdBefore(day: number): number {
    return this.#createdByDay.sumBelow(day);
  }

  membersBefore(day: number): number {
    return this.#members.byDay.sumBelow(day);
  }

  daily(range: DayRange): Pick<CommunityMetrics, 'growthTrend' | 'memberGrowthTrend'> {
    return { growthTrend: daily(this.#createdByDay, range), memberGrowthTrend: daily(this.#members.byDay, range) };
  }

  /** All that does not depend on the range. */
  standing(today: number): Omit<CommunityMetrics, 'growthTrend' | 'memberGrowthTrend'> {
    const period = thisPeriod(this.#createdByDay, today);
    let inactive = 0;
    for (const community of this.#creations.keys()) inactive += Number(this.#deactivations.has(community));
    return {
      totalCommunities: this.total,
      activeCommunities: this.total - inactive,
      newCommunitiesToday: period.today,
      newCommunitiesThisWeek: period.week,
      newCommunitiesThisMonth: period.month,
      totalMembers: this.members,
      averageMembersPerCommunity: average(this.members, this.total),
      mostActiveCommunities: this.#mostActive(),
    };
  }

  /** Undefined unless a creation is known. @param community the community's number. */
  get(community: number): Community | undefined {
    const creation = this.#creations.first(community)?.value;
    if (creation === undefined) return undefined;
    const owner = this.#transfers.latest(community)?.value ?? creation.owner;
    return { name: creation.name, owner, active: !this.#deactivations.has(community) };
  }

  /** Number of the created community that the badge belongs to, 0 if to none. */
  ownerOf({ print, issuer }: Badge): number {
    const { community } = this.names.prints.get(print);
    if (community !== 0) return this.#creations.has(community) ? community : 0;
    return this.#owned().firstOf(this.names.issuers.text(issuer));
  }

  /** What the creation that counts brings with it: a new community, and its creator as a member. */
  #countCreation(community: number, weight: 1 | -1): void {
    const creation = this.#creations.first(community);
    if (creation === undefined) return;
    const day = dayOf(creation.order.atMs);
    this.touch(day);
    this.#createdByDay.add(day, weight);
    this.#join(community, creation.value.owner, day, weight);
  }

  #join(community: number, principal: string, day: number, weight: 1 | -1): void {
    const user = this.names.principals.add(principal);
    this.#members.add(community, user, day, weight);
    this.users.seen(user, day, weight);
  }

  #mostActive(): ActiveCommunity[] {
    const badges = new Map<number, number>();
    const credit = (community: number, count: number): void => {
      badges.set(community, (badges.get(community) ?? 0) + count);
    };
    this.#badgesNaming.forEach(credit);
    this.#badgesOfIssuer.forEach((issuer, count) => {
      const community = this.#owned().firstOf(this.names.issuers.text(issuer));
      if (community !== 0) credit(community, count);
    });
    const leading = new Leading(MOST_ACTIVE, (community) => this.names.communities.text(community));
    for (const community of this.#creations.keys()) leading.add(community, badges.get(community) ?? 0);
    return leading
      .map((community, badgesIssued, communityId) => {
        const known = this.get(community);
        return known && { communityId, ...known, members: this.#members.of(community), badgesIssued };
      })
      .filter((row) => row !== undefined);
  }

  /** Does what may change the owner of a community, or whether it is active. */
  #move(community: number, change: () => void): void {
    const before = this.get(community)?.owner;
    change();
    this.#ownership?.changed(community, before, this.get(community)?.owner);
  }

  #owned(): Ownership {
    if (this.#ownership !== undefined) return this.#ownership;
    const ownership = new Ownership((community, rival) => this.#comesBefore(community, rival));
    for (const community of this.#creations.keys()) ownership.changed(community, undefined, this.get(community)?.owner);
    this.#ownership = ownership;
    return ownership;
  }

  /** Of the communities that a principal owns now, an active one comes before an inactive one, then the lowest id. */
  #comesBefore(community: number, rival: number): boolean {
    const inactive = Number(this.#deactivations.has(community)) - Number(this.#deactivations.has(rival));
    const ids = this.names.communities;
    return (inactive || compareIds(ids.text(community), ids.text(rival))) < 0;
  }
}
