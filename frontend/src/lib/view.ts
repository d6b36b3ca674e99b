/**
 * What a page shows, as its address says it: days, what they are compared with, filters. One viewer's link is another
 * viewer's picture; what an address says badly falls back to the default instead of failing. Pure.
 */
import type { QueryComparison } from '@passportx/analytics-backend/contract';
import { bucketDays } from './buckets';
import { addDays, isDay, lengthOf, overlap, rangeBefore, type DayRange, type IsoDay } from './dates';
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

/** What a press on a chart picks of the days shown, the longest first: each is picked among those of the one before. */
export const PICKS = ['month', 'week', 'day'] as const;
export type PickName = (typeof PICKS)[number];

export interface View {
  readonly selection: Selection;
  /** The days shown: those selected, or what is picked among them. */
  readonly range: DayRange;
  readonly compare: QueryComparison;
  readonly filters: Filters;
  /** Buckets picked in charts, by their names. */
  readonly picked: Readonly<Partial<Record<PickName, string>>>;
}

/** Names of the query that every page obeys and every link within the page carries along. */
const SHARED = ['range', 'from', 'to', 'compare', ...PICKS, ...FILTERS] as const;
/** Longer ids than any: an address that says more is no filter. */
const MAX_FILTER = 200;

export function parseView(search: string, today: IsoDay): View {
  const query = new URLSearchParams(search);
  const selection = parseSelection(search);
  const { range, picked } = pickAmong(resolveRange(selection, today), query);
  const compare = COMPARISONS.find(({ id }) => id === query.get('compare'))?.id ?? DEFAULT_COMPARISON;
  const filters = Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = query.get(name);
      if (!value || value.length > MAX_FILTER || (name === 'level' && !/^\d{1,9}$/.test(value))) return [];
      return [[name, value]];
    }),
  ) as Filters;
  return { selection, range, compare, filters, picked };
}

/** What is picked of the days selected: a bucket at their edge has only those of its days that are among them. */
function pickAmong(selected: DayRange, query: URLSearchParams): Pick<View, 'range' | 'picked'> {
  let range = selected;
  const picked: Partial<Record<PickName, string>> = {};
  for (const name of PICKS) {
    const bucket = query.get(name);
    const days = bucket === null ? null : bucketDays(bucket, name);
    const among = days && overlap(range, days);
    if (bucket === null || among === null) continue;
    range = among;
    picked[name] = bucket;
  }
  return { range, picked };
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

/** The changes that select days; what was picked among those before is let go. */
export function selectionChanges(selection: Selection): Changes {
  const said = new URLSearchParams(formatSelection(selection));
  const unpicked = Object.fromEntries(PICKS.map((name) => [name, null]));
  return { range: said.get('range'), from: said.get('from'), to: said.get('to'), ...unpicked };
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
export const searchToShare = (search: string, today: IsoDay): string =>
  changeSearch(search, { range: null, ...resolveRange(parseSelection(search), today) });

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
