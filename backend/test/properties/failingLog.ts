import { LogUnavailableError, type Commit, type EventLog, type LogEntry } from '../../src/log/log.js';

/**
 * A log whose flushes fail when `fails` says so, with all that waits for the same one, as `EventLog` promises: in their turn
 * when it says so twice, else at once, while those before them are still on their way to the disk.
 */
export class FailingLog implements EventLog {
  #written: Promise<unknown> = Promise.resolve();
  #failing: Promise<void> | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly fails: () => boolean,
  ) {}

  get head(): number {
    return this.log.head;
  }

  get failure(): string | undefined {
    return this.log.failure;
  }

  async append(entries: readonly LogEntry[]): ReturnType<EventLog['append']> {
    if (this.#failing === undefined && !this.fails()) {
      const appended = this.log.append(entries);
      this.#written = appended;
      return appended;
    }
    this.#failing ??= this.fails()
      ? this.#written.then(() => new Promise((resolve) => setImmediate(resolve)))
      : Promise.resolve();
    await this.#failing;
    this.#failing = undefined;
    throw new LogUnavailableError('the disk is full');
  }

  confirm(): Promise<void> {
    return this.log.confirm();
  }

  commitAt(commitSeq: number): Promise<Commit | undefined> {
    return this.log.commitAt(commitSeq);
  }

  read(after: number): AsyncIterable<Commit> {
    return this.log.read(after);
  }

  readBackwards(): AsyncIterable<Commit> {
    return this.log.readBackwards();
  }

  close(): Promise<void> {
    return this.log.close();
  }
}
