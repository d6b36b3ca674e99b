import { account, DEPLOYER } from '../chain/accounts.js';
import { Passport } from '../chain/passport.js';
import { TransactionMaker, type Transaction } from '../chain/transactions.js';
import { COMMUNITIES, SHORT_LIVED, type CastCommunity, type CastTemplate } from './cast.js';
import type { Random } from './random.js';
import type { KnownCommunity, KnownTemplate, World } from './world.js';

/**
 * What people do next, given what the chain holds: mostly badges for members, sometimes a batch after an event, a
 * correction, a revocation, and now and then somebody who tries what they may not.
 */
const ROLES = ['member', 'member', 'member', 'editor', 'moderator'];

type Deed = (world: World) => Transaction | undefined;

export class Story {
  readonly #passport = new Passport(new TransactionMaker());
  #newcomers = 0;
  /** Those who came to look on and earn nothing: some three in ten. */
  readonly #onlookers = new Set<string>();
  /** 0 on the first day of the history, 1 from its last on: popularity drifts with it. */
  #progress = 0;

  /**
   * How often what is done, against the sum of all; `past` is that of the history, where whole courses are awarded at
   * once: its days then hold as much as some minutes of the live chain, and today does not dwarf them.
   */
  readonly #deeds: readonly { readonly weight: number; readonly past?: number; readonly deed: Deed }[] = [
    { weight: 62, deed: (world) => this.#mint(world) },
    { weight: 26, deed: (world) => this.#join(world) },
    { weight: 4, past: 28, deed: (world) => this.#batch(world) },
    { weight: 4, deed: (world) => this.#promote(world) },
    { weight: 3, deed: (world) => this.#revoke(world) },
    { weight: 2, deed: (world) => this.#grant(world) },
    { weight: 1.5, deed: (world) => this.#adjust(world) },
    { weight: 2, deed: (world) => this.#overreach(world) },
    { weight: 0.4, deed: (world) => this.#suspendOrNot(world) },
  ];

  constructor(private readonly random: Random) {}

  /** The next transaction on a chain that is as `world` knows it. */
  next(world: World, progress: number): Transaction {
    this.#progress = progress;
    const chosen = this.random.weighted(this.#deeds, ({ weight, past }) => (progress < 1 ? (past ?? weight) : weight));
    return chosen?.deed(world) ?? this.#mint(world) ?? this.#newIssuer();
  }

  /** What is founded, handed over or given up on that day of the history, and nowhere else. */
  milestones(world: World, day: number): Transaction[] {
    const founding = COMMUNITIES.filter((community) => community.founded === day);
    const transactions = founding.flatMap((community) => this.#found(community));
    if (day === SHORT_LIVED.founded)
      transactions.push(
        this.#passport.createCommunity(founder(SHORT_LIVED.name), SHORT_LIVED.name, SHORT_LIVED.description),
      );
    const { id, owner } = world.communities.find((community) => community.name === SHORT_LIVED.name) ?? {};
    if (id !== undefined && owner !== undefined) {
      if (day === SHORT_LIVED.handedOver)
        transactions.push(this.#passport.transferOwnership(owner, id, account(`heir of ${SHORT_LIVED.name}`)));
      if (day === SHORT_LIVED.ended) transactions.push(this.#passport.deactivate(owner, id));
    }
    return transactions;
  }

  #found({ name, description, templates }: CastCommunity): Transaction[] {
    const owner = founder(name);
    return [
      this.#passport.authorizeIssuer(DEPLOYER, owner),
      this.#passport.createCommunity(owner, name, description),
      ...templates.map((template) =>
        this.#passport.createTemplate(owner, { ...template, defaultLevel: template.level }),
      ),
    ];
  }

  #mint(world: World): Transaction | undefined {
    const [community, template] = this.#award(world);
    if (community === undefined || template === undefined) return undefined;
    const level = this.random.chance(0.15) ? this.random.whole(1, 5) : undefined;
    return this.#passport.mint(template.creator, this.#recipient(community), template.id, level);
  }

  #batch(world: World): Transaction | undefined {
    const [community, template] = this.#award(world);
    if (community === undefined || template === undefined) return undefined;
    const pairs = Array.from({ length: this.random.whole(5, 18) }, () => ({
      recipient: this.#recipient(community),
      templateId: template.id,
    }));
    return this.#passport.batchMint(template.creator, pairs);
  }

  #join(world: World): Transaction | undefined {
    const community = this.#place(world);
    if (community === undefined) return undefined;
    const known = this.random.chance(0.35) ? this.random.pickRecent(world.people) : undefined;
    const person = known !== undefined && !community.members.includes(known) ? known : this.#newcomer();
    if (person !== known && this.random.chance(0.35)) this.#onlookers.add(person);
    return this.#passport.addMember(community.owner, community.id, person, this.random.pick(ROLES) ?? 'member');
  }

  #promote(world: World): Transaction | undefined {
    const badge = this.random.pickRecent(world.badges);
    const category = this.random.pick(world.templates)?.category;
    if (badge === undefined || category === undefined) return undefined;
    return this.#passport.updateBadge(badge.issuer, badge.id, this.random.whole(2, 5), category);
  }

  #revoke(world: World): Transaction | undefined {
    const badge = this.random.pickRecent(world.badges);
    return badge && this.#passport.revoke(this.random.chance(0.8) ? badge.issuer : DEPLOYER, badge.id);
  }

  #grant(world: World): Transaction | undefined {
    const community = this.#place(world);
    const member = community && this.random.pickRecent(community.members);
    if (community === undefined || member === undefined) return undefined;
    return this.#passport.setCommunityPermissions(community.owner, community.id, member, {
      role: 'moderator',
      issueBadges: false,
      manageMembers: true,
      createTemplates: false,
      revokeBadges: this.random.chance(0.3),
    });
  }

  #adjust(world: World): Transaction | undefined {
    const community = this.#place(world);
    if (community === undefined) return undefined;
    return this.#passport.updateSettings(community.owner, community.id, {
      publicBadges: this.random.chance(0.8),
      memberRequests: this.random.chance(0.6),
      approval: this.random.chance(0.5),
    });
  }

  /** Somebody without the right to it tries to mint: the transaction fails and must count nowhere. */
  #overreach(world: World): Transaction | undefined {
    const person = this.random.pick(world.people);
    const template = this.random.pick(world.templates);
    if (person === undefined || template === undefined) return undefined;
    return this.#passport.mint(person, person, template.id);
  }

  #suspendOrNot(world: World): Transaction | undefined {
    const suspended = world.suspended[0];
    if (suspended !== undefined) return this.#passport.unsuspend(DEPLOYER, suspended);
    const person = this.random.pickRecent(world.people.filter((each) => !isFounder(world, each)));
    return person === undefined ? undefined : this.#passport.suspend(DEPLOYER, person);
  }

  #newIssuer(): Transaction {
    return this.#passport.authorizeIssuer(DEPLOYER, this.#newcomer());
  }

  #place(world: World): KnownCommunity | undefined {
    const open = world.communities.filter((community) => community.active);
    return this.random.weighted(open, ({ name }) => COMMUNITIES.find((cast) => cast.name === name)?.weight ?? 1);
  }

  /** A community and one of the badges that its owner awards. */
  #award(world: World): [KnownCommunity | undefined, KnownTemplate | undefined] {
    const community = this.#place(world);
    const own = world.templates.filter((template) => template.creator === community?.owner);
    const template = this.random.weighted(own, ({ name }) => {
      const cast = TEMPLATES.get(name);
      return cast === undefined ? 1 : cast.weight * (1 + cast.drift * this.#progress);
    });
    return [community, template];
  }

  #recipient(community: KnownCommunity): string {
    if (this.random.chance(0.06)) return this.#newcomer();
    const earning = community.members.filter((member) => !this.#onlookers.has(member));
    return this.random.pickRecent(earning) ?? this.#newcomer();
  }

  #newcomer(): string {
    this.#newcomers += 1;
    return account(`person ${this.#newcomers}`);
  }
}

const TEMPLATES: ReadonlyMap<string, CastTemplate> = new Map(
  COMMUNITIES.flatMap(({ templates }) => templates.map((template) => [template.name, template])),
);

function founder(community: string): string {
  return account(`founder of ${community}`);
}

function isFounder(world: World, person: string): boolean {
  return world.communities.some(({ owner }) => owner === person);
}
