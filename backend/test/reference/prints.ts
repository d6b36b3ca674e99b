import type { Fact } from './facts.js';

/**
 * What a print of section 4 says, as facts. A print is given by its fields, Clarity's names and JavaScript's values; the
 * facts get names of their own for ids, since an id decides nothing between facts of different places on the chain.
 */
export interface Print {
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Transaction {
  readonly txId: string;
  readonly index: number;
  readonly prints: readonly Print[];
}

export interface PrintedBlock {
  readonly hash: string;
  readonly height: number;
  /** Block time in ms since the epoch. */
  readonly atMs: number;
  readonly transactions: readonly Transaction[];
}

/** A fact before it is given its place on the chain; some types tell a metric nothing. */
type Said = { [Type in Fact['type']]: Pick<Extract<Fact, { type: Type }>, 'type' | 'props'> }[Fact['type']];

export function factsOf({ hash, height, atMs, transactions }: PrintedBlock): Fact[] {
  return transactions.flatMap(({ txId, index: txIndex, prints }) =>
    prints.flatMap(saidBy).map((said, ordinal): Fact => ({
      ...said,
      id: `${hash} ${txId} ${ordinal}`,
      atMs,
      actor: '',
      chain: { height, blockHash: hash, txId, txIndex, ordinal },
    })),
  );
}

function saidBy({ event, fields }: Print): Said[] {
  const text = (name: string): string => String(fields[name]);
  const number = (name: string): number => Number(fields[name]);
  const list = (name: string): unknown[] => [...(fields[name] as readonly unknown[])];
  switch (event) {
    case 'badge-minted':
      return [
        {
          type: 'badge_issued',
          props: {
            badgeId: text('badge-id'),
            templateId: text('template-id'),
            recipient: text('recipient'),
            issuer: text('issuer'),
            level: number('level'),
            category: text('category'),
          },
        },
      ];
    case 'batch-badges-minted':
      return list('badge-ids').map((badgeId, index) => ({
        type: 'badge_issued',
        props: {
          badgeId: String(badgeId),
          templateId: String(list('template-ids')[index]),
          recipient: String(list('recipients')[index]),
          issuer: text('issuer'),
        },
      }));
    case 'badge-revoked':
      return [{ type: 'badge_revoked', props: { badgeId: text('badge-id') } }];
    case 'badge-metadata-updated':
      return [
        {
          type: 'badge_updated',
          props: { badgeId: text('badge-id'), newLevel: number('new-level'), newCategory: text('new-category') },
        },
      ];
    case 'template-created':
      return [
        {
          type: 'template_created',
          props: {
            templateId: text('template-id'),
            name: text('name'),
            category: text('category'),
            defaultLevel: number('default-level'),
          },
        },
      ];
    case 'community-created':
      return [
        {
          type: 'community_created',
          props: { communityId: text('community-id'), name: text('name'), owner: text('owner') },
        },
      ];
    case 'community-member-added':
      return [{ type: 'member_added', props: { communityId: text('community-id'), member: text('member') } }];
    case 'community-deactivated':
      return [{ type: 'community_deactivated', props: { communityId: text('community-id') } }];
    case 'community-ownership-transferred':
      return [
        { type: 'community_transferred', props: { communityId: text('community-id'), newOwner: text('new-owner') } },
      ];
    default:
      // Permissions, settings, suspensions and the NFT's own mint are seen, and counted by no metric.
      return [];
  }
}
