import { Aggregator } from '../../src/analyzers/aggregator.js';
import { copiesOf } from '../../src/analyzers/columns/dump.js';
import { derive } from '../../src/batch/derive.js';
import { BlockIndex } from '../../src/chain/blocks.js';
import { Intake } from '../../src/chain/intake.js';
import type { DeliveryReceipt } from '../../src/contract/index.js';
import type { LmdbStore } from '../../src/log/lmdb.js';
import { LogUnavailableError } from '../../src/log/log.js';
import { Quarantine } from '../../src/log/quarantine.js';
import { silent } from '../properties/store.js';
import { diskFull, FaultyLog } from '../support/intakeHarness.js';
import { DEPLOYER } from '../support/payloads.js';

/**
 * The service from intake to folds, which can be killed and started again. Its log is the real one from where that ended
 * when the service was born: as many services as one likes live one after the other on one store.
 */
export class SimulatedService {
  #aggregator = new Aggregator();
  #blocks: BlockIndex;

  static async open(store: LmdbStore): Promise<SimulatedService> {
    const log = new FaultyLog(store.log);
    const quarantine = new Quarantine(store.documents, now);
    return new SimulatedService(log, quarantine, log.head, await openIntake(log, quarantine, bornAt(log.head)));
  }

  private constructor(
    private readonly log: FaultyLog,
    private readonly quarantine: Quarantine,
    private readonly birth: number,
    public intake: Intake,
  ) {
    this.#blocks = bornAt(birth);
  }

  /** @returns whether it was refused: what brings nothing new is not written, and so answered all the same. */
  async refuse(body: unknown): Promise<boolean> {
    this.log.steps.push(diskFull);
    try {
      await this.intake.deliver(body);
      return false;
    } catch (error) {
      if (!(error instanceof LogUnavailableError)) throw error;
      return true;
    } finally {
      this.log.steps.length = 0;
    }
  }

  deliver(body: unknown): Promise<DeliveryReceipt> {
    return this.intake.deliver(body);
  }

  /** Killed and started: intake reads the log, from its birth or from the checkpoint that the folds were saved with. */
  async restart(fromCheckpoint: boolean): Promise<void> {
    await this.fold();
    const checkpoint = this.#blocks.dump();
    this.#aggregator = Aggregator.load(copiesOf(this.#aggregator.dump()));
    this.#blocks = BlockIndex.load(checkpoint);
    const known = fromCheckpoint ? BlockIndex.load(checkpoint) : bornAt(this.birth);
    this.intake = await openIntake(this.log, this.quarantine, known);
  }

  /** Takes what the log holds into the folds. */
  async fold(): Promise<{ readonly aggregator: Aggregator; readonly blocks: BlockIndex }> {
    for await (const commit of this.log.read(this.#blocks.seq)) {
      this.#aggregator.apply((await derive(commit, this.#blocks, this.log)).changes);
    }
    return { aggregator: this.#aggregator, blocks: this.#blocks };
  }
}

const now = (): number => Date.UTC(2027, 0, 1);

const bornAt = (seq: number): BlockIndex =>
  BlockIndex.load({ seq, lastEntry: '', blocks: [], commits: [], reorgs: { count: 0, deepest: 0, last: null } });

const openIntake = (log: FaultyLog, quarantine: Quarantine, blocks: BlockIndex): Promise<Intake> =>
  Intake.open({ log, quarantine, deployer: DEPLOYER, clock: now, logger: silent, blocks });
