import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as CheckpointingModule from '../../backend/src/batch/checkpointing.js';
import { paths } from '../../backend/src/storage.js';
import { TOKENS } from '../../backend/test/support/service.js';
import { built } from './built.js';
import { laterThan, positionOf } from './checkpoint.js';
import { copyKept, keepDerived } from './keptHistories.js';
import { delivery, Load } from './load.js';
import { makeLog } from './makeLog.js';
import { Probed, type Probe } from './probed.js';
import { payloadText, type BenchChain } from './workload/chain.js';

/**
 * A history of so many events for each size, made once a run by the service's own intake without HTTP, and the one service
 * that runs on it: what is delivered to it stays, and its readers come after one another on the same process. Only those
 * that are asked for together run at the same time. An event of a history is a fact: a batch mint of 20 is 20 of them.
 */
export interface Running {
  readonly probed: Probed;
  /** Goes on where the history ends, at the time of the clock; its `facts` are what the service holds. */
  readonly chain: BenchChain;
}

interface History {
  readonly dataDir: string;
  readonly chain: BenchChain;
  /** Whether it came with all that is derived from its log. */
  readonly wasDerived: boolean;
  /** A service that has folded its log and settles; also one that has failed to, which is not tried again. */
  settling?: Promise<Probed>;
}

export class Histories {
  readonly #histories = new Map<number, Promise<History>>();
  #running: readonly Probed[] = [];

  /** @param kept directory of the logs that outlive the run; none do unless given. */
  constructor(
    private readonly months: number,
    private readonly kept?: string,
  ) {}

  /**
   * The service on a history of `events`, with all derived and no work left. It keeps running for the next one who asks
   * for this size and `probe`; with another probe, it ends in order and starts from its checkpoint.
   */
  async service(events: number, probe?: Probe): Promise<Running> {
    const { probed, chain } = await this.#settledOn(events);
    if (this.#running.length !== 1 || this.#running[0] !== probed || probed.probe !== probe) {
      await this.end();
      await this.#start(probed, probe);
    }
    await probed.idle(events);
    return { probed, chain };
  }

  /** One service for each size, bare, all of them running, for what is measured by turns; they end when the next one asks. */
  async services(sizes: readonly number[]): Promise<Running[]> {
    const settled = new Map<number, Running>();
    for (const events of sizes) settled.set(events, await this.#settledOn(events));
    await this.end();
    for (const { probed } of settled.values()) await this.#start(probed);
    for (const [events, { probed }] of settled) await probed.idle(events);
    return [...settled.values()];
  }

  /** The directory of a history's stores when a service has settled on them, which nobody has open. */
  async settled(events: number): Promise<string> {
    await this.service(events);
    await this.end();
    return (await this.#history(events)).dataDir;
  }

  /** The log alone, which nobody has open; whoever opens it leaves it as it is. */
  async log(events: number): Promise<string> {
    const { dataDir } = await this.#history(events);
    await this.end();
    return join(dataDir, 'log');
  }

  /**
   * Ends what runs, if anything does. @returns whether in order: its checkpoint is then at the head of its log. One that has
   * not the time for that has an earlier one.
   */
  async end(): Promise<boolean> {
    const running = this.#running;
    this.#running = [];
    let inOrder = true;
    for (const probed of running) {
      const code = await probed.service.kill('SIGTERM');
      if (code === 0) continue;
      inOrder = false;
      note(`its service ended with ${code}, not in order:\n${probed.said()}`);
    }
    return inOrder;
  }

  async close(): Promise<void> {
    // Also one that did not settle.
    for (const probed of this.#running) await probed.stop();
    for (const made of await Promise.allSettled(this.#histories.values())) {
      if (made.status === 'rejected') continue;
      const { dataDir, settling } = made.value;
      await (await settling?.catch(() => undefined))?.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  }

  async #start(probed: Probed, probe?: Probe): Promise<void> {
    await probed.restart(probe);
    this.#running = [...this.#running, probed];
  }

  /** It runs only if it has settled just now. */
  async #settledOn(events: number): Promise<Running> {
    const history = await this.#history(events);
    const probed = await (history.settling ??= this.#settle(events, history).catch(async (error: unknown) => {
      // Its work would go on beside what is measured next.
      await this.end();
      throw error;
    }));
    return { probed, chain: history.chain };
  }

  async #settle(events: number, { dataDir, chain, wasDerived }: History): Promise<Probed> {
    await this.end();
    const startedAt = performance.now();
    const probed = await Probed.start(dataDir);
    this.#running = [probed];
    const foldedInSeconds = (performance.now() - startedAt) / 1_000;
    const atReady = await probed.figure('process_cpu_seconds_total');
    await probed.idle(events);
    const used = await probed.figure('process_cpu_seconds_total');
    const settled = (performance.now() - startedAt) / 1_000 - foldedInSeconds;
    note(
      `ready in ${foldedInSeconds.toFixed(1)} s (${atReady.toFixed(1)} s of processors), settled in ${settled.toFixed(1)} s more (${(used - atReady).toFixed(1)} s)`,
    );
    await this.#checkpointed(probed, chain).catch((error: unknown) => note(`no checkpoint before its end: ${error}`));
    if (this.kept !== undefined && !wasDerived) {
      await probed.idle(events);
      if (await this.end()) await keepDerived(this.kept, { events, months: this.months }, dataDir);
      else note('what is derived from it is not kept');
    }
    return probed;
  }

  /**
   * Has a checkpoint written that is due, by a block without prints: of ten million events it has a gigabyte, for which a
   * process that ends has not the time. At its start a service writes them so seldom that one is nearly always due.
   */
  async #checkpointed(probed: Probed, chain: BenchChain): Promise<void> {
    const { entriesBetween } = await built<typeof CheckpointingModule>('batch/checkpointing.js');
    const { checkpoint } = paths(probed.dataDir);
    const saved = await positionOf(checkpoint);
    if ((await probed.figure('passportx_log_head')) - saved < entriesBetween(saved)) return;
    const node = new Load(probed.service.url, TOKENS.chainhook, 1);
    await node.ask(delivery(payloadText(chain.next(0))));
    node.close();
    await laterThan(checkpoint, saved);
  }

  #history(events: number): Promise<History> {
    let history = this.#histories.get(events);
    if (history === undefined) this.#histories.set(events, (history = this.#make(events)));
    return history;
  }

  async #make(events: number): Promise<History> {
    const dataDir = await mkdtemp(join(tmpdir(), 'passportx-history-'));
    const log = join(dataDir, 'log');
    const span = { events, months: this.months };
    const chain =
      this.kept === undefined
        ? await makeLog(log, span, Date.now())
        : await copyKept(this.kept, span, dataDir, makeLog, Date.now);
    return { dataDir, chain: chain.live(), wasDerived: existsSync(paths(dataDir).checkpoint) };
  }
}

/** For those who wait. */
const note = (what: string): void => void process.stderr.write(`  a history: ${what}\n`);
