import { dayTrends, type DayFigures } from './dayTrends.js';
import { heldByCategory, heldByLevel, type HeldShare } from './heldShares.js';
import { periodTotals, type PeriodTotals } from './periodTotals.js';
import { queryRows } from './query.js';
import type { Connection, ReadModel } from './readModel.js';
import { retention, type Retention } from './retention.js';
import { periodsOf, type PeriodRun } from './spans.js';
import { createSpanTables } from './spanTables.js';
import { topBadges, type TemplateFigures } from './topBadges.js';
import { topCommunities, type CommunityFigures } from './topCommunities.js';

/**
 * The figures of past periods: what the canonical facts with `atMs` up to a moment say, with that moment for now. Many
 * periods are answered by the same few scans, so that deriving all of them again after a late block stays cheap.
 */
export interface PeriodFigures {
  readonly startMs: number;
  /** The moment that the figures are as of. */
  readonly asOfMs: number;
  readonly totals: PeriodTotals;
  /** Undefined when nobody was first seen 31–60 days before. */
  readonly retention: Retention | undefined;
  readonly byCategory: readonly HeldShare[];
  readonly byLevel: readonly HeldShare[];
  readonly topBadges: readonly TemplateFigures[];
  readonly topCommunities: readonly CommunityFigures[];
  /** Sparse, in no order. */
  readonly days: readonly DayFigures[];
}

export interface Derivation {
  /** Log position that all figures of this derivation include. */
  readonly seq: number;
  /** One element a period of the run, in order. */
  figures(run: PeriodRun): Promise<PeriodFigures[]>;
}

/** Rows of a snapshot's top lists. */
const TOP = 10;

/**
 * Makes the span tables once, as the warehouse is now, and answers from them for as long as `work` runs.
 * @param sinceMs start of the earliest period that `work` asks for
 */
export const derivePeriods = <T>(
  warehouse: ReadModel,
  sinceMs: number,
  work: (derivation: Derivation) => Promise<T>,
): Promise<T> =>
  warehouse.use(async (connection) => {
    const seq = await makeTables(connection, sinceMs);
    return work({ seq, figures: (run) => figuresOf(connection, run) });
  });

/** In one transaction, so that all tables are of one log position. @returns that position */
async function makeTables(connection: Connection, sinceMs: number): Promise<number> {
  await connection.run('BEGIN');
  const [meta] = await queryRows<{ seq: number }>(connection, 'SELECT seq FROM meta');
  for (const statement of createSpanTables(sinceMs)) await connection.run(statement);
  await connection.run('COMMIT');
  return meta?.seq ?? 0;
}

async function figuresOf(connection: Connection, run: PeriodRun): Promise<PeriodFigures[]> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE period AS ${periodsOf(run)}`);
  const totals = await periodTotals(connection, run);
  const retained = groupByPeriod(await retention(connection));
  const byCategory = groupByPeriod(await heldByCategory(connection, run));
  const byLevel = groupByPeriod(await heldByLevel(connection, run));
  const badges = groupByPeriod(await topBadges(connection, run, TOP));
  const communities = groupByPeriod(await topCommunities(connection, run, TOP));
  const days = groupByPeriod(await dayTrends(connection, run));
  return totals.map((total, ix) => ({
    startMs: run.firstMs + ix * run.lengthMs,
    asOfMs: Math.min(run.firstMs + (ix + 1) * run.lengthMs - 1, run.asOfMs),
    totals: total,
    retention: retained.get(ix)?.[0],
    byCategory: byCategory.get(ix) ?? [],
    byLevel: byLevel.get(ix) ?? [],
    topBadges: badges.get(ix) ?? [],
    topCommunities: communities.get(ix) ?? [],
    days: days.get(ix) ?? [],
  }));
}

function groupByPeriod<Row extends { readonly ix: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const periods = new Map<number, Row[]>();
  for (const row of rows) {
    const period = periods.get(row.ix);
    if (period === undefined) periods.set(row.ix, [row]);
    else period.push(row);
  }
  return periods;
}
