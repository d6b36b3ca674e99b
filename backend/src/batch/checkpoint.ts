import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import { syncDirectory } from '../log/directory.js';

/**
 * The state of the folds at one log position, in a file, so that a start need not read the whole log. It is written
 * beside, flushed and renamed: the file is the old one or the new one, never half of one. A file that is missing,
 * damaged or of another code version loads as undefined, which costs a rebuild and never gives a wrong number.
 */
export interface Checkpoint {
  /** Log position that `payload` includes. */
  readonly seq: number;
  readonly payload: Uint8Array;
}

/** Then: SHA-256 of all that follows it (32 bytes), code version (4), seq (8), both unsigned little-endian; payload. */
const MAGIC = Buffer.from('PXCP');
const DIGEST_END = MAGIC.length + 32;
const HEAD_LENGTH = DIGEST_END + 4 + 8;

export class CheckpointFile {
  readonly #path: string;
  readonly #version: number;
  readonly #logger: Logger;

  /** @param version code version of the payload: raised whenever the folds or their dump change meaning. */
  constructor(path: string, version: number, logger: Logger) {
    this.#path = path;
    this.#version = version;
    this.#logger = logger;
  }

  /**
   * Replaces the checkpoint; on disk when it resolves. Calls must not overlap.
   * @param payload in parts, which are written one after the other without being copied together.
   */
  async save(seq: number, ...payload: readonly Uint8Array[]): Promise<void> {
    const head = Buffer.alloc(HEAD_LENGTH);
    MAGIC.copy(head);
    head.writeUInt32LE(this.#version, DIGEST_END);
    head.writeBigUInt64LE(BigInt(seq), DIGEST_END + 4);
    digestOf(head.subarray(DIGEST_END), ...payload).copy(head, MAGIC.length);
    const directory = dirname(this.#path);
    await mkdir(directory, { recursive: true });
    const beside = `${this.#path}.new`;
    const file = await open(beside, 'w');
    try {
      await file.writeFile(head);
      for (const part of payload) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, this.#path);
    await syncDirectory(directory);
  }

  /** The last checkpoint saved, or undefined with a log line that says why there is none to use. */
  async load(): Promise<Checkpoint | undefined> {
    const refuse = (reason: string): undefined => {
      this.#logger.info({ file: this.#path, reason }, 'no checkpoint to use: everything is folded anew');
      return undefined;
    };
    let bytes: Buffer;
    try {
      bytes = await readFile(this.#path);
    } catch (error) {
      return refuse((error as NodeJS.ErrnoException).code === 'ENOENT' ? 'none yet' : String(error));
    }
    if (bytes.length < HEAD_LENGTH || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return refuse('damaged');
    const digest = digestOf(bytes.subarray(DIGEST_END));
    if (!digest.equals(bytes.subarray(MAGIC.length, DIGEST_END))) return refuse('damaged');
    const version = bytes.readUInt32LE(DIGEST_END);
    if (version !== this.#version) return refuse(`of code version ${version}, not ${this.#version}`);
    return { seq: Number(bytes.readBigUInt64LE(DIGEST_END + 4)), payload: bytes.subarray(HEAD_LENGTH) };
  }
}

function digestOf(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
