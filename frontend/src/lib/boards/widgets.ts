/**
 * What each kind of widget is to a viewer: its words, its least size, the call that it reads. A link to a board opens
 * just these calls (the service knows them too), so nothing else may be asked for a widget.
 */
import type {
  BoardPreset,
  BoardRange,
  QueryDimension,
  QueryGroup,
  QueryMetric,
  Widget,
  WidgetKind,
} from '@passportx/analytics-backend/contract';
import { intervalFor, type SeriesInterval } from '../buckets';
import type { DayRange, IsoDay } from '../dates';
import { wordsOf, type Found } from '../found';
import { DIMENSION_LABELS, METRICS } from '../metrics';
import { presetRange } from '../range';
import type { Least } from './grid';

export type MeasuredWidget = Extract<Widget, { metric: QueryMetric }>;
export type SeriesWidget = Extract<Widget, { kind: 'series' }>;

export const KINDS: Record<WidgetKind, { readonly name: string; readonly least: Least }> = {
  number: { name: 'Number', least: { w: 2, h: 2 } },
  series: { name: 'Over time', least: { w: 4, h: 4 } },
  ranking: { name: 'Ranking', least: { w: 3, h: 3 } },
  activity: { name: 'Activity', least: { w: 3, h: 3 } },
  cohorts: { name: 'Retention', least: { w: 5, h: 4 } },
  chain: { name: 'Chain', least: { w: 3, h: 3 } },
  note: { name: 'Note', least: { w: 2, h: 1 } },
};

export const PRESET_NAMES: Record<BoardPreset, string> = {
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  month: 'This month',
  year: 'This year',
  '12m': 'Last 12 months',
};

export const daysOf = (range: BoardRange, today: IsoDay): DayRange =>
  range.preset === 'custom' ? { from: range.from, to: range.to } : presetRange(range.preset, today);

/** What a widget may be grouped by; what a metric can be filtered by is what it can be grouped by. */
export const groupsOf = (metric: QueryMetric): readonly Exclude<QueryGroup, 'none'>[] => METRICS[metric].filters;

/** Numbers that stand at a moment know no hour of what they count. */
const isStanding = (metric: QueryMetric): boolean => metric === 'activeBadges' || metric.startsWith('total');

/** What a metric can be filtered by, as the service has it. */
export const filtersOf = (metric: QueryMetric): readonly QueryDimension[] =>
  isStanding(metric) ? METRICS[metric].filters : [...METRICS[metric].filters, 'weekday', 'hour'];

const NUMERIC: ReadonlySet<QueryDimension> = new Set<QueryDimension>(['level', 'weekday', 'hour']);
type Values = readonly (string | number)[];
const valuesOf = ({ filters = {} }: MeasuredWidget, by: QueryDimension): Values => filters[by] ?? [];
const withValues = (widget: MeasuredWidget, by: QueryDimension, values: Values): MeasuredWidget => {
  const { filters: before, ...rest } = widget;
  const { [by]: _replaced, ...others } = before ?? {};
  const filters = values.length === 0 ? others : { ...others, [by]: values };
  return (Object.keys(filters).length === 0 ? rest : { ...rest, filters }) as MeasuredWidget;
};

/** Most values of one dimension, as the service has it. */
const MAX_VALUES = 20;
const MAX_TITLE = 80;

/** Only that too. What is known by its id alone goes into the title, where there is none: a link cannot look names up. */
export function withFilter(widget: MeasuredWidget, by: QueryDimension, { id, name }: Found): MeasuredWidget {
  const value = NUMERIC.has(by) ? Number(id) : id;
  const values = valuesOf(widget, by);
  if (values.includes(value) || values.length >= MAX_VALUES) return widget;
  const named = by === 'badge' || by === 'community';
  const title = named && widget.title === undefined ? { title: `${titleOf(widget)}: ${name}`.slice(0, MAX_TITLE) } : {};
  return withValues({ ...widget, ...title }, by, [...values, value]);
}

export const withoutFilter = (widget: MeasuredWidget, by: QueryDimension, value: string): MeasuredWidget =>
  withValues(
    widget,
    by,
    valuesOf(widget, by).filter((one) => String(one) !== value),
  );

/** What a widget is narrowed down to, in words; empty when to nothing. */
export function filteredBy({ filters = {} }: MeasuredWidget): string {
  const parts = (Object.entries(filters) as [QueryDimension, Values][]).map(([by, values]) => {
    const words = values.map((value) => wordsOf(by, String(value))).join(' or ');
    return by === 'category' || by === 'level' || by === 'weekday' || by === 'hour'
      ? words
      : `${DIMENSION_LABELS[by].toLowerCase()} ${words}`;
  });
  return parts.length === 0 ? '' : ` Only ${parts.join(', ')}.`;
}

const byGroup = (metric: QueryMetric, group: QueryGroup): string =>
  group === 'none' ? METRICS[metric].label : `${METRICS[metric].label} by ${DIMENSION_LABELS[group].toLowerCase()}`;

/** The title that a viewer gave, else what the widget shows. */
export function titleOf(widget: Widget): string {
  if (widget.title !== undefined) return widget.title;
  switch (widget.kind) {
    case 'number':
      return METRICS[widget.metric].label;
    case 'series':
    case 'ranking':
      return byGroup(widget.metric, widget.groupBy);
    case 'activity':
      return 'Happening now';
    case 'cohorts':
      return 'Do people come back?';
    case 'chain':
      return 'Chain';
    case 'note':
      return 'Note';
  }
}

export const intervalOf = (widget: MeasuredWidget, days: DayRange): SeriesInterval =>
  widget.kind === 'series' && widget.interval !== 'auto' ? widget.interval : intervalFor(days);

/**
 * The read of a widget that shows a metric.
 * @param range the board's, for widgets without days of their own
 * @param parts groups that a chart over time tells one by one
 */
export function queryPathOf(widget: MeasuredWidget, range: BoardRange, today: IsoDay, parts: number): string {
  const days = daysOf(widget.range ?? range, today);
  const query = new URLSearchParams({ metric: widget.metric, from: days.from, to: days.to });
  query.set('interval', widget.kind === 'ranking' ? 'total' : intervalOf(widget, days));
  if (widget.kind !== 'ranking' && widget.compare !== 'none') query.set('compare', widget.compare);
  if (widget.kind !== 'number' && widget.groupBy !== 'none') {
    query.set('groupBy', widget.groupBy);
    query.set('limit', String(widget.kind === 'ranking' ? widget.limit : parts));
  }
  for (const [name, values] of Object.entries(widget.filters ?? {}))
    for (const value of values) query.append(name, String(value));
  return `/api/analytics/query?${query}`;
}

const FEED_LINES = 50;

export const activityPathOf = ({ type }: Extract<Widget, { kind: 'activity' }>): string =>
  `/api/analytics/activity?${new URLSearchParams({ limit: String(FEED_LINES), ...(type ? { type } : {}) })}`;
export const COHORTS_PATH = '/api/analytics/users';
export const CHAIN_PATH = '/api/chain/status';

/** A widget without a place: what the picker offers. */
export type Draft = Widget extends infer One
  ? One extends Widget
    ? Omit<One, 'id' | 'x' | 'y' | 'w' | 'h'>
    : never
  : never;
export interface Offer extends Least {
  readonly draft: Draft;
}

export const OFFERS: readonly Offer[] = [
  { w: 3, h: 2, draft: { kind: 'number', metric: 'badgesIssued', compare: 'previous' } },
  { w: 3, h: 2, draft: { kind: 'number', metric: 'activeUsers', compare: 'previous' } },
  { w: 3, h: 2, draft: { kind: 'number', metric: 'totalUsers', compare: 'previous' } },
  {
    w: 6,
    h: 4,
    draft: {
      kind: 'series',
      metric: 'badgesIssued',
      shape: 'line',
      interval: 'auto',
      groupBy: 'none',
      compare: 'previous',
    },
  },
  {
    w: 6,
    h: 4,
    draft: {
      kind: 'series',
      metric: 'badgesIssued',
      shape: 'bar',
      interval: 'auto',
      groupBy: 'category',
      compare: 'none',
    },
  },
  {
    w: 6,
    h: 4,
    draft: { kind: 'series', metric: 'newUsers', shape: 'bar', interval: 'auto', groupBy: 'none', compare: 'none' },
  },
  { w: 4, h: 4, draft: { kind: 'ranking', metric: 'badgesIssued', groupBy: 'badge', limit: 8 } },
  { w: 4, h: 4, draft: { kind: 'ranking', metric: 'badgesIssued', groupBy: 'community', limit: 8 } },
  { w: 4, h: 4, draft: { kind: 'ranking', metric: 'badgesIssued', groupBy: 'issuer', limit: 8 } },
  { w: 4, h: 4, draft: { kind: 'activity' } },
  { w: 8, h: 4, draft: { kind: 'cohorts' } },
  { w: 4, h: 3, draft: { kind: 'chain' } },
  { w: 4, h: 1, draft: { kind: 'note', text: 'What those who pass by should know' } },
];

/** A board to begin with: one row of numbers, and what they are made of. */
export const STARTER: readonly Widget[] = [
  { id: 'issued', x: 0, y: 0, w: 3, h: 2, kind: 'number', metric: 'badgesIssued', compare: 'previous' },
  { id: 'active', x: 3, y: 0, w: 3, h: 2, kind: 'number', metric: 'activeUsers', compare: 'previous' },
  { id: 'new', x: 6, y: 0, w: 3, h: 2, kind: 'number', metric: 'newUsers', compare: 'previous' },
  { id: 'members', x: 9, y: 0, w: 3, h: 2, kind: 'number', metric: 'newMembers', compare: 'previous' },
  {
    id: 'course',
    x: 0,
    y: 2,
    w: 8,
    h: 4,
    kind: 'series',
    metric: 'badgesIssued',
    shape: 'bar',
    interval: 'auto',
    groupBy: 'category',
    compare: 'none',
  },
  { id: 'feed', x: 8, y: 2, w: 4, h: 4, kind: 'activity' },
];
