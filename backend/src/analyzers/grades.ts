import { together } from './columns/dump.js';
import { Pairs } from './columns/pairs.js';
import type { Ranked } from './lists.js';
import type { Names } from './names.js';
import type { Print } from './prints.js';
import type { Templates } from './templates.js';

/**
 * Badges by level and category, counted by what the event says; where it says only one or none of them, by template too,
 * whose level and category are joined when read.
 */
export class Grades {
  readonly #counts = new Pairs();
  readonly stored = together(this.#counts.stored);

  constructor(
    private readonly names: Names,
    private readonly templates: Templates,
  ) {}

  add(print: number, template: number, weight: 1 | -1): void {
    const { level, category, grade } = this.names.prints.get(print);
    const complete = level !== undefined && category !== undefined;
    this.#counts.count(grade, complete ? 0 : template, weight);
  }

  /** Counts by category and by level, in no order; a level's id is its decimal form. */
  totals(): { readonly categories: Ranked[]; readonly levels: Ranked[] } {
    // There are far more pairs than grades and templates: each of those is looked up once.
    const told = { category: new Sums(), level: new Sums() };
    const left = { category: new Sums(), level: new Sums() };
    const grades: Print[] = [];
    this.#counts.forEach((grade, template, count) => {
      if (count === 0) return;
      const print = (grades[grade] ??= this.names.prints.get(grade));
      if (print.category === undefined) left.category.add(template, count);
      else told.category.add(grade, count);
      if (print.level === undefined) left.level.add(template, count);
      else told.level.add(grade, count);
    });
    const categories = new Ranking();
    told.category.forEach((grade, count) => categories.add(grades[grade]?.category ?? '', count));
    left.category.forEach((template, count) => categories.add(this.templates.category(template), count));
    const levels = new Ranking();
    told.level.forEach((grade, count) => levels.add(String(grades[grade]?.level), count));
    left.level.forEach((template, count) => levels.add(String(this.templates.level(template)), count));
    return { categories: categories.rows(), levels: levels.rows() };
  }
}

/** Sums by a small whole number. */
class Sums {
  readonly #sums: (number | undefined)[] = [];

  add(key: number, count: number): void {
    this.#sums[key] = (this.#sums[key] ?? 0) + count;
  }

  forEach(visit: (key: number, sum: number) => void): void {
    this.#sums.forEach((sum, key) => sum !== undefined && visit(key, sum));
  }
}

class Ranking {
  readonly #counts = new Map<string, number>();

  add(id: string, count: number): void {
    this.#counts.set(id, (this.#counts.get(id) ?? 0) + count);
  }

  rows(): Ranked[] {
    return Array.from(this.#counts, ([id, count]) => ({ id, count }));
  }
}
