import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { MEASURED } from '../../backend/test/support/memory.js';
import { TestService } from '../../backend/test/support/service.js';

/** In ms. */
export interface Pauses {
  readonly wall: number;
  /** Without the time that the thread waited for a processor; the same where the system does not tell. */
  readonly own: number;
}

/** The built service as a process that tells how much memory it holds, how long it paused and what it still has to do. */
/** Folding ten million events takes a minute. */
const READY_WITHIN_MS = 300_000;
/** Share of a second below which a service has nothing left to do: its snapshots and its read model are made. */
const IDLE_SHARE = 0.1;
const IDLE_WITHIN_MS = 600_000;

export class Probed {
  private constructor(readonly service: TestService) {}

  static async start(): Promise<Probed> {
    const pauseProbe = pathToFileURL(resolve('scripts/bench/pauseProbe.mjs')).href;
    const service = await TestService.start({
      env: { LOG_LEVEL: 'warn', NODE_OPTIONS: `${MEASURED.NODE_OPTIONS} --import ${pauseProbe}` },
      readyWithinMs: READY_WITHIN_MS,
    });
    return new Probed(service);
  }

  /** From the start of the process on what is there until it is ready. */
  async secondsToRestart(): Promise<number> {
    // A process that was killed leaves the sockets of its probes behind, and the next one could not listen there.
    for (const probe of ['memory.sock', 'pauses.sock']) await rm(join(this.service.dataDir, probe), { force: true });
    const startedAt = performance.now();
    await this.service.restart();
    return (performance.now() - startedAt) / 1_000;
  }

  /** The longest pauses of the event loop since it was asked last. */
  async longestPauses(): Promise<Pauses> {
    return JSON.parse(await text(connect(join(this.service.dataDir, 'pauses.sock')))) as Pauses;
  }

  /** One of the figures for Prometheus, without labels. */
  async figure(name: string): Promise<number> {
    const page = await (await fetch(`${this.service.url}/metrics`)).text();
    const found = new RegExp(`^${name} (\\S+)$`, 'm').exec(page);
    if (found === null) throw new Error(`/metrics has no ${name}`);
    return Number(found[1]);
  }

  /** Waits until all that is durable is folded. */
  async folded(): Promise<void> {
    while ((await this.figure('passportx_fold_lag')) > 0) await sleep(1);
  }

  /** Waits until nothing is under way in the background, such as the snapshots of 24 months. */
  async idle(): Promise<void> {
    const until = performance.now() + IDLE_WITHIN_MS;
    for (let used = await this.#processorSeconds(); performance.now() < until;) {
      await sleep(1_000);
      const before = used;
      used = await this.#processorSeconds();
      if (used - before < IDLE_SHARE) return;
    }
    throw new Error(`the service was still at work after ${IDLE_WITHIN_MS} ms`);
  }

  #processorSeconds(): Promise<number> {
    return this.figure('process_cpu_seconds_total');
  }
}
