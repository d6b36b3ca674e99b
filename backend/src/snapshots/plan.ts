import { MS_PER_DAY } from '../analyzers/calendar.js';
import { PERIODS, type Period } from '../contract/snapshots.js';
import type { PeriodRun } from '../warehouse/spans.js';
import { PERIOD_MS, startOf } from './periods.js';

/**
 * Which snapshots of ended periods are to be taken: those that ended since the last time, those that were missed, those
 * of a history that reaches further back than what was known, and those that a late block or a reorg has touched. Pure.
 */

/** Stored are the snapshots of all periods that start from `fromMs` on and before `toMs`. */
export interface Covered {
  readonly fromMs: number;
  readonly toMs: number;
}

export type Coverage = Readonly<Partial<Record<Period, Covered>>>;

export interface Situation {
  readonly nowMs: number;
  /** Since when the service has been up: periods that end from then on are taken even if nothing ever happened. */
  readonly upSinceMs: number;
  readonly covered: Coverage;
  /** The earliest fact of all, if any. */
  readonly firstFactMs: number | null;
  /** The earliest fact that came or went since the snapshots were last brought up to date, if any did. */
  readonly touchedMs: number | null;
}

export interface Plan {
  /** Neighbouring periods, oldest first. */
  readonly runs: readonly { readonly period: Period; readonly run: PeriodRun }[];
  /** What is covered once all of them are stored. */
  readonly covered: Required<Coverage>;
}

/**
 * How far back a history is taken that was there before its snapshots. Hours: the two weeks that an hourly trend is looked
 * at for. Days and weeks: all of it, that is ten years, longer than Stacks exists, so that one block with a nonsense time
 * cannot ask for a snapshot of each day since 1970.
 */
const BACKFILL_MS: Readonly<Record<Period, number>> = {
  hourly: 14 * MS_PER_DAY,
  daily: 3_653 * MS_PER_DAY,
  weekly: 3_653 * MS_PER_DAY,
};

export function planSnapshots(situation: Situation): Plan {
  const plans = PERIODS.map((period) => ({ period, ...planPeriod(period, situation) }));
  const covered = Object.fromEntries(plans.map((plan) => [plan.period, plan.covered])) as Required<Coverage>;
  return { covered, runs: plans.flatMap(({ period, runs }) => runs.map((run) => ({ period, run }))) };
}

function planPeriod(period: Period, { nowMs, upSinceMs, covered, firstFactMs, touchedMs }: Situation) {
  const openMs = startOf(period, nowMs);
  const upMs = startOf(period, upSinceMs);
  const known = covered[period] ?? { fromMs: upMs, toMs: upMs };
  const historyMs = firstFactMs === null ? known.fromMs : Math.max(firstFactMs, nowMs - BACKFILL_MS[period]);
  const fromMs = Math.min(known.fromMs, startOf(period, historyMs));
  const staleMs = Math.max(fromMs, touchedMs === null ? openMs : startOf(period, touchedMs));
  const newerMs = Math.min(known.toMs, staleMs);
  const runs =
    newerMs <= known.fromMs
      ? [runOf(period, fromMs, openMs)]
      : [runOf(period, fromMs, known.fromMs), runOf(period, newerMs, openMs)];
  return {
    runs: runs.filter(({ count }) => count > 0),
    covered: { fromMs, toMs: Math.max(known.toMs, openMs) },
  };
}

/** The ended periods that start from `fromMs` on and before `toMs`. */
function runOf(period: Period, fromMs: number, toMs: number): PeriodRun {
  const lengthMs = PERIOD_MS[period];
  return { firstMs: fromMs, lengthMs, count: Math.max(0, (toMs - fromMs) / lengthMs), asOfMs: toMs - 1 };
}

/** The run in pieces of at most `count` periods. */
export function slicesOf({ firstMs, lengthMs, count, asOfMs }: PeriodRun, size: number): PeriodRun[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, index) => {
    const sliceMs = firstMs + index * size * lengthMs;
    const length = Math.min(size, count - index * size);
    return { firstMs: sliceMs, lengthMs, count: length, asOfMs: Math.min(asOfMs, sliceMs + length * lengthMs - 1) };
  });
}
