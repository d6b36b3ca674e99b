import type { DumpReader, DumpWriter, Stored } from './dump.js';

/** A number from 1 for each distinct string, where there are thousands, not millions (templates, issuers, communities). */
export class Interner implements Stored {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [''];

  /** The string's number; a new one if it is new. */
  add(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#texts.push(text) - 1;
    this.#numbers.set(text, number);
    return number;
  }

  /** The string's number, 0 if it has none. */
  find(text: string): number {
    return this.#numbers.get(text) ?? 0;
  }

  /** The string of a number that `add` gave. */
  text(number: number): string {
    return this.#texts[number] ?? '';
  }

  save(to: DumpWriter): void {
    to.value(this.#texts.slice(1));
  }

  restore(from: DumpReader): void {
    for (const text of from.value<string[]>()) this.add(text);
  }
}
