import type { ReactNode } from 'react';
import { sparklinePath } from '../../lib/chart/sparkline';
import { formatCount } from '../../lib/format';
import { Change } from './Change';
import { RollingNumber } from './RollingNumber';
import { CARD } from './Card';

export interface StatDatum {
  /** Names the number for tests and links. */
  readonly id: string;
  readonly label: string;
  /** Undefined while it is loading. */
  readonly value: number | undefined;
  /** It could not be loaded, and nothing is known of it. */
  readonly failed?: boolean | undefined;
  readonly format?: (value: number) => string;
  /** In %; null when there was nothing before; left out where nothing is compared. */
  readonly change?: number | null | undefined;
  readonly previous?: number | undefined;
  readonly lessIsBetter?: boolean | undefined;
  readonly spark?: readonly number[] | undefined;
  /** Instead of a change: what the number means. */
  readonly note?: ReactNode;
}

const SPARK = { width: 72, height: 24 };

function Sparkline({ values }: { readonly values: readonly number[] }) {
  return (
    <svg
      aria-hidden
      viewBox={`-2 -2 ${SPARK.width + 4} ${SPARK.height + 4}`}
      className="hidden h-7 w-19 shrink-0 text-ink-3 min-[460px]:block md:max-xl:hidden"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinejoin="round"
      strokeLinecap="round"
    >
      <path d={sparklinePath(values, SPARK.width, SPARK.height)} />
    </svg>
  );
}

/** One number with its change and the way it took there. */
function Stat({
  id,
  label,
  value,
  failed = false,
  format = formatCount,
  change,
  previous,
  lessIsBetter,
  spark,
  note,
}: StatDatum) {
  return (
    <div className="flex min-w-0 flex-col bg-card px-4 py-4 sm:px-5" data-metric={id}>
      <dt className="truncate text-sm font-medium text-ink-2">{label}</dt>
      {failed && value === undefined ? (
        <dd className="mt-1 text-[26px]/8 font-semibold text-ink-3 sm:text-[30px]/9">–</dd>
      ) : value === undefined ? (
        <dd aria-hidden className="mt-2 mb-1 h-7 w-24 animate-sheen rounded-md bg-sunk" />
      ) : (
        <dd className="mt-1 text-[26px]/8 font-semibold tracking-[-0.02em] sm:text-[30px]/9" data-value={value}>
          <RollingNumber value={value} format={format} />
        </dd>
      )}
      <dd className="mt-0.5 flex h-7 items-center justify-between gap-2 text-sm text-ink-2">
        {value !== undefined && change !== undefined ? (
          <Change
            change={value === 0 && previous === 0 ? 0 : change}
            lessIsBetter={lessIsBetter ?? false}
            {...(previous === undefined ? {} : { against: `against ${format(previous)} before` })}
          />
        ) : (
          <span className="truncate">{value !== undefined ? note : failed ? 'not loaded' : ''}</span>
        )}
        {spark && spark.length > 1 && <Sparkline values={spark} />}
      </dd>
    </div>
  );
}

const COLUMNS: Record<number, string> = {
  3: 'md:grid-cols-3',
  4: 'lg:grid-cols-4',
  5: 'md:grid-cols-3 lg:grid-cols-5',
  6: 'md:grid-cols-3 lg:grid-cols-6',
};

/** The headline numbers of a page, side by side; below them, what they stand on. */
export function Stats({ stats, footer }: { readonly stats: readonly StatDatum[]; readonly footer?: ReactNode }) {
  // A last cell alone in its row takes the whole of it, else the line colour would show where a cell is missing.
  const odd = stats.length % 2 === 1 ? 'max-md:[&>:last-child]:col-span-2' : '';
  const rest = stats.length === 5 ? 'md:max-lg:[&>:nth-child(4)]:col-span-1 md:max-lg:[&>:last-child]:col-span-2' : '';
  return (
    <section aria-label="Headline numbers" className={`overflow-hidden ${CARD}`}>
      {/* The gaps of the grid show the line colour behind it: hairlines in any number of columns. */}
      <dl className={`grid grid-cols-2 gap-px bg-line ${COLUMNS[stats.length] ?? ''} ${odd} ${rest}`}>
        {stats.map((stat) => (
          <Stat key={stat.id} {...stat} />
        ))}
      </dl>
      {footer && (
        <div className="flex flex-wrap items-baseline gap-x-5 gap-y-1 border-t border-line px-4 py-3 text-sm text-ink-2 sm:px-5">
          {footer}
        </div>
      )}
    </section>
  );
}
