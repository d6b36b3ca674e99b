import type { DistributionMetrics, TopBadge } from '../contract/index.js';
import type { Badge } from './badges.js';
import { dayOf } from './calendar.js';
import { Counter } from './columns/counter.js';
import { together } from './columns/dump.js';
import { Pairs } from './columns/pairs.js';
import { Grades } from './grades.js';
import { largest, MAX_KEYS, withOther, type Ranked } from './lists.js';
import type { Names } from './names.js';
import { average, percentage, trendGrowth } from './numbers.js';
import { TemplateCounts, type TemplateCount } from './templateCounts.js';
import type { Templates } from './templates.js';

/** Badges held by category and level; templates and issuers by badges issued. */
const TOP_BADGES = 15;
const TRENDING_BADGES = 10;
const BADGES_OF_A_CATEGORY = 5;
const ISSUERS = 20;

type RankedTemplate = Ranked & { readonly counts: TemplateCount };

export class Distribution {
  readonly #held: Grades;
  readonly #templates: Templates;
  readonly #byTemplate = new TemplateCounts();
  readonly #byIssuer = new Counter();
  /** Badges by (issuer, template): whether one more is a further template. */
  readonly #issuerTemplates = new Pairs();
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
      this.#issuerTemplates.stored,
      this.#templatesOfIssuer,
    );
  }

  issued({ template, recipient, issuer, atMs }: Badge, weight: 1 | -1): void {
    this.#byTemplate.add(template, recipient, dayOf(atMs), weight);
    this.#byIssuer.add(issuer, weight);
    const { before, after } = this.#issuerTemplates.count(issuer, template, weight);
    if (before === 0 || after === 0) this.#templatesOfIssuer.add(issuer, weight);
  }

  held({ held, template }: Badge, weight: 1 | -1): void {
    this.#held.add(held, template, weight);
  }

  read(today: number): DistributionMetrics {
    const templates = this.#byTemplate
      .rows(today)
      .map((counts): RankedTemplate => ({ id: this.#templates.id(counts.template), count: counts.issued, counts }));
    return {
      ...this.#shares(),
      topBadges: largest(templates, TOP_BADGES).map((row) => this.#topBadge(row)),
      trendingBadges: this.#trending(templates),
      mostAwardedByCategory: this.#byCategory(templates),
      badgesByIssuer: this.#issuers(),
    };
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

  #topBadge({ id, counts: { template, issued, recipients, last30 } }: RankedTemplate): TopBadge {
    return {
      badgeId: id,
      badgeName: this.#templates.name(template),
      category: this.#templates.category(template),
      issuedCount: issued,
      recipientCount: recipients,
      issuanceRate: average(last30, 30),
    };
  }

  #trending(templates: readonly RankedTemplate[]): DistributionMetrics['trendingBadges'] {
    return largest(templates, TRENDING_BADGES, ({ counts }) => counts.last7).map(({ id, counts }) => ({
      badgeId: id,
      badgeName: this.#templates.name(counts.template),
      issuanceLast7Days: counts.last7,
      issuanceLast30Days: counts.last30,
      growth: trendGrowth(counts.last7, counts.last30),
    }));
  }

  #byCategory(templates: readonly RankedTemplate[]): DistributionMetrics['mostAwardedByCategory'] {
    const groups = new Map<string, { id: string; count: number; members: RankedTemplate[] }>();
    for (const row of templates) {
      const category = this.#templates.category(row.counts.template);
      const group = groups.get(category) ?? { id: category, count: 0, members: [] };
      group.count += row.count;
      group.members.push(row);
      groups.set(category, group);
    }
    return Object.fromEntries(
      largest(groups.values(), MAX_KEYS).map(({ id, members }) => [
        id,
        largest(members, BADGES_OF_A_CATEGORY).map(({ id: badgeId, count, counts }) => ({
          badgeId,
          badgeName: this.#templates.name(counts.template),
          issuedCount: count,
        })),
      ]),
    );
  }

  #issuers(): DistributionMetrics['badgesByIssuer'] {
    const issuers = [...this.#byIssuer.entries()].map(([issuer, count]) => ({
      id: this.names.issuers.text(issuer),
      count,
      uniqueBadges: this.#templatesOfIssuer.get(issuer),
    }));
    return largest(issuers, ISSUERS).map(({ id, count, uniqueBadges }) => ({
      issuer: id,
      uniqueBadges,
      totalIssued: count,
    }));
  }
}
