import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { Aggregator } from '../../src/analyzers/aggregator.js';
import { dayOf } from '../../src/analyzers/calendar.js';
import { BatchProcessor } from '../../src/batch/processor.js';
import { BlockIndex } from '../../src/chain/blocks.js';
import { Intake } from '../../src/chain/intake.js';
import type { DeliveryReceipt } from '../../src/contract/index.js';
import { openLmdb } from '../../src/log/lmdb.js';
import { Quarantine } from '../../src/log/quarantine.js';
import { DEPLOYER } from '../../../scripts/chain/accounts.js';
import { totalsOfMetrics, type Totals } from './totals.js';

/** The way of a payload from delivery to metrics, through the real parts, with a store in a directory of its own. */
export interface Pipeline {
  /** Delivers `body` as it would arrive: through JSON. */
  deliver(body: object): Promise<DeliveryReceipt>;
  /** The totals that the metrics show when all that was delivered is folded. */
  totals(): Promise<Totals>;
  close(): Promise<void>;
}

export async function openPipeline(now: number): Promise<Pipeline> {
  const dir = await mkdtemp(join(tmpdir(), 'scenario-'));
  const logger = pino({ level: 'silent' });
  const clock = (): number => now;
  const { log, documents, close } = await openLmdb(dir, { logger });
  const quarantine = new Quarantine(documents, clock);
  const intake = await Intake.open({ log, quarantine, deployer: DEPLOYER, clock, logger });
  const aggregator = new Aggregator();
  const rejected: unknown[] = [];
  const processor = new BatchProcessor(log, new BlockIndex(), aggregator, 0, {
    size: 50,
    timeoutMs: 5,
    stopwatch: () => performance.now(),
    logger,
    onBatch: () => undefined,
    onRejected: (_change, error) => void rejected.push(error),
  });
  // Blocks count too: a reorg without a new fact must be folded as well.
  intake.onCommitted(({ entries }) => processor.committed(entries.length));

  return {
    deliver: (body) => intake.deliver(JSON.parse(JSON.stringify(body)) as unknown),
    totals: async () => {
      while (processor.position < log.head) await sleep(5);
      if (rejected.length > 0) throw new Error(`not folded: ${String(rejected[0])}`);
      const range = { from: dayOf(now) - 29, to: dayOf(now) };
      return totalsOfMetrics({
        issuance: aggregator.issuance(range, now),
        community: aggregator.community(range, now),
        users: aggregator.users(range, now),
        distribution: aggregator.distribution(now),
      });
    },
    close: async () => {
      await processor.stop();
      await close();
      await rm(dir, { recursive: true });
    },
  };
}
