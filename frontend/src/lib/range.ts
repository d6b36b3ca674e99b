/**
 * Which days the page shows, and how the address says so: `?range=7d` for a preset, `?from=…&to=…` for chosen days,
 * nothing for the last 30 days. What an address says badly falls back to the default instead of failing.
 */
import { addDays, isDay, lengthOf, type DayRange, type IsoDay } from './dates';

export const PRESETS = [
  { id: '7d', label: 'Last 7 days' },
  { id: '30d', label: 'Last 30 days' },
  { id: '90d', label: 'Last 90 days' },
  { id: 'month', label: 'This month' },
  { id: 'year', label: 'This year' },
  { id: '12m', label: 'Last 12 months' },
] as const;
export type Preset = (typeof PRESETS)[number]['id'];
export type TimeRange = Preset | 'custom';

/** What the viewer chose; a preset moves on with the days, chosen days stay. */
export type Selection = { readonly timeRange: Preset } | ({ readonly timeRange: 'custom' } & DayRange);

export const DEFAULT_SELECTION: Selection = { timeRange: '30d' };
/** The longest range offered: a year of daily points is what a line of 800 px can still tell apart. */
export const MAX_DAYS = 366;

const YEAR_DAYS = 365;

const isPreset = (text: string | null): text is Preset => PRESETS.some(({ id }) => id === text);

/** The days of a preset, ending with `today`. */
export function presetRange(preset: Preset, today: IsoDay): DayRange {
  switch (preset) {
    case '7d':
      return { from: addDays(today, -6), to: today };
    case '30d':
      return { from: addDays(today, -29), to: today };
    case '90d':
      return { from: addDays(today, -89), to: today };
    case 'month':
      return { from: `${today.slice(0, 8)}01`, to: today };
    case 'year':
      return { from: `${today.slice(0, 5)}01-01`, to: today };
    case '12m':
      return { from: addDays(today, 1 - YEAR_DAYS), to: today };
  }
}

/** The days selected, without those to come, which are no zeros but not yet; of none but such, those of the default. */
export function resolveRange(selection: Selection, today: IsoDay): DayRange {
  if (selection.timeRange !== 'custom') return presetRange(selection.timeRange, today);
  return begunOf(selection, today) ?? resolveRange(DEFAULT_SELECTION, today);
}

/** What of the days has begun; null when all are to come. */
export const begunOf = ({ from, to }: DayRange, today: IsoDay): DayRange | null =>
  from > today ? null : { from, to: to > today ? today : to };

/** Reads the query of an address. */
export function parseSelection(search: string): Selection {
  const query = new URLSearchParams(search);
  const from = query.get('from');
  const to = query.get('to');
  if (from && to && isDay(from) && isDay(to) && from <= to && lengthOf({ from, to }) <= MAX_DAYS) {
    return { timeRange: 'custom', from, to };
  }
  const preset = query.get('range');
  return isPreset(preset) ? { timeRange: preset } : DEFAULT_SELECTION;
}

/** The query that {@link parseSelection} reads back; empty for the default, so that the plain address stays plain. */
export function formatSelection(selection: Selection): string {
  if (selection.timeRange === 'custom') return `?${new URLSearchParams({ from: selection.from, to: selection.to })}`;
  return selection.timeRange === DEFAULT_SELECTION.timeRange ? '' : `?range=${selection.timeRange}`;
}

export function labelOf(selection: Selection): string {
  return PRESETS.find(({ id }) => id === selection.timeRange)?.label ?? 'Chosen days';
}
