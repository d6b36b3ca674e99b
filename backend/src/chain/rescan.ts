import type { BlockReference } from '../contract/index.js';

/**
 * A node that registers anew delivers its chain again as it then is, from `from` on, and says nothing of what it orphaned
 * meanwhile. This knows what was delivered since up to `to`, where we stood, also below `from`, and forgets what is undone.
 */
export class Rescan {
  readonly #delivered = new Set<string>();
  /** Hashes that came to the delivered ones or went from them, in order. */
  readonly #changes: string[] = [];
  /** Hashes that were taken back since, in order. */
  readonly #gone = new Set<string>();
  #ended = false;

  /** @param isPast whether the node has delivered all that it has up to this height. */
  constructor(
    readonly from: number,
    readonly to: number,
    private readonly isPast: (height: number) => boolean,
  ) {}

  /** Notes a block that was delivered. @returns whether everything may have been with it. */
  note({ hash, height }: BlockReference): boolean {
    if (this.#ended) return false;
    if (height <= this.to && !this.#delivered.has(hash)) this.#change(hash);
    return height > this.to && this.isOver;
  }

  /** The node rolled these back after all. */
  takeBack(blocks: readonly BlockReference[]): void {
    for (const { hash } of blocks) {
      if (this.#delivered.has(hash)) this.#change(hash);
      this.#gone.add(hash);
    }
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Whether it goes on although everything was delivered. */
  get isOver(): boolean {
    return !this.#ended && this.isPast(this.to);
  }

  /** @returns hashes of what was delivered. */
  end(): readonly string[] {
    this.#ended = true;
    return [...this.#delivered];
  }

  /** Whether the node told this block since it began anew. */
  vouchesFor({ hash, height }: BlockReference): boolean {
    return height > this.to || this.#delivered.has(hash);
  }

  /** Whether the node tells it now, if it has it, and has not taken it back since: then a delivery is no late one. */
  expects({ hash, height }: BlockReference): boolean {
    return !this.#ended && height >= this.from && !this.#gone.has(hash);
  }

  leftOut({ hash, height }: BlockReference): boolean {
    return this.#covers(height) && !this.#delivered.has(hash);
  }

  /** @returns how to go back to this moment. */
  mark(): () => void {
    const [changes, gone, ended] = [this.#changes.length, this.#gone.size, this.#ended];
    return () => {
      this.#ended = ended;
      for (const hash of [...this.#gone].slice(gone)) this.#gone.delete(hash);
      for (const hash of this.#changes.splice(changes).reverse()) this.#toggle(hash);
    };
  }

  #change(hash: string): void {
    this.#toggle(hash);
    this.#changes.push(hash);
  }

  #toggle(hash: string): void {
    if (!this.#delivered.delete(hash)) this.#delivered.add(hash);
  }

  #covers(height: number): boolean {
    return height >= this.from && height <= this.to;
  }
}
