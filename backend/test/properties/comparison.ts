import type { Aggregator } from '../../src/analyzers/aggregator.js';
import { dayOf } from '../reference/calendar.js';
import type { Fact } from '../reference/facts.js';
import { reference } from '../reference/metrics.js';

/**
 * Holds what the folds answer against the reference, byte for byte: as JSON with sorted keys, since the order of keys
 * means nothing, and with −0 and undefined shown, since JSON would hide them.
 */
const DAY = 86_400_000;

export interface Question {
  /** The moment of the question, ms since the epoch. */
  readonly now: number;
  /** Midnights of the first and the last day of the range. */
  readonly range: { readonly fromMs: number; readonly toMs: number };
}

export function expectSameMetrics(aggregator: Aggregator, canonical: readonly Fact[], question: Question): void {
  expectSame(measured(aggregator, question), expected(canonical, question));
}

export function measured(aggregator: Aggregator, { now, range: { fromMs, toMs } }: Question): unknown {
  const range = { from: fromMs / DAY, to: toMs / DAY };
  return {
    issuance: aggregator.issuance(range, now),
    community: aggregator.community(range, now),
    users: aggregator.users(range, now),
    distribution: aggregator.distribution(now),
    metrics: aggregator.metrics(),
    headline: aggregator.headline(range),
  };
}

export function expected(canonical: readonly Fact[], { now, range: { fromMs, toMs } }: Question): unknown {
  return reference(canonical, now, { from: dayOf(fromMs), to: dayOf(toMs) });
}

/** Fails with a line diff; equal answers, which are the rule, cost one comparison of text. */
export function expectSame(actual: unknown, wanted: unknown): void {
  const [actualText, wantedText] = [textOf(actual), textOf(wanted)];
  if (actualText !== wantedText) expect(actualText).toBe(wantedText);
}

export function textOf(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, inner: unknown) => {
      if (Object.is(inner, -0)) return '-0';
      if (inner === undefined) return 'undefined';
      if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
      return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
    },
    1,
  );
}
