/** Recent activity as lines: equal neighbours of one transaction (a batch mint) are one, a reorganisation stands among them. */
import type { ActivityItem, Reorg } from '@passportx/analytics-backend/contract';

export interface FeedLine {
  readonly item: ActivityItem;
  /** How many equal facts the line tells. */
  readonly count: number;
}

/** Folds neighbours that differ only in whom they happened to into one line. */
export function groupFeed(items: readonly ActivityItem[]): FeedLine[] {
  const lines: FeedLine[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last && item.txId !== undefined && sameAct(last.item, item))
      lines[lines.length - 1] = { ...last, count: last.count + 1 };
    else lines.push({ item, count: 1 });
  }
  return lines;
}

export type FeedEntry =
  { readonly kind: 'fact'; readonly line: FeedLine } | { readonly kind: 'reorg'; readonly reorg: Reorg };

/** Puts reorganisations among the lines where they happened, newest first. */
export function withReorgs(lines: readonly FeedLine[], reorgs: readonly Reorg[]): FeedEntry[] {
  const entries: FeedEntry[] = [];
  const waiting = [...reorgs];
  for (const line of lines) {
    for (let reorg = waiting[0]; reorg && reorg.at >= line.item.at; reorg = waiting[0]) {
      entries.push({ kind: 'reorg', reorg });
      waiting.shift();
    }
    entries.push({ kind: 'fact', line });
  }
  return [...entries, ...waiting.map((reorg) => ({ kind: 'reorg', reorg }) as const)];
}

const sameAct = (a: ActivityItem, b: ActivityItem): boolean =>
  a.txId === b.txId && a.type === b.type && a.badgeName === b.badgeName && a.retracted === b.retracted;
