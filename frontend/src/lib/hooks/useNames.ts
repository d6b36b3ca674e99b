/** Names of what is filtered by: an id in an address has to read as a person knows it. */
import type { QueryMetric } from '@passportx/analytics-backend/contract';
import { formatCategory, shorten } from '../format';
import type { FilterName } from '../view';
import { useView } from './useAddress';
import { useMetric } from './useApi';

/** The name that a group of a metric has, by its id; undefined until it is known. */
function useGroupName(metric: QueryMetric, by: 'badge' | 'community'): string | undefined {
  const { range, filters } = useView();
  const id = filters[by];
  const { data } = useMetric(id === undefined ? null : { metric, range, groupBy: by, filters: { [by]: id }, limit: 1 });
  return data?.series.find(({ key }) => key === id)?.name;
}

/** Says what a filter's value is called; until that is known, its id. */
export function useNames(): (name: FilterName, value: string) => string {
  const badge = useGroupName('totalBadgesIssued', 'badge');
  const community = useGroupName('totalCommunities', 'community');
  return (name, value) => {
    switch (name) {
      case 'category':
        return formatCategory(value);
      case 'badge':
        return badge ?? value;
      case 'community':
        return community ?? value;
      case 'level':
        return value;
      case 'issuer':
      case 'user':
        return shorten(value);
    }
  };
}
