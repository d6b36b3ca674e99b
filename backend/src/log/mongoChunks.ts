import type { HeadDocument, Models } from './mongoSchemas.js';

/**
 * JSON that is too large for the document that it is of, in pieces beside it. They are there before the document names
 * them, and are removed after it names others; what a put that failed leaves is removed when it has lain there for long.
 */
const CHUNK_BYTES = 8 * 1024 * 1024;

export class MongoChunks {
  /** Those put before were held against their documents by this process. */
  #sweptMs = 0;

  constructor(private readonly models: Pick<Models, 'chunks' | 'heads'>) {}

  /** In how many pieces so many bytes lie. */
  static number(bytes: number): number {
    return Math.ceil(bytes / CHUNK_BYTES);
  }

  async put({ _id, put: { stamp, nonce, chunks } }: HeadDocument, json: Buffer, putAtMs: number): Promise<void> {
    for (let index = 0; index < chunks; index += 1) {
      const data = json.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
      await this.models.chunks.insertOne({ _id: `${nonce}/${index}`, document: _id, stamp, putAtMs, data });
    }
  }

  /** @returns undefined when the document was replaced or deleted since its head was read. */
  async read({ put: { nonce, chunks } }: HeadDocument): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (let index = 0; index < chunks; index += 1) {
      const chunk = await this.models.chunks.findById(`${nonce}/${index}`).lean();
      if (chunk === null) return undefined;
      parts.push(chunk.data);
    }
    return Buffer.concat(parts);
  }

  /** Removes what puts of these documents before `stamp` have left. */
  async removeBefore(stamp: number, documents: readonly string[]): Promise<void> {
    await this.models.chunks.deleteMany({ document: { $in: documents }, stamp: { $lt: stamp } });
  }

  /**
   * Removes those put before `untilMs` that no document names. Each is looked at once: when its document is put again, or
   * deleted, it goes with that.
   */
  async sweep(untilMs: number): Promise<void> {
    const old = this.models.chunks.find({ putAtMs: { $gte: this.#sweptMs, $lt: untilMs } });
    for await (const { _id, document, stamp } of old.select({ document: 1, stamp: 1 }).lean().cursor())
      if ((await this.models.heads.exists({ _id: document, 'put.stamp': stamp })) === null)
        await this.models.chunks.deleteOne({ _id });
    this.#sweptMs = untilMs;
  }
}
