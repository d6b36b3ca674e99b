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
    const levels = new Counter();
    this.#byGrade.forEach((grade, count) => {
      const { level, category } = names.prints.get(grade);
      if (category !== undefined) categories.add(templates.categories.add(category), count);
      if (level !== undefined) levels.add(level, count);
    });
    this.#categoryLeft.forEach((template, count) => categories.add(templates.categoryNumber(template), count));
    this.#levelLeft.forEach((template, count) => levels.add(templates.level(template), count));
    return {
      categories: ranked(categories, (category) => templates.categories.text(category)),
      levels: ranked(levels, String),
    };
  }
}

function ranked(counts: Counter, idOf: (key: number) => string): Ranked[] {
  const all: Ranked[] = [];
  counts.forEach((key, count) => all.push({ id: idOf(key), count }));
  return all;
}
