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

interface Payload {
  readonly lastEntry: string;
  readonly aggregator: Uint8Array;
  readonly blocks: BlockIndexDump;
}

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
      const payload = unpack(checkpoint.payload) as Payload;
      const strange = await mismatch(this.log, { seq: checkpoint.seq, lastEntry: payload.lastEntry });
      if (strange === undefined)
        return { aggregator: Aggregator.load(payload.aggregator), blocks: BlockIndex.load(payload.blocks) };
      this.logger.warn({ reason: strange }, 'checkpoint is not of this log: everything is folded anew');
    } catch (error) {
      this.logger.warn({ err: error }, 'checkpoint could not be loaded: everything is folded anew');
    }
    return empty();
  }

  /** Writes `state`; on disk when it resolves. The state is read before the first wait, so folding may go on. */
  async save({ aggregator, blocks }: FoldState): Promise<void> {
    const { seq } = blocks;
    const dumps = { aggregator: aggregator.dump(), blocks: blocks.dump() };
    const lastEntry = (await nameAt(this.log, seq)) ?? '';
    await this.#file.save({ seq, payload: pack({ lastEntry, ...dumps } satisfies Payload) });
  }
}

function empty(): FoldState {
  return { aggregator: new Aggregator(), blocks: new BlockIndex() };
}
