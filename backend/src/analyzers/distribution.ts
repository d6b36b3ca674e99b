import type { DistributionMetrics } from '../contract/index.js';
import type { Badge } from './badges.js';
import { dayOf } from './calendar.js';
import { Counter } from './columns/counter.js';
import { together } from './columns/dump.js';
import { PairTable } from './columns/pairTable.js';
import { Grades } from './grades.js';
import { largest, Leading, MAX_KEYS, withOther } from './lists.js';
import type { Names } from './names.js';
import { average, percentage, trendGrowth } from './numbers.js';
import { TemplateCounts } from './templateCounts.js';
import type { Templates } from './templates.js';

/** Badges held by category and level; templates and issuers by badges issued. */
const TOP_BADGES = 15;
const TRENDING_BADGES = 10;
const BADGES_OF_A_CATEGORY = 5;
const ISSUERS = 20;

type CategoryBadge = DistributionMetrics['mostAwardedByCategory'][string][number];

/** The badges issued of all templates of a category, and those of which most were. */
interface Category {
  count: number;
  readonly leading: Leading;
}

export class Distribution {
  readonly #held: Grades;
  readonly #templates: Templates;
  readonly #byTemplate = new TemplateCounts();
  readonly #byIssuer = new Counter();
  /** Badges by (issuer, template): whether one more is a further template. */
  readonly #issuerTemplates = new PairTable();
  readonly #templatesOfIssuer = new Counter();
  readonly stored;

  constructor(
    private readonly names: Names,
    templates: Templates,
  ) {
    this.#templates = templates;
    this.#held = new Grades(names, templates);
    this.stored = together(
      this.#held.stored,
      this.#byTemplate.stored,
      this.#byIssuer,
      this.#issuerTemplates,
      this.#templatesOfIssuer,
    );
  }

  issued({ template, recipient, issuer, atMs }: Badge, weight: 1 | -1): void {
    this.#byTemplate.add(template, recipient, dayOf(atMs), weight);
    this.#byIssuer.add(issuer, weight);
    const before = this.#issuerTemplates.add(issuer, template, weight);
    if (before === 0 || before + weight === 0) this.#templatesOfIssuer.add(issuer, weight);
  }

  /** As `Rows.fetch`, for what `issued` looks up. */
  fetch(templates: Int32Array, recipients: Int32Array, count: number): number {
    return this.#byTemplate.fetch(templates, recipients, count);
  }

  held({ held, template }: Badge, weight: 1 | -1): void {
    this.#held.add(held, template, weight);
  }

  read(today: number): DistributionMetrics {
    const { last7, last30 } = this.#byTemplate.recent(today);
    const top = this.#leading(TOP_BADGES);
    const trending = this.#leading(TRENDING_BADGES);
    const categories: Category[] = [];
    this.#byTemplate.forEach((template, issued) => {
      top.add(template, issued);
      trending.add(template, last7.get(template));
      const category = (categories[this.#templates.categoryNumber(template)] ??= {
        count: 0,
        leading: this.#leading(BADGES_OF_A_CATEGORY),
      });
      category.count += issued;
      category.leading.add(template, issued);
    });
    return {
      ...this.#shares(),
      topBadges: top.map((template, issuedCount, badgeId) => ({
        badgeId,
        badgeName: this.#templates.name(template),
        category: this.#templates.category(template),
        issuedCount,
        recipientCount: this.#byTemplate.recipients(template),
        issuanceRate: average(last30.get(template), 30),
      })),
      trendingBadges: trending.map((template, issuanceLast7Days, badgeId) => {
        const issuanceLast30Days = last30.get(template);
        const growth = trendGrowth(issuanceLast7Days, issuanceLast30Days);
        return { badgeId, badgeName: this.#templates.name(template), issuanceLast7Days, issuanceLast30Days, growth };
      }),
      mostAwardedByCategory: this.#byCategory(categories),
      badgesByIssuer: this.#issuers(),
    };
  }

  #leading(limit: number): Leading {
    return new Leading(limit, (template) => this.#templates.id(template));
  }

  #shares(): Pick<DistributionMetrics, 'byCategory' | 'byLevel'> {
    const { categories, levels } = this.#held.totals();
    const held = levels.reduce((sum, { count }) => sum + count, 0);
    return {
      byCategory: withOther(categories).map(({ id, count }) => ({
        category: id,
        count,
        percentage: percentage(count, held),
      })),
      byLevel: largest(levels, MAX_KEYS).map(({ id, count }) => ({
        level: Number(id),
        count,
        percentage: percentage(count, held),
      })),
    };
  }

  /** @param categories by their number */
  #byCategory(categories: readonly Category[]): DistributionMetrics['mostAwardedByCategory'] {
    const leading = new Leading(MAX_KEYS, (category) => this.#templates.categories.text(category));
    categories.forEach(({ count }, category) => leading.add(category, count));
    const badges = (category: number): CategoryBadge[] | undefined =>
      categories[category]?.leading.map((template, issuedCount, badgeId) => ({
        badgeId,
        badgeName: this.#templates.name(template),
        issuedCount,
      }));
    return Object.fromEntries(leading.map((category, _count, name) => [name, badges(category) ?? []]));
  }

  #issuers(): DistributionMetrics['badgesByIssuer'] {
    const leading = new Leading(ISSUERS, (issuer) => this.names.issuers.text(issuer));
    this.#byIssuer.forEach((issuer, count) => leading.add(issuer, count));
    return leading.map((number, totalIssued, issuer) => ({
      issuer,
      uniqueBadges: this.#templatesOfIssuer.get(number),
      totalIssued,
    }));
  }
}
