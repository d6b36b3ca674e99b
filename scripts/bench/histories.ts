import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as LmdbModule from '../../backend/src/log/lmdb.js';
import type * as IntakeModule from '../../backend/src/chain/intake.js';
import { DEPLOYER } from '../chain/accounts.js';
import { warnings } from '../../backend/test/support/warnings.js';
import { built } from './built.js';
import { Probed } from './probed.js';
import { BenchChain, payloadText } from './workload/chain.js';

/**
 * Logs with a history of so many events, made once a run by the service's own intake without HTTP, and services that run
 * on a copy of one. An event of a history is a fact: a batch mint of 20 is 20 of them.
 */
export interface Running {
  readonly probed: Probed;
  /** Goes on where the history ends. */
  readonly chain: BenchChain;
  /** From the start of the process until it was ready with nothing but the log, for the first service of this size. */
  readonly rebuiltInSeconds: number;
}

/** The same history on every machine and in every run, but for its dates. */
export const SEED = 20_260_201;

/** Deliveries under way at a time while a log is made. */
const UNDER_WAY = 32;

/** What a service keeps under `DATA_DIR` of its history; the rest is its tokens and its probes. */
const DERIVED = ['log', 'checkpoint', 'warehouse.duckdb', 'warehouse.duckdb.wal'] as const;

export class Histories {
  readonly #settled = new Map<number, { readonly dir: string; readonly rebuiltInSeconds: number }>();
  readonly #logs = new Map<number, Promise<{ readonly dir: string; readonly chain: BenchChain }>>();

  /**
   * Starts a service on a history of `events` that has settled: everything is derived, its snapshots are taken, and it is
   * ready. The first one of a size folds the log from its start, which takes minutes; the others start on a copy of it.
   */
  async start(events: number): Promise<Running> {
    const { dir, chain } = await this.log(events);
    const probed = await Probed.start();
    await probed.service.kill();
    const { dataDir } = probed.service;
    for (const made of DERIVED) await rm(join(dataDir, made), { recursive: true, force: true });
    const settled = this.#settled.get(events);
    if (settled !== undefined) {
      await copyStores(settled.dir, dataDir);
      await probed.secondsToRestart();
      return { probed, chain, rebuiltInSeconds: settled.rebuiltInSeconds };
    }
    await cp(dir, join(dataDir, 'log'), { recursive: true });
    const rebuiltInSeconds = await probed.secondsToRestart();
    await probed.idle();
    await probed.service.kill('SIGTERM');
    const kept = await mkdtemp(join(tmpdir(), 'passportx-settled-'));
    this.#settled.set(events, { dir: kept, rebuiltInSeconds });
    await copyStores(dataDir, kept);
    await probed.secondsToRestart();
    return { probed, chain, rebuiltInSeconds };
  }

  /** The log alone, which nobody has open; whoever opens it leaves it as it is. */
  log(events: number): Promise<{ readonly dir: string; readonly chain: BenchChain }> {
    let log = this.#logs.get(events);
    if (log === undefined) this.#logs.set(events, (log = make(events)));
    return log;
  }

  async close(): Promise<void> {
    for (const made of this.#logs.values()) await rm((await made).dir, { recursive: true });
    for (const { dir } of this.#settled.values()) await rm(dir, { recursive: true });
  }
}

/** @param to where there are none */
async function copyStores(from: string, to: string): Promise<void> {
  for (const made of DERIVED)
    if (existsSync(join(from, made))) await cp(join(from, made), join(to, made), { recursive: true });
}

async function make(events: number): Promise<{ readonly dir: string; readonly chain: BenchChain }> {
  const { openLmdb } = await built<typeof LmdbModule>('log/lmdb.js');
  const { Intake } = await built<typeof IntakeModule>('chain/intake.js');
  const dir = await mkdtemp(join(tmpdir(), 'passportx-history-'));
  const store = await openLmdb(dir, { logger: warnings });
  const quarantine = {
    addAll: () => Promise.reject(new Error('the workload holds what the service does not understand')),
  };
  const intake = await Intake.open({
    log: store.log,
    quarantine,
    deployer: DEPLOYER,
    clock: Date.now,
    logger: warnings,
  });
  const chain = new BenchChain(SEED, events, Date.now());
  let facts = 0;
  const work = async (): Promise<void> => {
    while (facts < events) {
      const body = JSON.parse(payloadText(chain.next())) as unknown;
      const { accepted } = await intake.deliver(body);
      facts += accepted;
    }
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, work));
  await store.close();
  return { dir, chain };
}
