import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { MEASURED, type Memory } from '../../backend/test/support/memory.js';
import { TestService } from '../../backend/test/support/service.js';

/** In ms. */
export interface Pauses {
  readonly wall: number;
  /** Without the time that the thread waited for a processor; the same where the system does not tell. */
  readonly own: number;
}

/** What can be loaded into the process to be asked. Both cost it time, so it is started bare wherever neither is needed. */
export type Probe = 'memory' | 'pauses';

const OPTIONS: Readonly<Record<Probe, string>> = {
  memory: MEASURED.NODE_OPTIONS,
  pauses: `--import ${pathToFileURL(resolve('scripts/bench/pauseProbe.mjs')).href}`,
};

/** Folding ten million events from nothing takes ten minutes and more on a machine that is busy. */
const READY_WITHIN_MS = 3_600_000;
/** Share of a processor below which a service has nothing left to do. */
const IDLE_SHARE = 0.1;
const IDLE_WINDOW_MS = 500;
/** At 2,000 events/s, beside ten minutes: a read model that is filled, with its snapshots, comes to several times that. */
const idleWithinMs = (events: number): number => 600_000 + events / 2;
/** What a service says of a pass of snapshots that failed: once, until one ends well. It is given so long for that. */
const FAILED_PASS = 'snapshots could not be taken';
const RECOVERED_WITHIN_MS = 1_800_000;
/** Of the service's output, in what is told of one that failed. */
const SAID_CHARS = 4_000;
const MB = 1024 * 1024;

/** The built service as a process that is asked, mostly from outside, what it has done and what it still has to do. */
export class Probed {
  private constructor(
    readonly service: TestService,
    readonly dataDir: string,
    private loaded: Probe | undefined,
  ) {}

  /** @param dataDir what it goes on with, a new directory unless given; removed by `stop`. */
  static async start(dataDir?: string): Promise<Probed> {
    const service = await TestService.start({
      env: { LOG_LEVEL: 'warn', ...(dataDir !== undefined && { DATA_DIR: dataDir }) },
      readyWithinMs: READY_WITHIN_MS,
    });
    return new Probed(service, dataDir ?? service.dataDir, undefined);
  }

  /** What its processes have printed last. */
  said(): string {
    return this.service.output.slice(-SAID_CHARS);
  }

  /** What the process that was started last is asked with. */
  get probe(): Probe | undefined {
    return this.loaded;
  }

  /** Starts the process again after it has ended. @returns the seconds until it is ready. */
  async restart(probe?: Probe): Promise<number> {
    // A process that was killed leaves the socket of its probe behind, and the next one could not listen there.
    for (const socket of ['memory.sock', 'pauses.sock']) await rm(join(this.dataDir, socket), { force: true });
    this.loaded = probe;
    const startedAt = performance.now();
    await this.service.restart({ NODE_OPTIONS: probe === undefined ? '' : OPTIONS[probe] });
    return (performance.now() - startedAt) / 1_000;
  }

  /** Ends the process and removes its data. */
  async stop(): Promise<void> {
    await this.service.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** The longest pauses of the event loop since it was asked last; with the probe `pauses` alone. */
  async longestPauses(): Promise<Pauses> {
    return JSON.parse(await text(connect(join(this.dataDir, 'pauses.sock')))) as Pauses;
  }

  /** In MB, after a garbage collection; with the probe `memory` alone. */
  async memory(): Promise<Pick<Memory, 'own' | 'peak'>> {
    const { own, peak } = JSON.parse(await text(connect(join(this.dataDir, 'memory.sock')))) as Memory;
    return { own: own / MB, peak: peak / MB };
  }

  /** One of the figures for Prometheus, without labels. */
  async figure(name: string): Promise<number> {
    return (await this.#figures(name))[0] ?? Number.NaN;
  }

  /** Waits until all that is durable is folded. */
  async folded(): Promise<void> {
    while ((await this.figure('passportx_fold_lag')) > 0) await sleep(1);
  }

  /**
   * Waits until every snapshot is taken, also those that rest between two passes, and nothing else is under way.
   * @param events that it may have to derive all from
   */
  async idle(events: number): Promise<void> {
    const until = performance.now() + idleWithinMs(events);
    const fail = (what: string): Error => new Error(`${what}; it said:\n${this.said()}`);
    const printed = this.service.output.length;
    let failedAt: number | undefined;
    let before = Number.NEGATIVE_INFINITY;
    while (performance.now() < until) {
      const [used = 0, head, right] = await this.#figures(
        'process_cpu_seconds_total',
        'passportx_log_head',
        'passportx_snapshots_seq',
      );
      if (head === right && used - before < (IDLE_SHARE * IDLE_WINDOW_MS) / 1_000) return;
      before = used;
      if (this.service.output.includes(FAILED_PASS, printed)) failedAt ??= performance.now();
      if (performance.now() - (failedAt ?? Infinity) > RECOVERED_WITHIN_MS)
        throw fail(`snapshots could not be taken, and were not ${RECOVERED_WITHIN_MS / 1_000} s later`);
      await sleep(IDLE_WINDOW_MS);
    }
    throw fail(`the service was still at work after ${idleWithinMs(events) / 1_000} s`);
  }

  async #figures(...names: readonly string[]): Promise<number[]> {
    const response = await fetch(`${this.service.url}/metrics`).catch((error: unknown) => {
      throw new Error(`the service does not tell its figures; it said:\n${this.said()}`, { cause: error });
    });
    const page = await response.text();
    return names.map((name) => {
      const found = new RegExp(`^${name} (\\S+)$`, 'm').exec(page);
      if (found === null) throw new Error(`/metrics has no ${name}`);
      return Number(found[1]);
    });
  }
}
