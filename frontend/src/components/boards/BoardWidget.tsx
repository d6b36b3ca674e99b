'use client';
import type {
  ActivityPage,
  BoardRange,
  ChainStatus,
  QueryAnswer,
  QueryGroup,
  QuerySeries,
  UserMetrics,
  Widget,
} from '@passportx/analytics-backend/contract';
import { mapAnswer } from '../../lib/answer';
import { NO_GROUP, toLines, toStack } from '../../lib/api/query';
import { valuesOver } from '../../lib/buckets';
import {
  activityPathOf,
  CHAIN_PATH,
  COHORTS_PATH,
  daysOf,
  filteredBy,
  intervalOf,
  queryPathOf,
  titleOf,
  type MeasuredWidget,
  type SeriesWidget,
} from '../../lib/boards/widgets';
import { sparklinePath } from '../../lib/chart/sparkline';
import { huesOf } from '../../lib/chart/hues';
import type { ChartData, Hue } from '../../lib/chart/option';
import { groupFeed, withReorgs } from '../../lib/feed';
import { formatAgo, formatCategory, formatCount, formatRange, shorten } from '../../lib/format';
import { useApi } from '../../lib/hooks/useApi';
import { useNow, useToday } from '../../lib/hooks/useNow';
import { useParts } from '../../lib/hooks/useParts';
import { METRICS } from '../../lib/metrics';
import { FeedLines } from '../activity/FeedLines';
import { Bars } from '../charts/Bars';
import { TimeChart } from '../charts/TimeChart';
import { Change } from '../ui/Change';
import { CARD } from '../ui/Card';
import { ChartFrame } from '../ui/ChartFrame';
import { Facts } from '../ui/Facts';
import { RollingNumber } from '../ui/RollingNumber';
import { ScrollRegion } from '../ui/ScrollRegion';
import { RetentionCohorts } from '../users/RetentionCohorts';

export interface WidgetProps<Kind extends Widget = Widget> {
  readonly widget: Kind;
  /** The board's, for widgets without days of their own. */
  readonly range: BoardRange;
}

const FILL = 'h-full overflow-hidden';

/** One widget, as its kind draws it; it fills the place that it is given. */
export function BoardWidget({ widget, range }: WidgetProps) {
  switch (widget.kind) {
    case 'number':
      return <NumberCard widget={widget} range={range} />;
    case 'series':
      return <SeriesCard widget={widget} range={range} />;
    case 'ranking':
      return <RankingCard widget={widget} range={range} />;
    case 'activity':
      return <ActivityCard widget={widget} />;
    case 'cohorts':
      return <CohortsCard widget={widget} />;
    case 'chain':
      return <ChainCard widget={widget} />;
    case 'note':
      return (
        <div className={`flex flex-col justify-center px-5 py-3 ${CARD} ${FILL}`}>
          {widget.title !== undefined && <h2 className="font-semibold">{widget.title}</h2>}
          <p className="overflow-y-auto text-lg/6 whitespace-pre-line">{widget.text}</p>
        </div>
      );
  }
}

function useWidget(widget: MeasuredWidget, range: BoardRange) {
  const today = useToday();
  const days = daysOf(widget.range ?? range, today);
  const grouped = widget.kind === 'series' && widget.groupBy !== 'none';
  const answer = useParts((parts) => queryPathOf(widget, range, today, parts), grouped);
  return { days, answer, says: `${METRICS[widget.metric].says} ${formatRange(days)}, UTC.${filteredBy(widget)}` };
}

/** A group as a person knows it. */
function nameOfGroup(group: string, key: string | null, name: string): string {
  if (key === null) return 'No community';
  if (group === 'category') return formatCategory(key);
  if (group === 'level') return `Level ${key}`;
  return group === 'issuer' || group === 'user' ? shorten(name) : name;
}

function NumberCard({ widget, range }: WidgetProps<Extract<Widget, { kind: 'number' }>>) {
  const { days, answer, says } = useWidget(widget, range);
  const now = useNow(10_000);
  const { data, error } = answer;
  const { label, lessIsBetter = false } = METRICS[widget.metric];
  const course = data && valuesOver(now, data, intervalOf(widget, days));
  return (
    <section
      aria-labelledby={`${widget.id}-title`}
      aria-busy={data === undefined && error === null}
      data-metric={widget.metric}
      className={`flex flex-col px-5 py-4 ${CARD} ${FILL}`}
    >
      <h2 id={`${widget.id}-title`} title={says} className="truncate font-medium text-ink-2">
        {widget.title ?? label}
      </h2>
      <p className="mt-1 text-[32px]/10 font-semibold tracking-[-0.02em]" data-value={data?.total}>
        {data === undefined ? (
          <span className="text-base font-normal text-ink-2">{error === null ? 'Loading' : 'could not be loaded'}</span>
        ) : (
          <RollingNumber value={data.total} format={formatCount} />
        )}
      </p>
      <div className="text-sm text-ink-2">
        {data?.previous && (
          <Change
            change={data.total === 0 && data.previous.total === 0 ? 0 : data.previous.change}
            lessIsBetter={lessIsBetter}
            against={`against ${formatCount(data.previous.total)} before`}
          />
        )}
        {data && !data.previous && formatRange(days)}
      </div>
      {course && course.length > 1 && (
        <svg
          aria-hidden
          viewBox="-2 -2 204 44"
          preserveAspectRatio="none"
          className="mt-2 min-h-0 w-full flex-1 text-accent"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          strokeLinejoin="round"
        >
          <path d={sparklinePath(course, 200, 40)} vectorEffect="non-scaling-stroke" />
        </svg>
      )}
    </section>
  );
}

/** The drawing of a series widget: what it says is a line is one, whatever its groups. */
function toChart({ shape, groupBy, metric }: SeriesWidget, answer: QueryAnswer, now: number): ChartData {
  const data =
    groupBy === 'none'
      ? toLines([{ answer, name: METRICS[metric].label, hue: 'violet' }], now)
      : toStack(answer, (key, name) => nameOfGroup(groupBy, key, name), now);
  return { ...data, shape: shape === 'line' ? 'lines' : 'stack' };
}

function SeriesCard({ widget, range }: WidgetProps<SeriesWidget>) {
  const now = useNow(10_000);
  const { answer, says } = useWidget(widget, range);
  return (
    <TimeChart
      id={widget.id}
      className={`${FILL} [&_.min-h-60]:min-h-0`}
      title={titleOf(widget)}
      says={says}
      answer={mapAnswer(answer, (data) => toChart(widget, data, now))}
    />
  );
}

/** Categories and levels have their hue everywhere; of what is more than there are hues, a list is of one. */
const hueByPart = (groupBy: QueryGroup, series: readonly QuerySeries[]): readonly Hue[] =>
  groupBy === 'category' || groupBy === 'level'
    ? huesOf(
        groupBy,
        series.map(({ key }) => key ?? NO_GROUP),
      )
    : [];

function RankingCard({ widget, range }: WidgetProps<Extract<Widget, { kind: 'ranking' }>>) {
  const { answer, says } = useWidget(widget, range);
  const title = titleOf(widget);
  return (
    <ChartFrame
      id={widget.id}
      className={FILL}
      title={title}
      says={says}
      answer={answer}
      isEmpty={({ series }) => series.every(({ total }) => total === 0)}
      figures={({ series }) => ({
        columns: [title, METRICS[widget.metric].label],
        rows: series.map(({ key, name, total }) => [nameOfGroup(widget.groupBy, key, name), total]),
      })}
    >
      {({ series, total: whole }) => {
        const shown = series.filter(({ total }) => total > 0);
        const hues = hueByPart(widget.groupBy, shown);
        return (
          <ScrollRegion
            rows
            label={`${title}, list`}
            className="-mx-2 flex min-h-0 flex-1 flex-col overflow-y-auto px-2 pb-4 fade-end"
          >
            <Bars
              label={title}
              bars={shown.map(({ key, name, total }, index) => ({
                key: key ?? NO_GROUP,
                label: nameOfGroup(widget.groupBy, key, name),
                count: total,
                percentage: (100 * total) / Math.max(1, whole),
                hue: hues[index] ?? 'violet',
              }))}
            />
          </ScrollRegion>
        );
      }}
    </ChartFrame>
  );
}

function ActivityCard({ widget }: Pick<WidgetProps<Extract<Widget, { kind: 'activity' }>>, 'widget'>) {
  const answer = useApi<ActivityPage>(activityPathOf(widget));
  const now = useNow(5_000);
  const title = titleOf(widget);
  return (
    <ChartFrame
      id={widget.id}
      className={FILL}
      title={title}
      says="Newest first. Struck out: its block was replaced."
      answer={mapAnswer(answer, ({ items }) => withReorgs(groupFeed(items), []))}
      isEmpty={(entries) => entries.length === 0}
      emptyText="Nothing has happened yet."
    >
      {(entries) => (
        <ScrollRegion rows label={`${title}, list`} className="-mx-2 min-h-0 flex-1 overflow-y-auto px-2 fade-end">
          <FeedLines entries={entries} now={now} className="pb-4" linked={false} />
        </ScrollRegion>
      )}
    </ChartFrame>
  );
}

function CohortsCard({ widget }: Pick<WidgetProps, 'widget'>) {
  const answer = useApi<UserMetrics>(COHORTS_PATH);
  return (
    <RetentionCohorts
      id={widget.id}
      title={titleOf(widget)}
      answer={mapAnswer(answer, ({ retentionCohorts }) => retentionCohorts)}
      className={`${FILL} overflow-y-auto md:in-data-wall:overflow-hidden`}
    />
  );
}

function ChainCard({ widget }: Pick<WidgetProps, 'widget'>) {
  const answer = useApi<ChainStatus>(CHAIN_PATH);
  const now = useNow(1_000);
  return (
    <ChartFrame
      id={widget.id}
      className={FILL}
      title={titleOf(widget)}
      says="What the numbers rest on."
      answer={answer}
      isEmpty={({ tip }) => tip === null}
      emptyText="No block has come yet."
    >
      {({ tip, reorgs, stalled }) => (
        <ScrollRegion rows label={`${titleOf(widget)}, list`} className="min-h-0 flex-1 overflow-y-auto">
          <Facts
            facts={[
              ['Newest block', tip ? `${formatCount(tip.height)}, ${formatAgo(tip.at, now)}` : 'none'],
              ['Reorganisations', formatCount(reorgs.count)],
              ['Node', stalled ? 'nothing comes' : 'delivers'],
            ]}
          />
        </ScrollRegion>
      )}
    </ChartFrame>
  );
}
