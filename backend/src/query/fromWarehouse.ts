import type { DayRange } from '../analyzers/calendar.js';
import { QUERY_METRICS, type QueryAnswer, type QueryGroup } from '../contract/index.js';
import { groupNames } from '../warehouse/groupNames.js';
import { metricSeries, type SeriesRow } from '../warehouse/metricSeries.js';
import type { Connection } from '../warehouse/readModel.js';
import { composeAnswer, type Group, type Grouped, type Unstamped } from './answer.js';
import type { Values } from './fromFolds.js';
import { bucketsOf, rangesOf, type Question } from './question.js';

/** The answer to a question, from the rows of the read model. */
export async function answerFrom(connection: Connection, question: Question): Promise<Unstamped<QueryAnswer>> {
  const ranges = rangesOf(question);
  return composeAnswer(question, ranges, await grouped(connection, question, ranges));
}

/** The rows as series with names, one for all, one a group, one for the rest of the groups. */
async function grouped(connection: Connection, question: Question, ranges: readonly DayRange[]): Promise<Grouped> {
  const { groupBy } = question;
  const rows = await metricSeries(connection, { ...question, limit: shownOf(question), ranges });
  const periodsOf = (place: number | null): Values[] =>
    ranges.map((range, period) => valuesOf(rows, { period, place, range, question }));
  if (groupBy === 'none') return { periods: periodsOf(null), groups: 0, series: [], other: undefined };
  const keys = keysOf(rows);
  const names = await namesOf(connection, groupBy, keys);
  const other: Group = { key: null, name: 'Other', periods: periodsOf(0) };
  return {
    periods: periodsOf(null),
    groups: rows[0]?.groups ?? 0,
    series: keys.map((key, index) => ({ key, name: names(key), periods: periodsOf(index + 1) })),
    other: other.periods.some(({ values }) => values.some((value) => value !== 0)) ? other : undefined,
  };
}

/** All weekdays and hours are shown: there are no more of them. */
function shownOf({ groupBy, limit }: Question): number {
  return groupBy === 'weekday' || groupBy === 'hour' ? 24 : limit;
}

/** Keys of the groups by place. */
function keysOf(rows: readonly SeriesRow[]): (string | null)[] {
  const keys: (string | null)[] = [];
  for (const { place, key } of rows) if (place !== null && place > 0) keys[place - 1] = key;
  return keys;
}

interface Part {
  readonly period: number;
  readonly place: number | null;
  readonly range: DayRange;
  readonly question: Question;
}

function valuesOf(rows: readonly SeriesRow[], { period, place, range, question }: Part): Values {
  const found = rows.filter((row) => row.period === period && row.place === place);
  const values = bucketsOf(question.interval, range).map(() => 0);
  for (const { ix, n } of found) if (ix !== null) values[ix] = n;
  const total = found.find(({ ix }) => ix === null)?.n ?? 0;
  if (QUERY_METRICS[question.metric].kind === 'flow') return { values, total };
  let standing = 0;
  return { values: values.map((step) => (standing += step)), total };
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

async function namesOf(
  connection: Connection,
  groupBy: QueryGroup,
  keys: readonly (string | null)[],
): Promise<(key: string | null) => string> {
  const ids = keys.filter((key) => key !== null);
  const named = (known: Map<string, string>, unknown: (id: string) => string) => (key: string | null) =>
    key === null ? 'No community' : (known.get(key) ?? unknown(key));
  switch (groupBy) {
    case 'badge':
      return named(await groupNames(connection, 'badge', ids), (id) => `Badge ${id}`);
    case 'community':
      return named(await groupNames(connection, 'community', ids), (id) => `Community ${id}`);
    case 'weekday':
      return (key) => WEEKDAYS[Number(key) - 1] ?? '';
    default:
      return (key) => key ?? '';
  }
}
