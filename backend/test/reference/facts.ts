/**
 * What the reference knows of a fact: DESIGN sections 2 and 4 restated, so that no type is shared with what it checks.
 * Only the fields that a metric reads are named.
 */
interface FactOf<Type extends string, Props = object> {
  readonly id: string;
  readonly type: Type;
  readonly atMs: number;
  readonly actor: string;
  readonly props: Props;
  readonly chain?: {
    readonly height: number;
    readonly blockHash: string;
    readonly txId: string;
    readonly txIndex: number;
    readonly ordinal: number;
  };
}

export type Fact =
  | FactOf<
      'badge_issued',
      {
        readonly badgeId: string;
        readonly templateId: string;
        readonly recipient: string;
        readonly issuer: string;
        readonly level?: number;
        readonly category?: string;
        readonly communityId?: string;
      }
    >
  | FactOf<'badge_revoked', { readonly badgeId: string }>
  | FactOf<'badge_updated', { readonly badgeId: string; readonly newLevel: number; readonly newCategory: string }>
  | FactOf<
      'template_created',
      { readonly templateId: string; readonly name: string; readonly category: string; readonly defaultLevel: number }
    >
  | FactOf<'community_created', { readonly communityId: string; readonly name: string; readonly owner: string }>
  | FactOf<'community_updated'>
  | FactOf<'community_deactivated', { readonly communityId: string }>
  | FactOf<'community_transferred', { readonly communityId: string; readonly newOwner: string }>
  | FactOf<'member_added', { readonly communityId: string; readonly member: string }>
  | FactOf<'user_joined', { readonly user: string }>
  | FactOf<'issuer_authorized'>
  | FactOf<'issuer_revoked'>
  | FactOf<'user_suspended'>
  | FactOf<'user_unsuspended'>
  | FactOf<'permissions_updated'>;

export type FactOfType<Type extends Fact['type']> = Extract<Fact, { type: Type }>;

/** The facts of one type, in the order of the chain: height, transaction, ordinal, then time, then id. */
export function ofType<Type extends Fact['type']>(facts: readonly Fact[], type: Type): FactOfType<Type>[] {
  return facts.filter((fact): fact is FactOfType<Type> => fact.type === type).sort(inChainOrder);
}

function inChainOrder(a: Fact, b: Fact): number {
  const position = (fact: Fact): number[] => [
    fact.chain === undefined ? 0 : fact.chain.height,
    fact.chain === undefined ? 0 : fact.chain.txIndex,
    fact.chain === undefined ? 0 : fact.chain.ordinal,
    fact.atMs,
  ];
  const [left, right] = [position(a), position(b)];
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? 0;
    if (value !== other) return value < other ? -1 : 1;
  }
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
