import { hourOf, MS_PER_HOUR, startOfDay, type DayRange } from '../analyzers/calendar.js';
import { average } from '../analyzers/numbers.js';
import {
  HEADLINE_METRICS,
  type AlertMetric,
  type AlertSettings,
  type ChainStatus,
  type CoreMetrics,
  type HeadlineItem,
  type HeadlineMetric,
  type SnapshotMetrics,
  type StandingMetric,
  type UnrecordedMetric,
  type UserMetrics,
} from '../contract/index.js';
import type { FactType } from '../events/fact.js';
import type { HourCount } from './hourCounts.js';
import type { Reading } from './judge.js';
import { isPercent } from './rule.js';
import { windowsOf } from './window.js';

/**
 * What the metrics of alerts stand at now, read from the folds; only what the folds do not hold (snapshots of the past, counts
 * by the hour, the times of the latest facts, the size of the quarantine) is asked for elsewhere, and only when an alert needs it.
 */
export interface ReadingSources {
  /** The folds. */
  readonly reads: {
    metrics(): CoreMetrics;
    headline(range: DayRange): HeadlineItem[];
    users(range: DayRange, now: number): Pick<UserMetrics, 'retentionRate'>;
    unrecorded(): Readonly<Record<UnrecordedMetric, number>>;
  };
  chainStatus(): Pick<ChainStatus, 'lagMs' | 'stalled' | 'unprovenCount'>;
  quarantined(): Promise<number>;
  /** The numbers of the snapshot of the UTC day or hour that starts then, in ms, as of its end; undefined: there is none. */
  snapshot(period: 'daily' | 'hourly', startMs: number): Promise<SnapshotMetrics | undefined>;
  /** What was counted over the last hours, and as many before; undefined when it is not known (yet). */
  hourCount(metric: HeadlineMetric, hours: number): HourCount | undefined;
  /** When the newest user was first seen, in ms; null when there is none, undefined when it is not known (yet). */
  latestUserMs(): number | null | undefined;
  /** Event time of the latest canonical fact of these types, in ms; null when there is none. */
  latestFactMs(types: readonly FactType[]): Promise<number | null>;
}

/** Counted from users, each once: of the facts in which one may be seen, most are of those who were before. */
type OfUsers = 'newUsers' | 'totalUsers';
type OfFacts = Exclude<HeadlineMetric | StandingMetric | UnrecordedMetric, OfUsers>;
/** Facts that a metric is counted from: what `noData` waits for. */
const JOINING: readonly FactType[] = [
  'badge_issued',
  'community_created',
  'community_transferred',
  'member_added',
  'user_joined',
];
const FACTS: Readonly<Record<OfFacts, readonly FactType[]>> = {
  badgesIssued: ['badge_issued'],
  badgesRevoked: ['badge_revoked'],
  activeUsers: ['badge_issued'],
  newCommunities: ['community_created'],
  newMembers: ['community_created', 'member_added'],
  totalBadgesIssued: ['badge_issued'],
  totalCommunities: ['community_created'],
  averageBadgesPerUser: JOINING,
  averageBadgesPerCommunity: ['badge_issued', 'community_created'],
  engagementRate: JOINING,
  retentionRate: JOINING,
  activeBadges: ['badge_issued'],
  totalMembers: ['community_created', 'member_added'],
};
const MS_PER_MINUTE = 60_000;

type Windowed = Pick<AlertSettings, 'window' | 'days' | 'hours'>;

/** What one alert is judged by. @throws what a source throws */
export async function readingOf(
  rule: Pick<AlertSettings, 'metric' | 'condition'> & Windowed,
  sources: ReadingSources,
  nowMs: number,
): Promise<Reading> {
  const { metric, condition } = rule;
  switch (metric) {
    case 'chainLagMinutes':
    case 'chainStalled':
    case 'unprovenBlocks':
    case 'quarantinedItems':
      return only(await chainValue(metric, sources));
    default:
      if (condition === 'noData') return { value: null, previous: null, lastFactMs: await latestMs(metric, sources) };
      if (metric === 'activeBadges' || metric === 'totalMembers') return only(sources.reads.unrecorded()[metric]);
      return isHeadline(metric) ? counted(metric, rule, sources, nowMs) : standing(metric, rule, sources, nowMs);
  }
}

const latestMs = (metric: OfFacts | OfUsers, sources: ReadingSources) =>
  metric === 'newUsers' || metric === 'totalUsers' ? sources.latestUserMs() : sources.latestFactMs(FACTS[metric]);

const only = (value: number | null): Reading => ({ value, previous: null, lastFactMs: null });

async function chainValue(
  metric: 'chainLagMinutes' | 'chainStalled' | 'unprovenBlocks' | 'quarantinedItems',
  { chainStatus, quarantined }: ReadingSources,
): Promise<number | null> {
  switch (metric) {
    case 'chainLagMinutes': {
      const { lagMs } = chainStatus();
      return lagMs === null ? null : Math.floor(lagMs / MS_PER_MINUTE);
    }
    case 'chainStalled':
      return Number(chainStatus().stalled);
    case 'unprovenBlocks':
      return chainStatus().unprovenCount;
    case 'quarantinedItems':
      return quarantined();
  }
}

/** A number of the headline over the alert's days or hours. */
function counted(
  metric: HeadlineMetric,
  { window, days, hours, condition }: Pick<AlertSettings, 'condition'> & Windowed,
  { reads, hourCount }: ReadingSources,
  nowMs: number,
): Reading {
  if (window === 'lastHours') {
    const found = hourCount(metric, hours);
    return { value: found?.value ?? null, previous: found?.previous ?? null, lastFactMs: null };
  }
  const { current, previous } = windowsOf({ window, days }, nowMs);
  const over = (range: DayRange): number | null =>
    reads.headline(range).find((item) => item.metric === metric)?.value ?? null;
  return { value: over(current), previous: isPercent(condition) ? over(previous) : null, lastFactMs: null };
}

/** A number as of now, and as of the end of the last whole day or hour before the alert's window. */
async function standing(
  metric: StandingMetric,
  rule: Pick<AlertSettings, 'condition'> & Windowed,
  sources: ReadingSources,
  nowMs: number,
): Promise<Reading> {
  const before = isPercent(rule.condition) ? await snapshotBefore(rule, sources, nowMs) : undefined;
  return { value: standingValue(metric, sources, nowMs), previous: before?.[metric] ?? null, lastFactMs: null };
}

function snapshotBefore(
  { window, days, hours }: Windowed,
  { snapshot }: ReadingSources,
  nowMs: number,
): Promise<SnapshotMetrics | undefined> {
  if (window === 'lastHours') return snapshot('hourly', (hourOf(nowMs) - hours - 1) * MS_PER_HOUR);
  return snapshot('daily', startOfDay(windowsOf({ window, days }, nowMs).current.from - 1));
}

function standingValue(metric: StandingMetric, { reads }: ReadingSources, nowMs: number): number {
  const metrics = reads.metrics();
  switch (metric) {
    case 'retentionRate': {
      const { current } = windowsOf({ window: 'today', days: 1 }, nowMs);
      return reads.users(current, nowMs).retentionRate;
    }
    case 'averageBadgesPerCommunity':
      return average(metrics.totalBadgesIssued, metrics.totalCommunities);
    default:
      return metrics[metric];
  }
}

const HEADLINE: ReadonlySet<AlertMetric> = new Set<AlertMetric>(HEADLINE_METRICS);
const isHeadline = (metric: HeadlineMetric | StandingMetric): metric is HeadlineMetric => HEADLINE.has(metric);
