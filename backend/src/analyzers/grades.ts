import { together } from './columns/dump.js';
import { Pairs } from './columns/pairs.js';
import type { Ranked } from './lists.js';
import type { Names } from './names.js';
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
    const categories = new Map<string, number>();
    const levels = new Map<string, number>();
    this.#counts.forEach((grade, template, count) => {
      if (count === 0) return;
      const print = this.names.prints.get(grade);
      const category = print.category ?? this.templates.category(template);
      const level = String(print.level ?? this.templates.level(template));
      categories.set(category, (categories.get(category) ?? 0) + count);
      levels.set(level, (levels.get(level) ?? 0) + count);
    });
    return { categories: rankedOf(categories), levels: rankedOf(levels) };
  }
}

const rankedOf = (counts: Map<string, number>): Ranked[] => [...counts].map(([id, count]) => ({ id, count }));
