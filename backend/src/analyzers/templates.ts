import type { TemplateCreated } from '../events/fact.js';
import { Interner } from './columns/interner.js';
import type { Stored } from './columns/dump.js';
import { KeptFacts } from './keptFacts.js';
import type { Names } from './names.js';

/**
 * What templates are called and what a mint that does not say so has of them. The first creation of an id counts. Joined
 * when read: a template that comes late, or is retracted, touches no badge.
 */
interface Definition {
  readonly name: string;
  readonly category: string;
  readonly level: number;
}

export class Templates {
  readonly #creations = new KeptFacts<Definition>();
  /** Numbers of categories, those that no template has any more included. Not kept in dumps. */
  readonly categories = new Interner();
  readonly #unknown = this.categories.add('unknown');
  /** By template: every read asks for all of them. */
  readonly #categories: number[] = [];
  readonly #levels: number[] = [];
  readonly stored: Stored = {
    save: (to) => this.#creations.save(to),
    restore: (from) => {
      this.#creations.restore(from);
      for (const template of this.#creations.keys()) this.#note(template);
    },
  };

  constructor(private readonly names: Names) {}

  apply(fact: TemplateCreated, weight: 1 | -1): void {
    const { templateId, name, category, defaultLevel: level } = fact.props;
    const template = this.names.templates.add(templateId);
    this.#creations.apply(template, fact, { name, category, level }, weight);
    this.#note(template);
  }

  /** Undefined as long as no creation is known. @param template the template's number. */
  definition(template: number): Definition | undefined {
    return this.#creations.first(template)?.value;
  }

  id(template: number): string {
    return this.names.templates.text(template);
  }

  name(template: number): string {
    return this.definition(template)?.name ?? `Badge ${this.id(template)}`;
  }

  category(template: number): string {
    return this.categories.text(this.categoryNumber(template));
  }

  categoryNumber(template: number): number {
    return this.#categories[template] ?? this.#unknown;
  }

  level(template: number): number {
    return this.#levels[template] ?? 0;
  }

  #note(template: number): void {
    const definition = this.definition(template);
    this.#categories[template] = definition === undefined ? this.#unknown : this.categories.add(definition.category);
    this.#levels[template] = definition?.level ?? 0;
  }
}
