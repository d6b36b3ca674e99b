import { dayOf, isoDate } from '../analyzers/calendar.js';
import { average, percentage } from '../analyzers/numbers.js';
import type { AnalyticsSnapshot, DayCount, Period } from '../contract/index.js';
import { TREND_DAYS, type DayFigures } from '../warehouse/dayTrends.js';
import type { HeldShare } from '../warehouse/heldShares.js';
import type { PeriodFigures } from '../warehouse/periodFigures.js';

/** A snapshot from its figures: rates, percentages and whole day series. Pure. */
export function composeSnapshot(
  figures: PeriodFigures,
  period: Period,
  seq: number,
  takenAtMs: number,
): AnalyticsSnapshot {
  const { totals, retention, topBadges, topCommunities, days } = figures;
  const series = daySeries(days, figures.asOfMs);
  return {
    timestamp: new Date(figures.startMs).toISOString(),
    period,
    seq,
    takenAt: new Date(takenAtMs).toISOString(),
    metrics: {
      totalBadgesIssued: totals.issued,
      badgesIssuedThisPeriod: totals.issuedInPeriod,
      totalUsers: totals.users,
      newUsersThisPeriod: totals.newUsers,
      activeUsersThisPeriod: totals.activeUsers,
      retentionRate: percentage(retention?.retained ?? 0, retention?.cohort ?? 0),
      totalCommunities: totals.communities,
      newCommunitiesThisPeriod: totals.newCommunities,
      averageBadgesPerUser: average(totals.issued, totals.users),
      engagementRate: percentage(totals.holders, totals.users),
      averageBadgesPerCommunity: average(totals.issued, totals.communities),
    },
    distribution: {
      badgesByCategory: figures.byCategory.map((share) => ({ category: share.key, ...portion(share) })),
      badgesByLevel: figures.byLevel.map((share) => ({ level: Number(share.key), ...portion(share) })),
      topBadges: topBadges.map(({ templateId, name, category, issued, recipients, recent }) => ({
        badgeId: templateId,
        badgeName: name,
        category,
        issuedCount: issued,
        recipientCount: recipients,
        issuanceRate: average(recent, TREND_DAYS),
      })),
      topCommunities: topCommunities.map(({ communityId, name, owner, active, members, issued }) => ({
        communityId,
        name,
        owner,
        active,
        members,
        badgesIssued: issued,
      })),
    },
    trends: {
      dailyIssuance: series(({ issued }) => issued),
      dailyNewUsers: series(({ newUsers }) => newUsers),
      dailyActiveUsers: series(({ activeUsers }) => activeUsers),
    },
  };
}

const portion = ({ held, total }: HeldShare) => ({ count: held, percentage: percentage(held, total) });

/** The days up to that of `asOfMs`, oldest first, zeros included. */
function daySeries(
  days: readonly DayFigures[],
  asOfMs: number,
): (value: (figures: DayFigures) => number) => DayCount[] {
  const byDay = new Map(days.map((figures) => [figures.day, figures]));
  const first = dayOf(asOfMs) - TREND_DAYS + 1;
  return (value) =>
    Array.from({ length: TREND_DAYS }, (_, index) => {
      const figures = byDay.get(first + index);
      return { date: isoDate(first + index), count: figures === undefined ? 0 : value(figures) };
    });
}
