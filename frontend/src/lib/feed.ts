/**
 * Recent activity in words. Each fact type has one sentence, written for someone who knows badges and communities but
 * no chain; equal neighbours of one transaction (a batch mint) are told once, with their number.
 */
import type { ActivityItem, Reorg } from '@passportx/analytics-backend/contract';
import { shorten } from './format';

export type Tone = 'badge' | 'loss' | 'people' | 'community' | 'rules';

export interface FeedWords {
  readonly tone: Tone;
  readonly title: string;
  readonly detail: string;
}

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

/** Joins what is known; a part that is missing leaves no trace. */
const sentence = (...parts: readonly (string | false | undefined)[]): string => parts.filter(Boolean).join(' · ');

export function describeActivity({ item, count }: FeedLine): FeedWords {
  const badge = item.badgeName ?? (item.badgeId === undefined ? 'A badge' : `Badge ${item.badgeId}`);
  const community =
    item.communityName ?? (item.communityId === undefined ? 'A community' : `Community ${item.communityId}`);
  const actor = shorten(item.actor);
  const subject = item.subject === undefined ? 'Someone' : shorten(item.subject);
  const people = count > 1 ? `${subject} and ${count - 1} more` : subject;
  const times = count > 1 ? ` × ${count}` : '';

  switch (item.type) {
    case 'badge_issued':
      return { tone: 'badge', title: `${badge}${times}`, detail: sentence(`to ${people}`, item.communityName) };
    case 'badge_revoked':
      return {
        tone: 'loss',
        title: `${badge} revoked${times}`,
        detail: sentence(item.subject && `from ${people}`, `by ${actor}`),
      };
    case 'badge_updated':
      return {
        tone: 'badge',
        title: `${badge} updated${times}`,
        detail: sentence(item.subject && `of ${people}`, `by ${actor}`),
      };
    case 'template_created':
      return { tone: 'badge', title: `New badge: ${badge}`, detail: `designed by ${actor}` };
    case 'community_created':
      return { tone: 'community', title: `${community} founded`, detail: `by ${actor}` };
    case 'community_updated':
      return { tone: 'rules', title: `${community} changed its settings`, detail: `by ${actor}` };
    case 'community_deactivated':
      return { tone: 'loss', title: `${community} deactivated`, detail: `by ${actor}` };
    case 'community_transferred':
      return { tone: 'community', title: `${community} has a new owner`, detail: `${subject}, after ${actor}` };
    case 'member_added':
      return { tone: 'people', title: `${people} joined`, detail: community };
    case 'user_joined':
      return { tone: 'people', title: `${people} joined PassportX`, detail: sentence(item.communityName) };
    case 'issuer_authorized':
      return { tone: 'rules', title: `${subject} may issue badges`, detail: `authorised by ${actor}` };
    case 'issuer_revoked':
      return { tone: 'loss', title: `${subject} may no longer issue`, detail: `by ${actor}` };
    case 'user_suspended':
      return { tone: 'loss', title: `${subject} suspended`, detail: `by ${actor}` };
    case 'user_unsuspended':
      return { tone: 'people', title: `${subject} reinstated`, detail: `by ${actor}` };
    case 'permissions_updated':
      return {
        tone: 'rules',
        title: `Permissions of ${subject} changed`,
        detail: sentence(item.communityName, `by ${actor}`),
      };
  }
}
