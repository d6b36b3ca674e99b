import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { FactTypeName } from './activity.js';
import { Count, Day, Nullable, PartName, Seq, Timestamp } from './primitives.js';
import type { QueryFilters } from './query.js';
import { QUERY_DIMENSIONS, QUERY_INTERVALS, QueryComparisonName, QueryGroup, QueryMetricName } from './query.js';

/**
 * Boards: pages that viewers compose of widgets on a grid of twelve columns, and the links that show one of them to
 * someone without a token. `docs/boards.md` tells who may do what.
 */

/** Bounds of what is kept; a board that is sent also has to fit in `BOARD_BYTES`. */
export const MAX_BOARDS = 500;
export const MAX_WIDGETS = 24;
export const MAX_BOARD_SHARES = 20;
export const BOARD_BYTES = 32 * 1024;
export const BOARD_COLUMNS = 12;
/** The tallest widget, in rows, and the row below which none begins: twelve of the tallest, one below the other. */
export const MAX_WIDGET_ROWS = 12;
export const MAX_BOARD_ROWS = 144;
const MAX_NAME = 80;
const MAX_NOTE = 500;
const MAX_FILTER_VALUES = 20;
const MAX_FILTER_VALUE = 200;
const MAX_RANKED = 20;

const closed = { additionalProperties: false };
const oneOf = <T extends string>(names: readonly T[]) => Type.Union(names.map((name) => Type.Literal(name)));

/** Days that move on with the days, by name, as they are offered. */
export const BOARD_PRESETS = ['7d', '30d', '90d', 'month', 'year', '12m'] as const;
export type BoardPreset = (typeof BOARD_PRESETS)[number];
export const BoardRange = Type.Union([
  Type.Object({ preset: oneOf(BOARD_PRESETS) }, closed),
  Type.Object({ preset: Type.Literal('custom'), from: Day, to: Day }, closed),
]);
export type BoardRange = Static<typeof BoardRange>;

const whole = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum });
const placed = {
  id: Type.String({ minLength: 1, maxLength: 32, description: 'Unique on the board' }),
  x: whole(0, BOARD_COLUMNS - 1),
  y: whole(0, MAX_BOARD_ROWS),
  w: whole(1, BOARD_COLUMNS),
  h: whole(1, MAX_WIDGET_ROWS),
  title: Type.Optional(Type.String({ minLength: 1, maxLength: MAX_NAME, description: 'Default: what it shows' })),
};
const filterValues = <T extends TSchema>(value: T) =>
  Type.Optional(Type.Array(value, { minItems: 1, maxItems: MAX_FILTER_VALUES }));
const filterText = filterValues(Type.String({ minLength: 1, maxLength: MAX_FILTER_VALUE }));
const filterNumber = filterValues(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }));
const measured = {
  ...placed,
  metric: QueryMetricName,
  filters: Type.Optional(
    Type.Object(
      {
        category: filterText,
        level: filterNumber,
        badge: filterText,
        issuer: filterText,
        community: filterText,
        user: filterText,
        weekday: filterNumber,
        hour: filterNumber,
      } satisfies Record<keyof QueryFilters, TSchema>,
      closed,
    ),
  ),
  range: Type.Optional(BoardRange),
};

/** One number, with its change and its course. */
export const NumberWidget = Type.Object(
  { ...measured, kind: Type.Literal('number'), compare: QueryComparisonName },
  closed,
);
/** A metric over time, whole or in groups. */
export const SeriesWidget = Type.Object(
  {
    ...measured,
    kind: Type.Literal('series'),
    shape: oneOf(['line', 'bar'] as const),
    interval: oneOf(['auto', ...QUERY_INTERVALS.filter((interval) => interval !== 'total')] as const),
    groupBy: QueryGroup,
    compare: QueryComparisonName,
  },
  closed,
);
/** The largest groups of a metric. */
export const RankingWidget = Type.Object(
  {
    ...measured,
    kind: Type.Literal('ranking'),
    groupBy: oneOf(QUERY_DIMENSIONS),
    limit: whole(1, MAX_RANKED),
  },
  closed,
);
/** What happens, as it happens. */
export const ActivityWidget = Type.Object(
  { ...placed, kind: Type.Literal('activity'), type: Type.Optional(FactTypeName) },
  closed,
);
/** Which users of each month came back. */
export const CohortsWidget = Type.Object({ ...placed, kind: Type.Literal('cohorts') }, closed);
/** Where the chain stands. */
export const ChainWidget = Type.Object({ ...placed, kind: Type.Literal('chain') }, closed);
/** A heading or a word to those who look. */
export const NoteWidget = Type.Object(
  { ...placed, kind: Type.Literal('note'), text: Type.String({ minLength: 1, maxLength: MAX_NOTE }) },
  closed,
);

export const Widget = Type.Union([
  NumberWidget,
  SeriesWidget,
  RankingWidget,
  ActivityWidget,
  CohortsWidget,
  ChainWidget,
  NoteWidget,
]);
export type Widget = Static<typeof Widget>;
export type WidgetKind = Widget['kind'];

/** What an editor sends. */
const content = {
  name: Type.String({ minLength: 1, maxLength: MAX_NAME }),
  range: BoardRange,
  widgets: Type.Array(Widget, { maxItems: MAX_WIDGETS, description: 'No two overlap' }),
};
export const BoardContent = Type.Object(content, closed);
export type BoardContent = Static<typeof BoardContent>;

const BoardId = Type.String({ description: 'Made by the service' });
const kept = {
  id: BoardId,
  revision: Type.Integer({ minimum: 1, description: 'One more with every change; its ETag' }),
  createdAt: Timestamp,
  updatedAt: Timestamp,
};
export const Board = Type.Object({ ...kept, ...content });
export type Board = Static<typeof Board>;

export const BoardSummary = Type.Object({
  ...kept,
  name: Type.String(),
  shares: Count,
  layout: Type.Array(
    Type.Object({
      kind: Type.String(),
      x: Type.Integer(),
      y: Type.Integer(),
      w: Type.Integer(),
      h: Type.Integer(),
    }),
    { description: 'Where its widgets are' },
  ),
});
export type BoardSummary = Static<typeof BoardSummary>;
export const BoardList = Type.Object({
  items: Type.Array(BoardSummary, { maxItems: MAX_BOARDS, description: 'Those changed last first' }),
  limit: Type.Integer({ description: 'Most boards that are kept' }),
});
export type BoardList = Static<typeof BoardList>;

const EditKey = Type.String({ description: 'Told this once; the service keeps its hash' });
export const CreatedBoard = Type.Object({ board: Board, editKey: EditKey });
export type CreatedBoard = Static<typeof CreatedBoard>;
export const NewEditKey = Type.Object({ editKey: EditKey });
export type NewEditKey = Static<typeof NewEditKey>;

/** A link that shows the board to anyone who has it, until it is revoked. */
export const BoardShare = Type.Object({
  id: Type.String(),
  name: Type.String({ description: 'For whom, in words' }),
  createdAt: Timestamp,
});
export type BoardShare = Static<typeof BoardShare>;
export const ShareContent = Type.Object({ name: Type.String({ minLength: 1, maxLength: MAX_NAME }) }, closed);
export const ShareList = Type.Object({ items: Type.Array(BoardShare, { maxItems: MAX_BOARD_SHARES }) });
export type ShareList = Static<typeof ShareList>;
export const CreatedShare = Type.Object({
  share: BoardShare,
  token: Type.String({ description: 'Told this once. `POST /api/session` trades it for a cookie' }),
});
export type CreatedShare = Static<typeof CreatedShare>;

/** What those who look at a board hear over Socket.IO, in the namespace `BOARDS_NAMESPACE`; data is fetched anew. */
export const BOARDS_NAMESPACE = '/boards';
export const BoardUpdate = Type.Object({
  seq: Seq,
  at: Timestamp,
  changed: Type.Array(PartName, { description: 'Empty: something else than the metrics, such as the activity' }),
});
export type BoardUpdate = Static<typeof BoardUpdate>;
export const BoardEdited = Type.Object({ revision: Type.Integer() });
export type BoardEdited = Static<typeof BoardEdited>;

/** How fresh the figures are, and whether anything is wrong: told on arrival, and when it changes. */
export const BoardPulse = Type.Object({
  heardAt: Nullable(Timestamp),
  stalled: Type.Boolean({ description: 'The node goes on, but nothing of it comes' }),
  firing: Type.Integer({ minimum: 0, description: 'Alerts that fire; which ones a link does not open' }),
});
export type BoardPulse = Static<typeof BoardPulse>;

export interface BoardServerEvents {
  'board:pulse': (pulse: BoardPulse) => void;
  'board:update': (update: BoardUpdate) => void;
  'board:edited': (edited: BoardEdited) => void;
  /** The board or the link to it is gone; the connection ends. */
  'board:closed': () => void;
}
