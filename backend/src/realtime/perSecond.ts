/** Lets through at most so many messages in each second of the clock; the rest of that second is not told. */
export class PerSecond {
  #second = 0;
  #sent = 0;

  constructor(private readonly limit: number) {}

  /** @param nowMs milliseconds since the epoch. */
  allows(nowMs: number): boolean {
    const second = Math.floor(nowMs / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#sent = 0;
    }
    this.#sent += 1;
    return this.#sent <= this.limit;
  }
}
