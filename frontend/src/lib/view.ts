/**
 * What a page shows, as its address says it: days, what they are compared with, filters. One viewer's link is another
 * viewer's picture; what an address says badly falls back to the default instead of failing. Pure.
 */
import type { QueryComparison } from '@passportx/analytics-backend/contract';
import { weekStart, type SeriesInterval } from './buckets';
import { addDays, isDay, isoDay, lengthOf, rangeBefore, type DayRange, type IsoDay } from './dates';
import { formatSelection, parseSelection, resolveRange, type Selection } from './range';

/** What a page can be narrowed down to, in the order in which chips stand. */
export const FILTERS = ['category', 'level', 'badge', 'issuer', 'community', 'user'] as const;
export type FilterName = (typeof FILTERS)[number];
export type Filters = Partial<Record<FilterName, string>>;

export const COMPARISONS: readonly { readonly id: QueryComparison; readonly label: string }[] = [
  { id: 'previous', label: 'Period before' },
  { id: 'year', label: 'Year before' },
  { id: 'none', label: 'Nothing' },
];
const DEFAULT_COMPARISON: QueryComparison = 'previous';

export interface View {
  readonly selection: Selection;
  /** The days shown: those selected, or the one picked among them. */
  readonly range: DayRange;
  readonly compare: QueryComparison;
  readonly filters: Filters;
  /** One day of those selected, picked in a chart. */
  readonly day: IsoDay | null;
}

/** Names of the query that every page obeys and every link within the page carries along. */
const SHARED = ['range', 'from', 'to', 'compare', 'day', ...FILTERS] as const;
/** Longer ids than any: an address that says more is no filter. */
const MAX_FILTER = 200;

export function parseView(search: string, today: IsoDay): View {
  const query = new URLSearchParams(search);
  const selection = parseSelection(search);
  const selected = resolveRange(selection, today);
  const picked = query.get('day');
  const day = picked !== null && isDay(picked) && picked >= selected.from && picked <= selected.to ? picked : null;
  const compare = COMPARISONS.find(({ id }) => id === query.get('compare'))?.id ?? DEFAULT_COMPARISON;
  const filters = Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = query.get(name);
      if (!value || value.length > MAX_FILTER || (name === 'level' && !/^\d{1,9}$/.test(value))) return [];
      return [[name, value]];
    }),
  ) as Filters;
  return { selection, range: day === null ? selected : { from: day, to: day }, compare, filters, day };
}

/** Changes to the query of an address; null takes a name out. */
export type Changes = Readonly<Record<string, string | null>>;

/** The query after changes, `?` included; empty when nothing is left. */
export function changeSearch(search: string, changes: Changes): string {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes))
    if (value === null) query.delete(name);
    else query.set(name, value);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** The changes that select days; a day picked before is let go. */
export function selectionChanges(selection: Selection): Changes {
  const said = new URLSearchParams(formatSelection(selection));
  return { range: said.get('range'), from: said.get('from'), to: said.get('to'), day: null };
}

/** The days of a bucket, as changes to the address; null for what is shorter than a day. */
export function bucketChanges(bucket: string, interval: SeriesInterval): Changes | null {
  switch (interval) {
    case 'hour':
      return null;
    case 'day':
      return { day: bucket };
    case 'week': {
      const from = weekStart(bucket);
      return selectionChanges({ timeRange: 'custom', from, to: addDays(from, 6) });
    }
    case 'month': {
      const from = `${bucket}-01`;
      const to = isoDay(Date.UTC(Number(bucket.slice(0, 4)), Number(bucket.slice(5, 7)), 0));
      return selectionChanges({ timeRange: 'custom', from, to });
    }
  }
}

export const comparisonChanges = (compare: QueryComparison): Changes => ({
  compare: compare === DEFAULT_COMPARISON ? null : compare,
});

/** Where a link leads: another page, with the days and filters of this one. */
export function hrefOf(path: string, search: string, own: Readonly<Record<string, string>> = {}): string {
  const from = new URLSearchParams(search);
  const query = new URLSearchParams(own);
  for (const name of SHARED) {
    const value = from.get(name);
    if (value !== null && !query.has(name)) query.set(name, value);
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** The query to share: a preset would move on with the days, so its days are said outright. */
export const searchToShare = (search: string, { selection }: View, today: IsoDay): string =>
  selection.timeRange === 'custom' ? search : changeSearch(search, { range: null, ...resolveRange(selection, today) });

/** The days that a range is compared with; null when with none. */
export function comparedRange(range: DayRange, compare: QueryComparison): DayRange | null {
  switch (compare) {
    case 'none':
      return null;
    case 'previous':
      return rangeBefore(range);
    case 'year':
      return { from: yearBefore(range.from), to: yearBefore(range.to) };
  }
}

/** The same day of the year before; 29 February becomes the 28th. */
export function yearBefore(day: IsoDay): IsoDay {
  const before = `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`;
  return isDay(before) ? before : `${before.slice(0, 8)}28`;
}

/** The range moved by its own length, not beyond today. */
export function shiftRange(range: DayRange, direction: -1 | 1, today: IsoDay): DayRange {
  const days = lengthOf(range);
  const to = addDays(range.to, direction * days);
  return to > today
    ? { from: addDays(today, 1 - days), to: today }
    : { from: addDays(range.from, direction * days), to };
}

export const isFiltered = ({ filters }: View): boolean => Object.keys(filters).length > 0;
