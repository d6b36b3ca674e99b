import type { AnalyticsData } from '../lib/api/data';
import { formatCategory, formatCount, formatWholePercent } from '../lib/format';
import { ChartFrame, type FrameState } from './ChartFrame';

interface Bar {
  readonly key: string;
  readonly label: string;
  readonly count: number;
  readonly percentage: number;
}

const SHOWN = 7;
const COLOURS = ['bg-violet', 'bg-teal', 'bg-amber', 'bg-raspberry', 'bg-blue', 'bg-slate'] as const;

/** The largest bars as they are, the rest summed so that the list still adds up to the whole. */
function withRest(bars: readonly Bar[]): readonly Bar[] {
  if (bars.length <= SHOWN) return bars;
  const rest = bars.slice(SHOWN - 1);
  const sum = (pick: (bar: Bar) => number) => rest.reduce((total, bar) => total + pick(bar), 0);
  const label = `${rest.length} others`;
  return [
    ...bars.slice(0, SHOWN - 1),
    { key: 'rest', label, count: sum(({ count }) => count), percentage: sum(({ percentage }) => percentage) },
  ];
}

function Bars({ title, bars, colourOf }: { title: string; bars: readonly Bar[]; colourOf: (index: number) => string }) {
  const largest = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <div className="min-w-0">
      <h3 className="mb-2 text-xs font-medium text-ink-2">{title}</h3>
      <ul className="flex flex-col">
        {bars.map(({ key, label, count, percentage }, index) => (
          <li key={key} className="grid h-8 grid-cols-[minmax(96px,2fr)_3fr_minmax(88px,auto)] items-center gap-3">
            <span className="truncate" title={label}>
              {label}
            </span>
            <span aria-hidden className="h-2 overflow-hidden rounded-full bg-sunk">
              <span
                className={`block h-full min-w-1 rounded-full transition-[width] duration-400 ${colourOf(index)}`}
                style={{ width: `${(100 * count) / largest}%` }}
              />
            </span>
            <span className="text-right tabular-nums">
              <span className="font-semibold">{formatCount(count)}</span>{' '}
              <span className="inline-block w-9 text-ink-2">{formatWholePercent(percentage)}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Where a level stands; the rest stands last. */
const placeOf = ({ key }: Bar): number => (key === 'rest' ? Number.MAX_SAFE_INTEGER : Number(key));

/** Held badges by category and by level: bars, since a pie hides what is close. */
export function BadgeDistributionChart({
  state,
  distribution,
}: {
  readonly state: FrameState;
  readonly distribution: AnalyticsData['badgeDistribution'] | undefined;
}) {
  return (
    <ChartFrame
      className="lg:col-span-8"
      title="Held badges by category and level"
      says="Badges people hold now: revoked ones left out, later changes of category and level followed."
      state={state}
      emptyText="Nobody holds a badge yet."
    >
      {() => {
        const { byCategory = [], byLevel = [] } = distribution ?? {};
        const categories = withRest(
          byCategory.map((row) => ({ ...row, key: row.category, label: formatCategory(row.category) })),
        );
        // Levels have an order of their own, which says more than their size does.
        const levels = withRest(
          byLevel.map((row) => ({ ...row, key: String(row.level), label: `Level ${row.level}` })),
        ).toSorted((a, b) => placeOf(a) - placeOf(b));
        return (
          <div className="grid gap-x-10 gap-y-6 md:grid-cols-2">
            <Bars
              title="Category"
              bars={categories}
              colourOf={(index) => COLOURS[Math.min(index, COLOURS.length - 1)] ?? 'bg-slate'}
            />
            <Bars title="Level" bars={levels} colourOf={() => 'bg-violet'} />
          </div>
        );
      }}
    </ChartFrame>
  );
}
