import { Type, type Static } from '@sinclair/typebox';
import { dayOf, parseDate, type DayRange, type OpenRange } from '../analyzers/calendar.js';
import { badRequest } from './problem.js';

/** The days that `from` and `to` ask for: UTC, both included, the last 30 when neither is given. */

/** Ten years: what a chart can show, and a bound on what one answer may cost. */
export const MAX_RANGE_DAYS = 3_660;
const DEFAULT_DAYS = 30;

export const RangeQuery = Type.Object({
  from: Type.Optional(
    Type.String({ format: 'date', description: `First day (UTC); default: ${DEFAULT_DAYS - 1} days before \`to\`` }),
  ),
  to: Type.Optional(
    Type.String({
      format: 'date',
      description: `Last day (UTC), included; default: today. At most ${MAX_RANGE_DAYS} days in all`,
    }),
  ),
});

type Days = Static<typeof RangeQuery>;

/**
 * @param bounds days when no first day is given, and at most
 * @throws {HttpProblem} 400 when the range runs backwards or is too long.
 */
export function rangeOf(
  query: Days,
  now: number,
  { days: given = DEFAULT_DAYS, most = MAX_RANGE_DAYS } = {},
): DayRange {
  const to = optionalDay(query.to) ?? dayOf(now);
  const from = optionalDay(query.from) ?? to - (given - 1);
  const days = to - from + 1;
  if (days < 1) throw badRequest([{ field: 'from', message: `must not be after "to"${query.to ? '' : ' (today)'}` }]);
  if (days > most) throw badRequest([{ field: 'from', message: `must be within ${most} days of "to", not ${days}` }]);
  return { from, to };
}

/** Days of a list, which ends by itself: either end may be left open. */
export const OpenRangeQuery = {
  from: Type.Optional(Type.String({ format: 'date', description: 'First day (UTC); default: the first there is' })),
  to: Type.Optional(
    Type.String({ format: 'date', description: 'Last day (UTC), included; default: the last there is' }),
  ),
};

/** @throws {HttpProblem} 400 when the range runs backwards. */
export function openRangeOf(query: Days): OpenRange {
  const [from, to] = [optionalDay(query.from), optionalDay(query.to)];
  if (from !== undefined && to !== undefined && from > to)
    throw badRequest([{ field: 'from', message: 'must not be after "to"' }]);
  return { from, to };
}

function optionalDay(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDate(text);
}
