import type { RetentionCohort } from '@passportx/analytics-backend/contract';
import { useRef } from 'react';
import type { Answer } from '../../lib/answer';
import type { Figures } from '../../lib/chart/table';
import { toCohortRows, type CohortCell, type CohortRow } from '../../lib/cohorts';
import { formatCount, formatMonth, formatWholePercent } from '../../lib/format';
import { useRoomForRows } from '../../lib/hooks/useRoomForRows';
import { ChartFrame } from '../ui/ChartFrame';
import { ScrollRegion } from '../ui/ScrollRegion';

/** From this share on, the cell is dark enough for the text that stands on the accent. */
const STRONG = 60;

function Cell({ cell, month, later }: { readonly cell: CohortCell; readonly month: string; readonly later: number }) {
  const share = cell.share ?? 0;
  return (
    <td className="p-0.5">
      <div
        title={`${formatMonth(month)}, ${later === 0 ? 'same month' : `${later} later`}: ${formatCount(cell.users)}`}
        className={`rounded-md px-0.5 py-[var(--cell)] text-center text-xs font-semibold tabular-nums ${share >= STRONG ? 'text-on-accent' : 'text-ink'}`}
        style={{
          backgroundColor:
            share >= STRONG
              ? `color-mix(in srgb, var(--accent) ${80 + share / 5}%, var(--card))`
              : `color-mix(in srgb, var(--accent) ${8 + share * 0.6}%, var(--card))`,
        }}
      >
        {cell.share === null ? '–' : formatWholePercent(cell.share)}
      </div>
    </td>
  );
}

function Grid({ cohorts }: { readonly cohorts: readonly RetentionCohort[] }) {
  const box = useRef<HTMLDivElement>(null);
  const room = useRoomForRows(box);
  const all = toCohortRows(cohorts);
  // The newest stand last.
  const rows = all.slice(Math.max(0, all.length - room));
  const months = Math.max(...rows.map(({ cells }) => cells.length));
  return (
    // Twelve months do not fit a phone: the grid scrolls by itself, its months stay in place.
    <div ref={box} className="min-h-0 flex-1">
      <ScrollRegion label="Retention by month of first sight" className="-mx-1 overflow-x-auto px-1">
        {/* A young service has few rows: they are taller then, so that the card is filled. */}
        <table className="w-full" style={{ ['--cell' as string]: all.length <= 6 ? '9px' : '6px' }}>
          <caption className="sr-only">
            Share of each month’s new users that were issued a badge in later months
          </caption>
          <thead>
            <tr className="text-xs text-ink-2">
              <th
                scope="col"
                className="sticky left-0 bg-card pr-2 pb-1 text-left font-medium whitespace-nowrap sm:pr-3"
              >
                First seen
              </th>
              <th scope="col" className="px-1 pb-1 text-right font-medium sm:px-3">
                People
              </th>
              {Array.from({ length: months }, (_, later) => (
                <th key={later} scope="col" className="min-w-10 pb-1 font-medium sm:w-[16%] sm:min-w-12">
                  +{later}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ month, size, cells }) => (
              <tr key={month}>
                <th
                  scope="row"
                  className="sticky left-0 bg-card pr-2 text-left font-normal whitespace-nowrap text-ink-2 sm:pr-3"
                >
                  {formatMonth(month)}
                </th>
                <td className="px-1 text-right tabular-nums sm:px-3">{formatCount(size)}</td>
                {cells.map((cell, later) => (
                  <Cell key={later} cell={cell} month={month} later={later} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </div>
  );
}

export const RETENTION = 'Do people come back?';

interface RetentionCohortsProps {
  readonly id?: string;
  readonly title?: string;
  readonly answer: Answer<readonly RetentionCohort[]>;
  readonly className: string;
}

export function RetentionCohorts({ id = 'retention', title = RETENTION, answer, className }: RetentionCohortsProps) {
  return (
    <ChartFrame
      id={id}
      className={className}
      title={title}
      says="Of those first seen in each of the last twelve months, the share that was issued a badge k months later."
      answer={answer}
      isEmpty={(cohorts) => cohorts.every(({ size }) => size === 0)}
      emptyText="No user was first seen in the last twelve months."
      figures={(cohorts) => figuresOf(toCohortRows(cohorts))}
      isTable
      skeleton="grid"
    >
      {(cohorts) => <Grid cohorts={cohorts} />}
    </ChartFrame>
  );
}

/** People and those who came back, as counts: whoever takes them along can divide. */
function figuresOf(rows: readonly CohortRow[]): Figures {
  const months = Math.max(0, ...rows.map(({ cells }) => cells.length));
  const later = Array.from({ length: months }, (_, month) => month);
  return {
    columns: ['First seen', 'People', ...later.map((month) => `+${month}`)],
    rows: rows.map(({ month, size, cells }) => [month, size, ...later.map((place) => cells[place]?.users ?? null)]),
  };
}
