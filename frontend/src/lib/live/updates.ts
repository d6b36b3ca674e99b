/**
 * How what is pushed and what is fetched become one picture. Pure functions with one law: a number never goes back to
 * an older log position, whichever of the two arrives first.
 */
import type {
  ActivityItem,
  ActivityPage,
  BatchUpdate,
  BlockReference,
  Reorg,
} from '@passportx/analytics-backend/contract';
import type { AnalyticsData } from '../api/data';
import { isoDay, lengthOf, type DayRange } from '../dates';
import { countOf, formatCount } from '../format';

/** The range that the headline of an update speaks of: the 30 UTC days that end with the update's own. */
const UPDATE_DAYS = 30;

/** Whether an update's headline is the headline of this range. */
export const speaksOf = (update: BatchUpdate, range: DayRange): boolean =>
  lengthOf(range) === UPDATE_DAYS && range.to === isoDay(Date.parse(update.at));

/** The lines of two lists, each line once, as the first list has it. */
function join(first: readonly ActivityItem[], second: readonly ActivityItem[]): ActivityItem[] {
  const known = new Set(first.map(({ id }) => id));
  return [...first, ...second.filter(({ id }) => !known.has(id))];
}

/** The lines shown, followed by the next older page. */
export const appendActivity = (shown: ActivityPage, older: ActivityPage): ActivityPage => ({
  items: join(shown.items, older.items),
  next: older.next,
});

/**
 * The picture after an update: metrics and new activity at once, the headline when it speaks of the range shown. The
 * log position stays that of the last fetch, since series and lists wait for the next one.
 */
export function applyUpdate(data: AnalyticsData, update: BatchUpdate): AnalyticsData {
  if (update.seq <= data.seq) return data;
  return {
    ...data,
    metrics: update.metrics,
    headline: speaksOf(update, data.range) ? update.headline : data.headline,
    recentActivities: {
      items: join(update.activity, data.recentActivities.items),
      next: data.recentActivities.next,
    },
  };
}

/**
 * Joins freshly fetched lines with those already shown. The fetched ones do by themselves when they are as many as
 * wanted. If the service gives fewer at once, the older lines stay as long as the two overlap: without an overlap more
 * happened than was told, and only the fetched lines are known to be without a hole.
 */
export function joinActivity(shown: ActivityPage, wanted: number, fetched: ActivityPage): ActivityPage {
  const oldest = fetched.items.at(-1);
  if (fetched.items.length >= wanted || oldest === undefined) return fetched;
  const at = shown.items.findIndex(({ id }) => id === oldest.id);
  return at === -1 || at === shown.items.length - 1
    ? fetched
    : { items: join(fetched.items, shown.items.slice(at + 1)), next: shown.next };
}

/**
 * The picture after a fetch: the fetched one, with the lines of activity loaded before, and the updates that came while
 * it was under way.
 * @param updates in the order they came
 */
export function joinFetched(
  shown: ActivityPage | undefined,
  wanted: number,
  fetched: AnalyticsData,
  updates: readonly BatchUpdate[],
): AnalyticsData {
  const recentActivities = shown ? joinActivity(shown, wanted, fetched.recentActivities) : fetched.recentActivities;
  return updates.reduce(applyUpdate, { ...fetched, recentActivities });
}

/** A reorganisation as a person says it: "2 blocks replaced" and "5 badges withdrawn, 4 issued again". */
export function describeReorg({ counts, withdrawn, issuedAgain }: Reorg): {
  title: string;
  detail: string;
} {
  const title = `${countOf(counts.rolledBack, 'block')} ${counts.applied === 0 ? 'withdrawn' : 'replaced'}`;
  if (withdrawn === 0 && issuedAgain === 0) return { title, detail: 'No badge was touched' };
  if (withdrawn === 0) return { title, detail: `${countOf(issuedAgain, 'badge')} issued` };
  return {
    title,
    detail: `${countOf(withdrawn, 'badge')} withdrawn, ${issuedAgain === 0 ? 'none' : issuedAgain} issued again`,
  };
}

/**
 * Blocks by the heights of the first and the last.
 * @param count of all: a list of very many holds the first only
 */
export function describeBlocks(blocks: readonly BlockReference[], count: number): string {
  const heights = blocks.map(({ height }) => height).toSorted((a, b) => a - b);
  const [first] = heights;
  const last = heights.at(-1);
  if (first === undefined || last === undefined) return 'none';
  const span = first === last ? formatCount(first) : `${formatCount(first)}–${formatCount(last)}`;
  return count > blocks.length ? `${span} and ${formatCount(count - blocks.length)} more` : span;
}
