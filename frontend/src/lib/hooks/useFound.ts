/** What a page or a widget can be narrowed down to, found by a few letters of its name or id. */
import type {
  BadgeList,
  CommunityList,
  IssuerList,
  QueryAnswer,
  QueryDimension,
  UserList,
} from '@passportx/analytics-backend/contract';
import { mapAnswer, type Answer } from '../answer';
import { paths } from '../api/paths';
import { queryPath } from '../api/query';
import { shorten } from '../format';
import { wordsOf, type Found } from '../found';
import { useApi } from './useApi';
import { useToday } from './useNow';

const MOST = 8;
/** More categories and levels than anyone has are not looked through. */
const MOST_GROUPS = 100;

type Named = Exclude<QueryDimension, 'weekday' | 'hour'>;

const fixed = (by: QueryDimension, from: number, count: number): readonly Found[] =>
  Array.from({ length: count }, (_, index) => String(from + index)).map((id) => ({ id, name: wordsOf(by, id) }));
const WEEK = fixed('weekday', 1, 7);
const HOURS = fixed('hour', 0, 24);

export function useFound(by: QueryDimension, text: string): Answer<readonly Found[]> {
  const today = useToday();
  const isFixed = by === 'weekday' || by === 'hour';
  const answer = useApi<unknown>(isFixed ? null : pathOf(by, text, today));
  if (isFixed) return { data: matching(by === 'weekday' ? WEEK : HOURS, text), error: null, refetch: () => undefined };
  return mapAnswer(answer, (data) => matching(foundOf(by, data), by === 'category' || by === 'level' ? text : ''));
}

function pathOf(by: Named, text: string, today: string): string {
  const query = { limit: MOST, q: text === '' ? undefined : text };
  switch (by) {
    case 'badge':
      return paths.list('badges', query);
    case 'community':
      return paths.list('communities', query);
    case 'issuer':
      return paths.list('issuers', query);
    case 'user':
      return paths.list('users', query);
    case 'category':
    case 'level': {
      const range = { from: today, to: today };
      return queryPath({ metric: 'totalBadgesIssued', range, groupBy: by, limit: MOST_GROUPS });
    }
  }
}

function foundOf(by: Named, data: unknown): readonly Found[] {
  const principals = (ids: readonly string[]) => ids.map((id) => ({ id, name: shorten(id) }));
  switch (by) {
    case 'badge':
      return (data as BadgeList).items.map(({ badgeId, badgeName }) => ({ id: badgeId, name: badgeName }));
    case 'community':
      return (data as CommunityList).items.map(({ communityId, name }) => ({ id: communityId, name }));
    case 'issuer':
      return principals((data as IssuerList).items.map(({ issuer }) => issuer));
    case 'user':
      return principals((data as UserList).items.map(({ principal }) => principal));
    case 'category':
    case 'level':
      return (data as QueryAnswer).series.flatMap(({ key }) =>
        key === null ? [] : [{ id: key, name: wordsOf(by, key) }],
      );
  }
}

const matching = (found: readonly Found[], text: string): readonly Found[] =>
  found.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
