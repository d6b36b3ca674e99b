import { isoDate, type DayRange } from '../analyzers/calendar.js';
import { change } from '../analyzers/numbers.js';
import { QUERY_METRICS, type QueryAnswer, type QuerySeries } from '../contract/index.js';
import type { Values } from './fromFolds.js';
import { bucketsOf, type Question } from './question.js';

/** Writes down what was found, as the contract has it; without the stamps, which are those of the moment it is sent. */
export type Unstamped<Answer> = Omit<Answer, 'timestamp' | 'seq'>;

/** What was counted of one group. */
export interface Group {
  /** Null: in no group. */
  readonly key: string | null;
  readonly name: string;
  /** One a range. */
  readonly periods: readonly Values[];
}

export interface Grouped {
  /** All together, one a range. */
  readonly periods: readonly Values[];
  readonly groups: number;
  /** The largest first. */
  readonly series: readonly Group[];
  readonly other: Group | undefined;
}

export function composeAnswer(
  question: Question,
  ranges: readonly DayRange[],
  { periods, groups, series, other }: Grouped,
): Unstamped<QueryAnswer> {
  const { metric, range, interval, groupBy, compare, filters } = question;
  const [now, before] = periods;
  const comparedRange = ranges[1];
  return {
    metric,
    kind: QUERY_METRICS[metric].kind,
    from: isoDate(range.from),
    to: isoDate(range.to),
    interval,
    groupBy,
    compare,
    filters,
    buckets: labelsOf(question, range),
    total: now?.total ?? 0,
    values: [...(now?.values ?? [])],
    previous:
      comparedRange === undefined || before === undefined
        ? null
        : {
            from: isoDate(comparedRange.from),
            to: isoDate(comparedRange.to),
            buckets: labelsOf(question, comparedRange),
            ...compared(now, before),
          },
    groups,
    series: series.map(seriesOf),
    other: other === undefined ? null : seriesOf(other),
  };
}

const labelsOf = ({ interval }: Question, range: DayRange): string[] =>
  bucketsOf(interval, range).map(({ label }) => label);

function compared(now: Values | undefined, before: Values) {
  return { total: before.total, values: [...before.values], change: change(now?.total ?? 0, before.total) };
}

function seriesOf({ key, name, periods: [now, before] }: Group): QuerySeries {
  return {
    key,
    name,
    total: now?.total ?? 0,
    values: [...(now?.values ?? [])],
    ...(before !== undefined && { previous: compared(now, before) }),
  };
}
