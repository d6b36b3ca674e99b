import { constants, crc32, deflateRaw } from 'node:zlib';

/**
 * Compresses what many answers begin with once, however each of them ends: the beginning is deflated up to the boundary of a
 * byte, and an end follows it as it is. Both together are one gzip member as any other (RFC 1952, RFC 1951).
 */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** Of a last block whose bytes are stored as they are. */
const LAST_STORED = 1;

export class GzipBeginning {
  private constructor(
    private readonly deflated: Buffer,
    private readonly length: number,
    private readonly checksum: number,
  ) {}

  /** Compresses in a thread of libuv. */
  static of(beginning: Buffer): Promise<GzipBeginning> {
    return new Promise((resolve, reject) => {
      deflateRaw(beginning, { finishFlush: constants.Z_SYNC_FLUSH }, (error, deflated) => {
        if (error !== null) reject(error);
        else resolve(new GzipBeginning(deflated, beginning.length, crc32(beginning)));
      });
    });
  }

  /** @param end at most 65,535 bytes. @throws {RangeError} when it has more */
  with(end: Buffer): Buffer {
    const block = Buffer.alloc(5);
    block.writeUInt8(LAST_STORED, 0);
    block.writeUInt16LE(end.length, 1);
    block.writeUInt16LE(0xffff - end.length, 3);
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(crc32(end, this.checksum), 0);
    trailer.writeUInt32LE((this.length + end.length) % 2 ** 32, 4);
    return Buffer.concat([HEADER, this.deflated, block, end, trailer]);
  }
}
