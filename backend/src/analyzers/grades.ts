import { Counter } from './columns/counter.js';
import { together } from './columns/dump.js';
import type { Ranked } from './lists.js';
import type { Names } from './names.js';
import type { Templates } from './templates.js';

/**
 * Badges by level and category, counted by what the event says; where it leaves one of them to the template, by template,
 * whose level and category are joined when read.
 */
export class Grades {
  readonly #byGrade = new Counter();
  /** Those that leave their category, or their level, to their template. */
  readonly #categoryLeft = new Counter();
  readonly #levelLeft = new Counter();
  readonly stored = together(this.#byGrade, this.#categoryLeft, this.#levelLeft);

  constructor(
    private readonly names: Names,
    private readonly templates: Templates,
  ) {}

  add(print: number, template: number, weight: 1 | -1): void {
    const { level, category, grade } = this.names.prints.get(print);
    this.#byGrade.add(grade, weight);
    if (category === undefined) this.#categoryLeft.add(template, weight);
    if (level === undefined) this.#levelLeft.add(template, weight);
  }

  /** Counts by category and by level, in no order; a level's id is its decimal form. */
  totals(): { readonly categories: Ranked[]; readonly levels: Ranked[] } {
    const { names, templates } = this;
    const categories = new Counter();
    // Any number may be a level: they do not lie side by side.
    const levels = new Map<number, number>();
    const atLevel = (level: number, count: number): void => void levels.set(level, (levels.get(level) ?? 0) + count);
    this.#byGrade.forEach((grade, count) => {
      const { level, category } = names.prints.get(grade);
      if (category !== undefined) categories.add(templates.categories.add(category), count);
      if (level !== undefined) atLevel(level, count);
    });
    this.#categoryLeft.forEach((template, count) => categories.add(templates.categoryNumber(template), count));
    this.#levelLeft.forEach((template, count) => atLevel(templates.level(template), count));
    const ranked: Ranked[] = [];
    categories.forEach((category, count) => ranked.push({ id: templates.categories.text(category), count }));
    return { categories: ranked, levels: Array.from(levels, ([level, count]) => ({ id: String(level), count })) };
  }
}
