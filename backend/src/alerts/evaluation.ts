import type { Logger } from 'pino';
import type { AlertNotice, HeadlineItem } from '../contract/index.js';
import type { LatestFacts } from './latestFacts.js';
import { judge } from './judge.js';
import { INITIAL, step, type AlertState } from './machine.js';
import { alertMessage } from './message.js';
import { readingOf, type ReadingSources } from './readings.js';
import { watchedBy, type AlertRule } from './rule.js';
import { isSilenced } from './silence.js';
import { entryId, type Delivery, type HistoryEntry, type Written } from './store.js';

/** Holds all alerts against the metrics once: what became of each, and what is to be written and told of it. */
export interface Armed {
  readonly rule: AlertRule;
  readonly state: AlertState;
  /** What was held against the threshold when it was last looked at. */
  readonly figure: number | null;
  readonly evaluatedMs: number | null;
  /** The latest of its history: while it fires, what told of that. */
  readonly lastEntry?: HistoryEntry | undefined;
}

/** What was held against an alert's threshold when it was last looked at: only the process that does so knows it. */
export interface Seen {
  readonly id: string;
  /** What it watched for then (`watchedBy`). */
  readonly watched: string;
  readonly figure: number | null;
  readonly atMs: number;
}

/** Undefined: it was not looked at yet. */
export const seenOf = ({ rule, figure, evaluatedMs }: Armed): Seen | undefined =>
  evaluatedMs === null ? undefined : { id: rule.id, watched: watchedBy(rule), figure, atMs: evaluatedMs };

export interface Evaluation extends Written {
  readonly armed: readonly Armed[];
}

export interface EvaluationParts {
  readonly sources: Omit<ReadingSources, 'latestFactMs'>;
  readonly latest: Pick<LatestFacts, 'latestMs'>;
  readonly clock: () => number;
  readonly logger: Logger;
}

export async function evaluate(alerts: readonly Armed[], parts: EvaluationParts): Promise<Evaluation> {
  const sources = once({ ...parts.sources, latestFactMs: (types) => parts.latest.latestMs(types) });
  const armed: Armed[] = [];
  const states: { id: string; state: AlertState }[] = [];
  const entries: HistoryEntry[] = [];
  for (const before of alerts) {
    if (!before.rule.enabled) continue;
    const after = await lookAt(before, sources, parts).catch((error: unknown) => {
      // One that cannot be read must not keep the others from being looked at.
      parts.logger.warn({ err: error, alertId: before.rule.id }, 'alert could not be evaluated');
      return undefined;
    });
    if (after === undefined) continue;
    armed.push(after);
    if (after.state !== before.state) states.push({ id: after.rule.id, state: after.state });
    if (after.lastEntry !== undefined && after.lastEntry !== before.lastEntry) entries.push(after.lastEntry);
  }
  return { armed, states, entries };
}

async function lookAt(before: Armed, sources: ReadingSources, { clock }: EvaluationParts): Promise<Armed> {
  const { rule, state } = before;
  const reading = await readingOf(rule, sources, clock());
  const now = clock();
  const { figure, verdict } = judge(rule, reading, rule.createdAtMs, now);
  const seen = { ...before, figure, evaluatedMs: now };
  const next = step(rule, state, verdict, now);
  const silenced = isSilenced(rule, now);
  if (next.phase !== state.phase && next.phase === 'firing') {
    const told = rule.webhook === null || !silenced;
    const notice = noticeOf('firing', seen, next, silenced);
    return { ...seen, state: { ...next, told }, lastEntry: entryOf(notice, rule, told, now) };
  }
  if (state.phase === 'firing' && next.phase === 'resolved') {
    // The end is told to whoever was told of the beginning, silenced or not: it closes what that opened.
    const notice = noticeOf('resolved', seen, next, silenced);
    return { ...seen, state: next, lastEntry: entryOf(notice, rule, state.told, now) };
  }
  if (next.phase === 'firing' && !next.told && !silenced) {
    const { lastEntry } = before;
    const told = { ...next, told: true };
    if (lastEntry?.delivery?.status !== 'silenced') return { ...seen, state: told };
    return { ...seen, state: told, lastEntry: { ...lastEntry, delivery: toSend(now) } };
  }
  return { ...seen, state: next };
}

/** An alert that watches for something else from now on. */
export const anew = ({ state }: Armed, rule: AlertRule): Armed => ({
  ...{ rule, figure: null, evaluatedMs: null },
  state: { ...INITIAL, incidents: state.incidents },
});

/** What tells of the end of an alert that fired until an admin made it watch for something else, or for nothing. */
export function endedByChange(before: Armed, after: Armed, now: number): HistoryEntry | undefined {
  if (before.state.phase !== 'firing' || after.state.phase === 'firing') return undefined;
  return endOf(before, after.rule, 'Ended because the alert was changed', now);
}

/** What tells of the end of an alert that fired until it was deleted, and becomes of it by that; undefined if it did not. */
export function endedByDeletion(before: Armed, now: number): { armed: Armed; entry: HistoryEntry } | undefined {
  const { rule, state } = before;
  if (state.phase !== 'firing') return undefined;
  const ended = endOf(before, rule, 'Ended because the alert was deleted', now);
  const entry: HistoryEntry = rule.webhook === null ? ended : { ...ended, to: rule.webhook };
  return { armed: { ...before, state: { ...state, phase: 'resolved', sinceMs: now, calmSinceMs: null } }, entry };
}

function endOf(before: Armed, rule: AlertRule, message: string, now: number): HistoryEntry {
  const notice = noticeOf('resolved', { ...before, evaluatedMs: now }, before.state, isSilenced(rule, now));
  return entryOf({ ...notice, message }, rule, before.state.told, now);
}

function noticeOf(
  event: AlertNotice['event'],
  { rule, figure, evaluatedMs }: Armed,
  { incidents }: AlertState,
  silenced: boolean,
): AlertNotice {
  const { id, name, metric, condition, threshold } = rule;
  return {
    ...{ alertId: id, name, event, at: new Date(evaluatedMs ?? 0).toISOString(), incident: incidents },
    ...{ metric, condition, threshold, value: figure, message: alertMessage(rule, figure), silenced },
  };
}

const toSend = (now: number): Delivery => ({
  status: 'pending',
  attempts: 0,
  lastAttemptMs: null,
  nextAttemptMs: now,
  error: null,
});

function entryOf(notice: AlertNotice, { id, webhook }: AlertRule, told: boolean, now: number): HistoryEntry {
  const delivery: Delivery = told ? toSend(now) : { ...toSend(now), status: 'silenced', nextAttemptMs: null };
  return { id: entryId(id, notice), notice, delivery: webhook === null ? null : delivery };
}

/** The same questions of several alerts are asked once. */
function once(sources: ReadingSources): ReadingSources {
  const headlines = new Map<string, HeadlineItem[]>();
  return {
    ...sources,
    reads: {
      metrics: () => sources.reads.metrics(),
      unrecorded: () => sources.reads.unrecorded(),
      users: (range, now) => sources.reads.users(range, now),
      headline: (range) => {
        const key = `${range.from}:${range.to}`;
        const known = headlines.get(key) ?? sources.reads.headline(range);
        headlines.set(key, known);
        return known;
      },
    },
  };
}
