/** What the overview tells of the newest events: those of its days and filters, or nothing where it cannot narrow them. */
import type { ActivityPage } from '@passportx/analytics-backend/contract';
import { mapAnswer, type Answer } from '../answer';
import { ACTIVITY_FILTERS } from '../api/analytics';
import type { AnalyticsData } from '../api/data';
import { paths } from '../api/paths';
import { isoDay } from '../dates';
import { isFiltered, type FilterName, type View } from '../view';
import { useApi } from './useApi';
import { useToday } from './useNow';

/** Whether events can be narrowed down to all that the page is. */
export const tellsEvents = ({ filters }: Pick<View, 'filters'>): boolean =>
  (Object.keys(filters) as FilterName[]).every((name) => ACTIVITY_FILTERS.some((known) => known === name));

/** @param dashboard knows the newest of all, and is told each as it comes */
export function useHappening(view: View, dashboard: Answer<AnalyticsData>): Answer<ActivityPage> {
  const { range, filters } = view;
  const today = useToday();
  const newest = !isFiltered(view) && range.to === today;
  const asked = useApi<ActivityPage>(!newest && tellsEvents(view) ? paths.activity({ ...range, ...filters }) : null);
  return newest
    ? mapAnswer(dashboard, ({ recentActivities: { items, ...page } }) => ({
        ...page,
        items: items.filter(({ at }) => isoDay(Date.parse(at)) >= range.from),
      }))
    : asked;
}
