import { hexToCV } from '@stacks/transactions';
import { CONTRACTS } from '../chain/passport.js';
import { plainClarity } from '../chain/plainClarity.js';
import type { Block } from '../chain/simulatedChain.js';

/**
 * What one can know from the prints of a chain, so that the next transactions make sense on it: who is where, which
 * badges there are. After a reorg it is read again from the blocks that are left.
 */
export interface KnownCommunity {
  readonly id: number;
  readonly name: string;
  readonly members: string[];
  owner: string;
  active: boolean;
}

export interface KnownTemplate {
  readonly id: number;
  readonly name: string;
  readonly category: string;
  readonly creator: string;
}

export interface KnownBadge {
  readonly id: number;
  readonly issuer: string;
}

export class World {
  readonly communities: KnownCommunity[] = [];
  readonly templates: KnownTemplate[] = [];
  readonly badges: KnownBadge[] = [];
  /** Everybody seen, in the order of first sight. */
  readonly people: string[] = [];
  readonly suspended: string[] = [];
  readonly #known = new Set<string>();

  static of(blocks: readonly Block[]): World {
    const world = new World();
    for (const block of blocks) world.observe(block);
    return world;
  }

  observe(block: Block): void {
    for (const { status, outcome } of block.receipts)
      for (const event of status === 'success' ? outcome.events : [])
        // The token's own print says nothing that the badge's does not.
        if (event.type === 'print' && event.contract !== CONTRACTS.passportNft)
          this.#note(plainClarity(hexToCV(event.valueHex)) as unknown as Print);
  }

  #note(print: Print): void {
    switch (print.event) {
      case 'community-created':
        this.communities.push({
          id: print['community-id'],
          name: print.name,
          owner: print.owner,
          members: [print.owner],
          active: true,
        });
        return this.#meet(print.owner);
      case 'community-member-added':
        this.#community(print['community-id'])?.members.push(print.member);
        return this.#meet(print.member);
      case 'community-deactivated': {
        const community = this.#community(print['community-id']);
        if (community !== undefined) community.active = false;
        return;
      }
      case 'community-ownership-transferred': {
        const community = this.#community(print['community-id']);
        if (community !== undefined) community.owner = print['new-owner'];
        return this.#meet(print['new-owner']);
      }
      case 'template-created':
        this.templates.push({
          id: print['template-id'],
          name: print.name,
          category: print.category,
          creator: print.creator,
        });
        return;
      case 'badge-minted':
        this.badges.push({ id: print['badge-id'], issuer: print.issuer });
        return this.#meet(print.recipient);
      case 'batch-badges-minted':
        for (const id of print['badge-ids']) this.badges.push({ id, issuer: print.issuer });
        return print.recipients.forEach((recipient) => this.#meet(recipient));
      case 'user-suspended':
        this.suspended.push(print.user);
        return;
      case 'user-unsuspended':
        this.suspended.splice(this.suspended.indexOf(print.user), 1);
        return;
      case 'other':
    }
  }

  #community(id: number): KnownCommunity | undefined {
    return this.communities.find((community) => community.id === id);
  }

  #meet(person: string): void {
    if (this.#known.has(person)) return;
    this.#known.add(person);
    this.people.push(person);
  }
}

/** The prints that are of use here; `other` stands for the rest. */
type Print =
  | { event: 'community-created'; 'community-id': number; name: string; owner: string }
  | { event: 'community-member-added'; 'community-id': number; member: string }
  | { event: 'community-deactivated'; 'community-id': number }
  | { event: 'community-ownership-transferred'; 'community-id': number; 'new-owner': string }
  | { event: 'template-created'; 'template-id': number; name: string; category: string; creator: string }
  | { event: 'badge-minted'; 'badge-id': number; recipient: string; issuer: string }
  | { event: 'batch-badges-minted'; 'badge-ids': number[]; recipients: string[]; issuer: string }
  | { event: 'user-suspended' | 'user-unsuspended'; user: string }
  | { event: 'other' };
