import { pack, unpack } from 'msgpackr';
import type { Logger } from 'pino';
import { Aggregator } from '../analyzers/aggregator.js';
import { BlockIndex, type BlockIndexDump } from '../chain/blocks.js';
import type { EventLog } from '../log/log.js';
import { mismatch, nameAt } from '../log/position.js';
import { CheckpointFile } from './checkpoint.js';

/**
 * The folds and what they know of blocks, at one log position, kept over restarts. A checkpoint that is missing, damaged,
 * of another code version or of another log is not used: the log is folded from its start, to the same metrics.
 */
export interface FoldState {
  readonly aggregator: Aggregator;
  readonly blocks: BlockIndex;
}

/** Goes up with every change of how a fact is folded or of what a payload holds. */
const CODE_VERSION = 1;

/**
 * A payload is the length of the aggregator's dump (u32, little-endian), the dump, and this as msgpack. The dump comes
 * first, at an offset that its typed arrays can be used at: hundreds of megabytes are then loaded without a copy.
 */
interface Rest {
  readonly lastEntry: string;
  readonly blocks: BlockIndexDump;
}
const LENGTH_BYTES = 4;

export class FoldStateFile {
  readonly #file: CheckpointFile;

  constructor(
    path: string,
    private readonly log: EventLog,
    private readonly logger: Logger,
  ) {
    this.#file = new CheckpointFile(path, CODE_VERSION, logger);
  }

  /** The state to go on from: that of the checkpoint, or an empty one. Its position is `blocks.seq`. */
  async load(): Promise<FoldState> {
    const checkpoint = await this.#file.load();
    if (checkpoint === undefined) return empty();
    try {
      const { seq, payload } = checkpoint;
      const length = new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getUint32(0, true);
      const rest = unpack(payload.subarray(LENGTH_BYTES + length)) as Rest;
      const strange = await mismatch(this.log, { seq, lastEntry: rest.lastEntry });
      if (strange === undefined) {
        const dump = payload.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
        return { aggregator: Aggregator.load(dump), blocks: BlockIndex.load(rest.blocks) };
      }
      this.logger.warn({ reason: strange }, 'checkpoint is not of this log: everything is folded anew');
    } catch (error) {
      this.logger.warn({ err: error }, 'checkpoint could not be loaded: everything is folded anew');
    }
    return empty();
  }

  /** Writes `state`; on disk when it resolves. The state is read before the first wait, so folding may go on. */
  async save({ aggregator, blocks }: FoldState): Promise<void> {
    const { seq } = blocks;
    const dump = aggregator.dump();
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32LE(dump.length);
    const known = blocks.dump();
    const lastEntry = (await nameAt(this.log, seq)) ?? '';
    await this.#file.save(seq, length, dump, pack({ lastEntry, blocks: known } satisfies Rest));
  }
}

function empty(): FoldState {
  return { aggregator: new Aggregator(), blocks: new BlockIndex() };
}
