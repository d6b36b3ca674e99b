import type { TemplateCreated } from '../events/fact.js';
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
  readonly stored = this.#creations;

  constructor(private readonly names: Names) {}

  apply(fact: TemplateCreated, weight: 1 | -1): void {
    const { templateId, name, category, defaultLevel: level } = fact.props;
    this.#creations.apply(this.names.templates.add(templateId), fact, { name, category, level }, weight);
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
    return this.definition(template)?.category ?? 'unknown';
  }

  level(template: number): number {
    return this.definition(template)?.level ?? 0;
  }
}
