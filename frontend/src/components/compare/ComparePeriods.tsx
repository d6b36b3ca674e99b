'use client';
import { comparedRange } from '../../lib/view';
import { isDay, lengthOf, rangeBefore, type DayRange, type IsoDay } from '../../lib/dates';
import { formatDay, formatFullDay, formatRange } from '../../lib/format';
import { useAddress, useView } from '../../lib/hooks/useAddress';
import { useToday } from '../../lib/hooks/useNow';
import { obeys } from '../../lib/metrics';
import { begunOf, MAX_DAYS, resolveRange } from '../../lib/range';
import { DateRangePicker } from '../shell/DateRangePicker';
import { SideBySide } from './SideBySide';

const NUMBERS = [
  'badgesIssued',
  'activeUsers',
  'newUsers',
  'newMembers',
  'newCommunities',
  'activeIssuers',
  'badgesRevoked',
] as const;

/** The second period, `2026-10-01_2026-10-31`; null when the address names none that can be shown. */
function parsePeriod(text: string | null, today: IsoDay): DayRange | null {
  const [from = '', to = ''] = text?.split('_') ?? [];
  const isPeriod = isDay(from) && isDay(to) && from <= to && lengthOf({ from, to }) <= MAX_DAYS;
  return isPeriod ? begunOf({ from, to }, today) : null;
}

/** Without the year where the other period tells it apart; it breaks between its days and nowhere else. */
function shortRange(range: DayRange, other: DayRange): string {
  if (range.from.slice(5) === other.from.slice(5)) return formatRange(range);
  return [range.from, range.to].map((day) => formatDay(day).replaceAll(' ', '\u00a0')).join('\u00a0– ');
}

/** The first of the days, with its year where the other begins on the same date. */
const firstDay = ({ from }: DayRange, other: DayRange): string =>
  from.slice(5) === other.from.slice(5) ? formatFullDay(from) : formatDay(from);

export function ComparePeriods() {
  const { query, change } = useAddress();
  const { range, compare, filters } = useView();
  const today = useToday();
  const other = parsePeriod(query.get('with'), today) ?? comparedRange(range, compare) ?? rangeBefore(range);
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <span className="font-medium">
          <span className="text-accent-ink">{formatRange(range)}</span> against
        </span>
        <DateRangePicker
          selection={{ timeRange: 'custom', ...other }}
          range={other}
          today={today}
          onSelect={(selection) => {
            const { from, to } = resolveRange(selection, today);
            change({ with: `${from}_${to}` });
          }}
        />
      </div>
      <SideBySide
        a={{
          name: formatRange(range),
          short: shortRange(range, other),
          begins: firstDay(range, other),
          ask: { range, filters },
        }}
        b={{
          name: formatRange(other),
          short: shortRange(other, range),
          begins: firstDay(other, range),
          ask: { range: other, filters },
        }}
        metrics={NUMBERS.filter((metric) => obeys(metric, filters))}
      />
    </>
  );
}
