/**
 * Chunks that nobody holds any more, to be written over: memory that is new costs several times as much as copying a chunk
 * does, and the first changes after a checkpoint begins copy thousands. Never more than 32 MB; what is beyond goes to the
 * garbage collector.
 */
const MAX_WORDS = 8 << 20;

export class SpareChunks {
  readonly #byLength = new Map<number, Int32Array[]>();
  #words = 0;

  /** One of so many words, of which none is to be read before it is written. */
  take(length: number): Int32Array {
    const spare = this.#byLength.get(length)?.pop();
    if (spare === undefined) return new Int32Array(Buffer.allocUnsafeSlow(4 * length).buffer);
    this.#words -= length;
    return spare;
  }

  /** Nobody else may hold it. */
  add(chunk: Int32Array): void {
    const { length } = chunk;
    if (this.#words + length > MAX_WORDS) return;
    const kept = this.#byLength.get(length);
    if (kept === undefined) this.#byLength.set(length, [chunk]);
    else kept.push(chunk);
    this.#words += length;
  }
}
