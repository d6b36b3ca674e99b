import { BELONGS_TO, COMMUNITY } from './measures.js';
import type { Value } from './readModel.js';

/** Which badges a list or a page is about. */
export interface BadgeFilter {
  /** Template id. */
  readonly badge?: string | undefined;
  readonly issuer?: string | undefined;
  /** Community that they belong to. */
  readonly community?: string | undefined;
  /** Recipient. */
  readonly user?: string | undefined;
}

export const isFiltered = ({ badge, issuer, community, user }: BadgeFilter): boolean =>
  [badge, issuer, community, user].some((value) => value !== undefined);

/** `current_badge AS badge`, narrowed, as what stands behind a FROM. */
export function badgesOf({ badge, issuer, community, user }: BadgeFilter): { sql: string; values: Value[] } {
  const wanted = Object.entries({
    'badge.template_id': badge,
    'badge.issuer': issuer,
    'badge.recipient': user,
    [BELONGS_TO]: community,
  }).flatMap(([column, value]) => (value === undefined ? [] : [{ column, value }]));
  const joins = community === undefined ? '' : COMMUNITY;
  const condition = wanted.map(({ column }) => `${column} = ?`).join(' AND ');
  return {
    sql: `current_badge AS badge ${joins} ${condition === '' ? '' : `WHERE ${condition}`}`,
    values: wanted.map(({ value }) => value),
  };
}

/** SQL for how many of `badge` were issued in the last days, `today` included. @param today days since the epoch */
export const lastDaysOf = (days: number, today: number, atMs = 'badge.at_ms'): string =>
  `count(*) FILTER (${atMs} >= ${(today - days + 1) * 86_400_000} AND ${atMs} < ${(today + 1) * 86_400_000})`;
