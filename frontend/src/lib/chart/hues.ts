/**
 * Which hue stands for a group: the same one in every card, so that what was violet beside a title is violet below it.
 * Groups that everyone knows have a hue for good; others get, at first sight, the one that fewest have, and keep it as
 * long as the page is open. Within a card no two groups share a hue, but for slate, which stands for all that is left.
 */
import type { QueryDimension } from '@passportx/analytics-backend/contract';
import { HUES, type Hue } from './option';

/** Those that a group may get; slate is for what is left when all of them are taken, and for a rest that is summed. */
export const GROUP_HUES = HUES.filter((hue) => hue !== 'slate');

/** As the badge contracts and the design name them; however they are written. */
const KNOWN: Partial<Record<QueryDimension, Readonly<Record<string, Hue>>>> = {
  category: {
    education: 'violet',
    'open source': 'teal',
    community: 'amber',
    events: 'raspberry',
    governance: 'blue',
    infrastructure: 'slate',
  },
  level: { 1: 'violet', 2: 'teal', 3: 'amber', 4: 'raspberry', 5: 'blue' },
};
/** Groups of a dimension whose hue is kept; the one met first is forgotten first. */
const MAX_KEPT = 500;

const knownHue = (dimension: QueryDimension, key: string): Hue | undefined =>
  KNOWN[dimension]?.[key.toLowerCase().replaceAll(/[-_\s]+/g, ' ')];

/** The hues given so far; a page has one of them. */
export class HueBook {
  readonly #given = new Map<QueryDimension, Map<string, Hue>>();

  /**
   * The hues of the groups of one card, in their order.
   * @param hasRest the card also shows a rest, whose slate no group may have
   */
  huesOf(dimension: QueryDimension, keys: readonly string[], hasRest = false): Hue[] {
    const given = this.#given.get(dimension) ?? new Map<string, Hue>();
    this.#given.set(dimension, given);
    const inCard = new Map<string, Hue>();
    const taken = new Set<Hue>(hasRest ? ['slate'] : []);
    const take = (key: string, hue: Hue | undefined) => {
      if (hue === undefined || taken.has(hue) || inCard.has(key)) return;
      inCard.set(key, hue);
      taken.add(hue);
    };
    for (const key of keys) take(key, knownHue(dimension, key));
    for (const [key, hue] of given) if (keys.includes(key)) take(key, hue);
    for (const key of keys) {
      if (inCard.has(key)) continue;
      const uses = (hue: Hue) => [...given.values()].filter((other) => other === hue).length;
      const free = GROUP_HUES.filter((hue) => !taken.has(hue)).toSorted((a, b) => uses(a) - uses(b))[0];
      take(key, free);
      if (free !== undefined && !given.has(key)) this.#keep(given, key, free);
    }
    // Those known for good count as given, so that newcomers take what is free.
    for (const [key, hue] of inCard) if (!given.has(key)) this.#keep(given, key, hue);
    return keys.map((key) => inCard.get(key) ?? 'slate');
  }

  #keep(given: Map<string, Hue>, key: string, hue: Hue): void {
    given.set(key, hue);
    const [oldest] = given.keys();
    if (given.size > MAX_KEPT && oldest !== undefined) given.delete(oldest);
  }
}

const book = new HueBook();

/** The hues of the groups of one card, as every card of the page has them. */
export const huesOf = (dimension: QueryDimension, keys: readonly string[], hasRest = false): Hue[] =>
  book.huesOf(dimension, keys, hasRest);

/** The hue of one group. */
export const hueOf = (dimension: QueryDimension, key: string): Hue => huesOf(dimension, [key])[0] ?? 'slate';
