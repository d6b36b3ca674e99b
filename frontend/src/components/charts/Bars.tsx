import { formatCount, formatWholePercent } from '../../lib/format';
import type { Hue } from '../../lib/chart/option';
import { HUE_CLASSES } from './Legend';

export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly count: number;
  readonly percentage: number;
  readonly hue: Hue;
  readonly onPick?: (() => void) | undefined;
}

/** The largest as they are, the rest summed, so that the list still adds up to the whole. */
export function withRest<Row extends Omit<Bar, 'hue'>>(rows: readonly Row[], shown: number): Omit<Bar, 'hue'>[] {
  if (rows.length <= shown) return [...rows];
  const rest = rows.slice(shown - 1);
  const sum = (pick: (row: Row) => number) => rest.reduce((total, row) => total + pick(row), 0);
  return [
    ...rows.slice(0, shown - 1),
    {
      key: 'rest',
      label: `${rest.length} others`,
      count: sum(({ count }) => count),
      percentage: sum(({ percentage }) => percentage),
    },
  ];
}

/** Lying bars with their counts and shares: bars, since a pie hides what is close. */
export function Bars({ label, bars }: { readonly label: string; readonly bars: readonly Bar[] }) {
  const largest = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <ul
      aria-label={label}
      className="grid flex-1 content-start"
      style={{ gridTemplateRows: `repeat(${bars.length}, minmax(min-content, 42px))` }}
    >
      {bars.map(({ key, label: name, count, percentage, hue, onPick }) => (
        <li
          key={key}
          className="grid min-h-8 grid-cols-[minmax(96px,5fr)_6fr_minmax(88px,auto)] items-center gap-3 max-md:min-h-11"
        >
          {onPick ? (
            <button
              type="button"
              title={name}
              className="link min-h-8 truncate text-left max-md:min-h-11"
              onClick={onPick}
            >
              {name}
            </button>
          ) : (
            <span className="truncate" title={name}>
              {name}
            </span>
          )}
          <span aria-hidden className="h-2 overflow-hidden rounded-full bg-sunk">
            <span
              className={`block h-full min-w-1 rounded-full transition-[width] duration-400 ${HUE_CLASSES[hue]}`}
              style={{ width: `${(100 * count) / largest}%` }}
            />
          </span>
          <span className="text-right tabular-nums">
            <span className="font-semibold">{formatCount(count)}</span>{' '}
            <span className="inline-block w-10 text-ink-2">{formatWholePercent(percentage)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
