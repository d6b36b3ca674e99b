import { parseDate } from '../analyzers/calendar.js';
import {
  BOARD_COLUMNS,
  MAX_HOURLY_DAYS,
  QUERY_METRICS,
  type BoardContent,
  type BoardRange,
  type QueryDimension,
  type Widget,
} from '../contract/index.js';

/**
 * What the schema of a board cannot say: that widgets stay on the grid and off each other, and that each asks for
 * something that there is. Pure; every finding names its field.
 */
export interface Finding {
  readonly field: string;
  readonly message: string;
}

/** The longest range that a board shows, in days: what a line on a wall can still tell apart. */
const MAX_RANGE_DAYS = 366;

/** @returns what is wrong with `content`, which is of its schema; empty when nothing is. */
export function findingsOf({ name, range, widgets }: BoardContent): Finding[] {
  return [
    ...blank('name', name),
    ...rangeFindings('range', range),
    ...widgets.flatMap((widget, index) => [
      ...placeFindings(widgets, widget, index),
      ...contentFindings(`widgets[${index}]`, widget, range),
    ]),
  ];
}

function placeFindings(widgets: readonly Widget[], widget: Widget, index: number): Finding[] {
  const before = widgets.slice(0, index);
  const twin = before.findIndex(({ id }) => id === widget.id);
  const under = before.findIndex((other) => overlap(widget, other));
  const field = `widgets[${index}]`;
  return [
    ...found(twin >= 0, `${field}.id`, `must differ from that of widgets[${twin}]`),
    ...found(widget.x + widget.w > BOARD_COLUMNS, `${field}.w`, `must end at column ${BOARD_COLUMNS} or before`),
    ...found(under >= 0, field, `must not overlap widgets[${under}]`),
  ];
}

type Place = Pick<Widget, 'x' | 'y' | 'w' | 'h'>;

const overlap = (a: Place, b: Place): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

function contentFindings(field: string, widget: Widget, boardRange: BoardRange): Finding[] {
  const titled = widget.title === undefined ? [] : blank(`${field}.title`, widget.title);
  switch (widget.kind) {
    case 'number':
    case 'series':
    case 'ranking': {
      const { range, filters = {}, metric } = widget;
      const known: readonly string[] = QUERY_METRICS[metric].dimensions;
      const group = widget.kind === 'number' ? 'none' : widget.groupBy;
      const unknown = (Object.keys(filters) as QueryDimension[]).filter((dimension) => !known.includes(dimension));
      const tooFine = widget.kind === 'series' && widget.interval === 'hour' && !isShort(range ?? boardRange);
      const allowed = `must be of ${known.join(', ')} for ${metric}`;
      return [
        ...titled,
        ...(range === undefined ? [] : rangeFindings(`${field}.range`, range)),
        ...found(group !== 'none' && !known.includes(group), `${field}.groupBy`, allowed),
        ...found(tooFine, `${field}.interval`, `must not be hour for more than ${MAX_HOURLY_DAYS} days`),
        ...unknown.map((dimension) => ({ field: `${field}.filters.${dimension}`, message: allowed })),
      ];
    }
    case 'note':
      return [...titled, ...blank(`${field}.text`, widget.text)];
    case 'activity':
    case 'cohorts':
    case 'chain':
      return titled;
  }
}

function rangeFindings(field: string, range: BoardRange): Finding[] {
  if (range.preset !== 'custom') return [];
  const days = lengthOf(range);
  return [
    ...found(days < 1, `${field}.from`, 'must not be after "to"'),
    ...found(days > MAX_RANGE_DAYS, `${field}.from`, `must be within ${MAX_RANGE_DAYS} days of "to", not ${days}`),
  ];
}

/** Whether the query call answers these days by the hour. */
function isShort(range: BoardRange): boolean {
  switch (range.preset) {
    case '7d':
    case '30d':
    case 'month':
      return true;
    case '90d':
    case 'year':
    case '12m':
      return false;
    case 'custom':
      return lengthOf(range) <= MAX_HOURLY_DAYS;
  }
}

const lengthOf = ({ from, to }: { readonly from: string; readonly to: string }): number =>
  (parseDate(to) ?? 0) - (parseDate(from) ?? 0) + 1;

const blank = (field: string, text: string): Finding[] => found(text.trim() === '', field, 'must not be blank');

const found = (wrong: boolean, field: string, message: string): Finding[] => (wrong ? [{ field, message }] : []);
