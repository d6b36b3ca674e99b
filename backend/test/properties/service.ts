import { Aggregator } from '../../src/analyzers/aggregator.js';
import { derive } from '../../src/batch/derive.js';
import { BlockIndex } from '../../src/chain/blocks.js';
import { Intake } from '../../src/chain/intake.js';
import type { DeliveryReceipt } from '../../src/contract/index.js';
import type { LmdbStore } from '../../src/log/lmdb.js';
import { LogUnavailableError, type EventLog } from '../../src/log/log.js';
import { Quarantine } from '../../src/log/quarantine.js';
import type { Delivery } from '../generators/chains.js';
import type { Fact } from '../reference/facts.js';
import { factsOf } from '../reference/prints.js';
import { DEPLOYER, payload, type BlockDescription, type PayloadForm } from '../support/payloads.js';
import { FailingLog } from './failingLog.js';
import { silent } from './store.js';

/** The path of a delivery through the real parts, from the payload to the folds, and what the reference says of it. */

export interface Told extends Delivery {
  readonly form: PayloadForm;
  /** Whether the next one is sent before this one is answered. */
  readonly hurried: boolean;
  /** Whether the service is started anew from its log before this one. */
  readonly restarted: boolean;
}

export interface Taken {
  readonly receipts: readonly DeliveryReceipt[];
  readonly unproven: readonly string[];
}

/** Delivers all of it, in order. */
export async function deliverAll({ log, documents }: LmdbStore, deliveries: readonly Told[]): Promise<Taken> {
  const clock = (): number => Date.UTC(2027, 0, 1);
  const open = (): Promise<Intake> =>
    Intake.open({ log, quarantine: new Quarantine(documents, clock), deployer: DEPLOYER, clock, logger: silent });
  let intake = await open();
  const receipts: Promise<DeliveryReceipt>[] = [];
  for (const delivery of deliveries) {
    if (delivery.restarted) {
      await Promise.all(receipts);
      intake = await open();
    }
    receipts.push(intake.deliver(payload(formOf(delivery), delivery)));
    if (!delivery.hurried) await receipts.at(-1);
  }
  return { receipts: await Promise.all(receipts), unproven: intake.status().unproven.map(({ hash }) => hash) };
}

/**
 * Delivers all of it to a log that now and then cannot be written, as a node that sends again what was refused. One
 * refused delivery takes those with it that were sent while it was under way.
 */
export async function deliverUntilTaken(
  { log, documents }: LmdbStore,
  deliveries: readonly Told[],
  fails: () => boolean,
): Promise<DeliveryReceipt[]> {
  const clock = (): number => Date.UTC(2027, 0, 1);
  const quarantine = new Quarantine(documents, clock);
  const intake = await Intake.open({
    log: new FailingLog(log, fails),
    quarantine,
    deployer: DEPLOYER,
    clock,
    logger: silent,
  });
  const send = async (delivery: Told): Promise<DeliveryReceipt> => {
    for (;;) {
      try {
        return await intake.deliver(payload(formOf(delivery), delivery));
      } catch (error) {
        if (!(error instanceof LogUnavailableError)) throw error;
      }
    }
  };
  const receipts: Promise<DeliveryReceipt>[] = [];
  for (const delivery of deliveries) {
    receipts.push(send(delivery));
    if (!delivery.hurried) await Promise.all(receipts);
  }
  return Promise.all(receipts);
}

/** Reads the log from its start into folds and a block index of their own. */
export async function foldLog(log: EventLog): Promise<{ aggregator: Aggregator; canonical: string[]; facts: number }> {
  const aggregator = new Aggregator();
  const blocks = new BlockIndex();
  let facts = 0;
  for await (const commit of log.read(0)) {
    aggregator.apply((await derive(commit, blocks, log)).changes);
    facts += commit.entries.filter(({ kind }) => kind === 'fact').length;
  }
  const canonical = [...blocks.all()].filter((block) => block.canonical).map(({ hash }) => hash);
  return { aggregator, canonical, facts };
}

/** What the prints of these blocks say, by the reference. */
export const saidIn = (blocks: readonly BlockDescription[]): Fact[] =>
  blocks.flatMap(({ hash, height, timestamp, transactions }) =>
    factsOf({
      hash,
      height,
      atMs: timestamp * 1000,
      transactions: transactions
        .map(({ txId, prints, index = 0, success }) => ({ txId, prints, index, success }))
        .filter(({ success }) => success !== false),
    }),
  );

/** Uints beyond 2^53 lose their last digits in the decoded form and are set aside: those go raw. */
export const formOf = ({ form, apply, rollback }: Delivery & { readonly form: PayloadForm }): PayloadForm =>
  form === 'decoded' && [...apply, ...rollback].some(holdsLargeUint) ? 'raw' : form;

const holdsLargeUint = ({ transactions }: BlockDescription): boolean =>
  transactions.some(({ prints }) =>
    prints.some(({ fields }) =>
      Object.values(fields)
        .flat()
        .some((value) => typeof value === 'bigint' && value > Number.MAX_SAFE_INTEGER),
    ),
  );
