/**
 * What happened last in the process that writes, for others that hear of it from there now and then: each thing is told
 * once to whoever asks often enough, and never an old one as new.
 */
export interface Told<T> {
  /** How many there were since the writer began to write. */
  readonly count: number;
  /** The last of them, oldest first. */
  readonly last: readonly T[];
}

export class Recent<T> {
  #told: Told<T> = { count: 0, last: [] };
  #heard: { readonly reign: string; readonly count: number } | undefined;

  /** @param remembered what comes more often than it is asked for, the others hear the last of only. */
  constructor(private readonly remembered: number) {}

  get told(): Told<T> {
    return this.#told;
  }

  /** This process begins to write: what it told before was of another time. */
  begin(): void {
    this.#told = { count: 0, last: [] };
  }

  note(thing: T): void {
    const { count, last } = this.#told;
    this.#told = { count: count + 1, last: [...last, thing].slice(-this.remembered) };
  }

  /**
   * @param reign tells one writer's time from another's
   * @returns what another process tells and was not heard of before; at first nothing.
   */
  newIn(reign: string, { count, last }: Told<T>): readonly T[] {
    const before = this.#heard === undefined ? count : this.#heard.reign === reign ? this.#heard.count : 0;
    // A renewal that arrives late says what was said before: what came since is not new again by that.
    this.#heard = { reign, count: Math.max(before, count) };
    return count > before ? last.slice(before - count) : [];
  }
}
