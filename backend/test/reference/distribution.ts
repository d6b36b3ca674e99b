import { dayOf, lastDays, within } from './calendar.js';
import type { Fact } from './facts.js';
import { atMost100, average, distinct, percentage, ranked, tally, trendGrowth } from './numbers.js';
import { badgesIn, heldOf, templatesIn } from './state.js';

/** The distribution part of section 5: what is held by category and level, and what is issued by template and issuer. */
export function distribution(facts: readonly Fact[], nowMs: number) {
  const held = heldOf(badgesIn(facts));
  const templates = ranked(
    issuedTemplates(facts, nowMs),
    ({ issued }) => issued,
    ({ templateId }) => templateId,
  );
  const trending = ranked(
    templates,
    ({ last7 }) => last7,
    ({ templateId }) => templateId,
  );
  const categories = distinct(templates.map(({ category }) => category)).map((category) => {
    const ofCategory = templates.filter((template) => template.category === category);
    return { category, ofCategory, issued: ofCategory.reduce((sum, { issued }) => sum + issued, 0) };
  });
  const largest = ranked(
    categories,
    ({ issued }) => issued,
    ({ category }) => category,
  ).slice(0, 100);
  return {
    byCategory: atMost100(tally(held.map(({ heldCategory }) => heldCategory))).map(({ key, count }) => ({
      category: key,
      count,
      percentage: percentage(count, held.length),
    })),
    byLevel: tally(held.map(({ heldLevel }) => String(heldLevel)))
      .slice(0, 100)
      .map(({ key, count }) => ({ level: Number(key), count, percentage: percentage(count, held.length) })),
    topBadges: topBadges(facts, nowMs, 15),
    trendingBadges: trending.slice(0, 10).map(({ templateId, name, last7, last30 }) => ({
      badgeId: templateId,
      badgeName: name,
      issuanceLast7Days: last7,
      issuanceLast30Days: last30,
      growth: trendGrowth(last7, last30),
    })),
    mostAwardedByCategory: Object.fromEntries(
      largest.map(({ category, ofCategory }) => [
        category,
        ofCategory
          .slice(0, 5)
          .map(({ templateId, name, issued }) => ({ badgeId: templateId, badgeName: name, issuedCount: issued })),
      ]),
    ),
    badgesByIssuer: badgesByIssuer(facts),
  };
}

export function topBadges(facts: readonly Fact[], nowMs: number, limit: number) {
  const largest = ranked(
    issuedTemplates(facts, nowMs),
    ({ issued }) => issued,
    ({ templateId }) => templateId,
  ).slice(0, limit);
  return largest.map(({ templateId, name, category, issued, recipients, last30 }) => ({
    badgeId: templateId,
    badgeName: name,
    category,
    issuedCount: issued,
    recipientCount: recipients,
    issuanceRate: average(last30, 30),
  }));
}

/** Templates of which at least one badge was issued, whether or not their creation is known. */
function issuedTemplates(facts: readonly Fact[], nowMs: number) {
  const badges = badgesIn(facts);
  const known = templatesIn(facts);
  const today = dayOf(nowMs);
  return distinct(badges.map(({ templateId }) => templateId)).map((templateId) => {
    const issued = badges.filter((badge) => badge.templateId === templateId);
    return {
      templateId,
      name: known.get(templateId)?.name ?? `Badge ${templateId}`,
      category: known.get(templateId)?.category ?? 'unknown',
      issued: issued.length,
      recipients: distinct(issued.map(({ recipient }) => recipient)).length,
      last7: issued.filter(({ day }) => within(lastDays(today, 7), day)).length,
      last30: issued.filter(({ day }) => within(lastDays(today, 30), day)).length,
    };
  });
}

function badgesByIssuer(facts: readonly Fact[]) {
  const badges = badgesIn(facts);
  return tally(badges.map(({ issuer }) => issuer))
    .slice(0, 20)
    .map(({ key, count }) => ({
      issuer: key,
      uniqueBadges: distinct(badges.filter(({ issuer }) => issuer === key).map(({ templateId }) => templateId)).length,
      totalIssued: count,
    }));
}
