import { daysOfMonth, monthOf, parseDate, isoDate, type DayRange } from '../analyzers/calendar.js';
import type { Board, BoardRange, Widget } from '../contract/index.js';

/**
 * What a link to a board opens: the board itself and, of the reads that its widgets make, exactly those: the same metric,
 * group, filters and comparison over the same days. Pure; whatever it does not know it does not open.
 */
export interface Read {
  readonly path: string;
  /** As Express reads it: a text, or several under one name. */
  readonly query: unknown;
}

/** Lines of activity that a widget shows at most; what came before them is not of the board. */
const MAX_ACTIVITY = 50;

/** @param today days since the epoch. */
export function opens(board: Board, { path, query }: Read, today: number): boolean {
  const given = textsOf(query);
  if (given === undefined) return false;
  if (path === `/api/boards/${board.id}`) return given.size === 0;
  return board.widgets.some((widget) => {
    switch (widget.kind) {
      case 'number':
      case 'series':
      case 'ranking':
        return path === '/api/analytics/query' && asks(widget, widget.range ?? board.range, given, today);
      case 'activity':
        return (
          path === '/api/analytics/activity' &&
          isWithin(given, ['limit', 'type']) &&
          one(given, 'type') === widget.type &&
          isUpTo(MAX_ACTIVITY, one(given, 'limit') ?? '50')
        );
      case 'cohorts':
        return path === '/api/analytics/users' && given.size === 0;
      case 'chain':
        return path === '/api/chain/status' && given.size === 0;
      case 'note':
        return false;
    }
  });
}

type Measured = Extract<Widget, { metric: unknown }>;
type Given = ReadonlyMap<string, readonly string[]>;

/** Whether this is a question that the widget asks; what is left out is what the call takes it for. How fine its buckets are is up to who asks, unless the widget says. */
function asks(widget: Measured, range: BoardRange, given: Given, today: number): boolean {
  const { metric, filters = {} } = widget;
  const names = ['metric', 'from', 'to', 'interval', 'groupBy', 'compare', 'limit', ...Object.keys(filters)];
  const interval = widget.kind === 'series' ? widget.interval : 'auto';
  const limit = widget.kind === 'ranking' ? widget.limit : MAX_SERIES;
  return (
    isWithin(given, names) &&
    one(given, 'metric') === metric &&
    (one(given, 'groupBy') ?? 'none') === (widget.kind === 'number' ? 'none' : widget.groupBy) &&
    (one(given, 'compare') ?? 'none') === (widget.kind === 'ranking' ? 'none' : widget.compare) &&
    (interval === 'auto' || (one(given, 'interval') ?? 'day') === interval) &&
    isUpTo(limit, one(given, 'limit') ?? '10') &&
    Object.entries(filters).every(([name, values]) => sameValues(given.get(name) ?? [], values.map(String))) &&
    isOfDays(range, one(given, 'from'), one(given, 'to'), today)
  );
}

/** Groups that a chart of several series shows. */
const MAX_SERIES = 20;

/** The clock of a browser may be a little ahead or behind where a day ends. */
function isOfDays(range: BoardRange, from: string | undefined, to: string | undefined, today: number): boolean {
  return [today - 1, today, today + 1].some((day) => {
    const days = daysOf(range, day);
    return isoDate(days.from) === from && isoDate(days.to) === to;
  });
}

/** The days of a board's range when it is `today`. */
function daysOf(range: BoardRange, today: number): DayRange {
  switch (range.preset) {
    case '7d':
      return { from: today - 6, to: today };
    case '30d':
      return { from: today - 29, to: today };
    case '90d':
      return { from: today - 89, to: today };
    case '12m':
      return { from: today - 364, to: today };
    case 'month':
      return { from: daysOfMonth(monthOf(today)).from, to: today };
    case 'year':
      return { from: daysOfMonth(monthOf(today) - (monthOf(today) % 12)).from, to: today };
    case 'custom':
      return { from: parseDate(range.from) ?? today, to: parseDate(range.to) ?? today };
  }
}

/** The parameters that were given; an empty one was not. Undefined when they are of another shape. */
function textsOf(query: unknown): Given | undefined {
  const given = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(query ?? {})) {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    if (!values.every((text) => typeof text === 'string')) return undefined;
    const texts = values.filter((text) => text !== '');
    if (texts.length > 0) given.set(name, texts);
  }
  return given;
}

/** The value of a parameter; given twice it is one that no widget has. */
function one(given: Given, name: string): string | undefined {
  const values = given.get(name);
  return values === undefined || values.length === 1 ? values?.[0] : values.join('\0');
}

const isWithin = (given: Given, names: readonly string[]): boolean =>
  [...given.keys()].every((name) => names.includes(name));

const isUpTo = (most: number, text: string): boolean => /^\d{1,4}$/.test(text) && Number(text) <= most;

const sameValues = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && [...a].sort().join('\0') === [...b].sort().join('\0');
