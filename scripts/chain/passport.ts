import { Cl } from '@stacks/transactions';
import { DEPLOYER } from './accounts.js';
import type { Transaction, TransactionMaker } from './transactions.js';

/** The public functions of our contracts as transactions; arguments in plain JavaScript. Ids are those of the contracts. */
export const CONTRACTS = {
  accessControl: `${DEPLOYER}.access-control`,
  badgeIssuer: `${DEPLOYER}.badge-issuer`,
  badgeMetadata: `${DEPLOYER}.badge-metadata`,
  communityManager: `${DEPLOYER}.community-manager`,
  passportNft: `${DEPLOYER}.passport-nft`,
} as const;

export interface Template {
  readonly name: string;
  readonly description: string;
  readonly category: string;
  /** 1–5 */
  readonly defaultLevel: number;
}

export interface CommunityRights {
  readonly role: string;
  readonly issueBadges: boolean;
  readonly manageMembers: boolean;
  readonly createTemplates: boolean;
  readonly revokeBadges: boolean;
}

export class Passport {
  constructor(private readonly maker: TransactionMaker) {}

  authorizeIssuer(sender: string, issuer: string): Transaction {
    return this.maker.call(sender, CONTRACTS.accessControl, 'authorize-issuer', [Cl.principal(issuer)]);
  }

  revokeIssuer(sender: string, issuer: string): Transaction {
    return this.maker.call(sender, CONTRACTS.accessControl, 'revoke-issuer', [Cl.principal(issuer)]);
  }

  suspend(sender: string, user: string): Transaction {
    return this.maker.call(sender, CONTRACTS.accessControl, 'suspend-user', [Cl.principal(user)]);
  }

  unsuspend(sender: string, user: string): Transaction {
    return this.maker.call(sender, CONTRACTS.accessControl, 'unsuspend-user', [Cl.principal(user)]);
  }

  setPermissions(
    sender: string,
    user: string,
    may: { createCommunities: boolean; issueBadges: boolean; admin: boolean; suspended: boolean },
  ): Transaction {
    return this.maker.call(sender, CONTRACTS.accessControl, 'set-global-permissions', [
      Cl.principal(user),
      ...[may.createCommunities, may.issueBadges, may.admin, may.suspended].map(Cl.bool),
    ]);
  }

  createTemplate(sender: string, { name, description, category, defaultLevel }: Template): Transaction {
    const args = [Cl.stringUtf8(name), Cl.stringUtf8(description), Cl.stringAscii(category), Cl.uint(defaultLevel)];
    return this.maker.call(sender, CONTRACTS.badgeMetadata, 'create-template', args);
  }

  updateBadge(sender: string, badgeId: number, level: number, category: string): Transaction {
    const args = [Cl.uint(badgeId), Cl.uint(level), Cl.stringAscii(category)];
    return this.maker.call(sender, CONTRACTS.badgeMetadata, 'update-badge', args);
  }

  /** At the template's own level unless `level` is given. */
  mint(sender: string, recipient: string, templateId: number, level?: number): Transaction {
    const args = [
      Cl.principal(recipient),
      Cl.uint(templateId),
      level === undefined ? Cl.none() : Cl.some(Cl.uint(level)),
    ];
    return this.maker.call(sender, CONTRACTS.badgeIssuer, 'mint-badge', args);
  }

  /** One badge for each pair; at most 50. */
  batchMint(sender: string, pairs: readonly { recipient: string; templateId: number }[]): Transaction {
    return this.maker.call(sender, CONTRACTS.badgeIssuer, 'batch-mint', [
      Cl.list(pairs.map(({ recipient }) => Cl.principal(recipient))),
      Cl.list(pairs.map(({ templateId }) => Cl.uint(templateId))),
    ]);
  }

  revoke(sender: string, badgeId: number): Transaction {
    return this.maker.call(sender, CONTRACTS.badgeIssuer, 'revoke-badge', [Cl.uint(badgeId)]);
  }

  createCommunity(sender: string, name: string, description: string): Transaction {
    const args = [Cl.stringUtf8(name), Cl.stringUtf8(description)];
    return this.maker.call(sender, CONTRACTS.communityManager, 'create-community', args);
  }

  addMember(sender: string, communityId: number, member: string, role: string): Transaction {
    const args = [Cl.uint(communityId), Cl.principal(member), Cl.stringAscii(role)];
    return this.maker.call(sender, CONTRACTS.communityManager, 'add-member', args);
  }

  updateSettings(
    sender: string,
    communityId: number,
    settings: { publicBadges: boolean; memberRequests: boolean; approval: boolean },
  ): Transaction {
    return this.maker.call(sender, CONTRACTS.communityManager, 'update-settings', [
      Cl.uint(communityId),
      ...[settings.publicBadges, settings.memberRequests, settings.approval].map(Cl.bool),
    ]);
  }

  deactivate(sender: string, communityId: number): Transaction {
    return this.maker.call(sender, CONTRACTS.communityManager, 'deactivate', [Cl.uint(communityId)]);
  }

  transferOwnership(sender: string, communityId: number, newOwner: string): Transaction {
    const args = [Cl.uint(communityId), Cl.principal(newOwner)];
    return this.maker.call(sender, CONTRACTS.communityManager, 'transfer-ownership', args);
  }

  setCommunityPermissions(sender: string, communityId: number, user: string, rights: CommunityRights): Transaction {
    return this.maker.call(sender, CONTRACTS.communityManager, 'set-permissions', [
      Cl.uint(communityId),
      Cl.principal(user),
      Cl.stringAscii(rights.role),
      ...[rights.issueBadges, rights.manageMembers, rights.createTemplates, rights.revokeBadges].map(Cl.bool),
    ]);
  }
}
