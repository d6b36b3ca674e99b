import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { messageOf } from '../log/ask.js';
import { StoreChangedError } from '../log/changed.js';
import type { Claim, Lease } from '../log/leases.js';
import { LogUnavailableError, StaleWriterError } from '../log/log.js';
import type { MongoStore } from '../log/mongo.js';
import { needWhole, StoreMovingError } from '../log/moving.js';
import type { Duties, Membership } from './membership.js';
import { wordIn } from './word.js';

/**
 * One of several processes on a MongoDB database. It follows the log, and looks at the lease; a standby that finds the
 * lease free takes it, reads the log to its end and appends the entry of its term, and only then writes. A writer that
 * finds its lease taken, or its place in the log, ceases at once to be one; what it had not acknowledged it refuses. One
 * that cannot renew its lease does not serve once it has run out by its own clock, and gives up its term.
 */
export interface MemberOptions {
  readonly store: Pick<MongoStore, 'log' | 'documents' | 'leases' | 'needSame' | 'beginTerm' | 'endTerm'>;
  readonly role: 'writer' | 'reader';
  /** How long a lease holds after it was renewed: a writer that dies is followed by another after so long. */
  readonly leaseMs: number;
  /** Milliseconds since the epoch, for the log's term entry. */
  readonly clock: () => number;
  readonly logger: Logger;
}

/** How often the log is read on, which is how far a reader is behind the writer at most. */
export const FOLLOW_MS = 250;
/** How often the lease is looked at: an orderly end is found out after that. */
export const LOOK_MS = 500;
/**
 * Who follows is not ready when it has heard nothing of the database for so long: a dozen rounds, which is more than a busy
 * server's pause, and long before the driver gives a silent connection up (10 s), or finds no server (5 s).
 */
const SILENCE_MS = 3_000;
/** Longest time that what only the writer does may take to end before this process may write again, in ms. */
const CEASE_MS = 10_000;
/** A lease is renewed so many times while it holds: one renewal may fail, and another. */
export const RENEWALS = 5;

/** `away`: the server did not answer; otherwise it is what it answered. */
type FailureKind = 'away' | 'moving' | 'other';

const kindOf = (error: unknown): FailureKind =>
  error instanceof LogUnavailableError ? 'away' : error instanceof StoreMovingError ? 'moving' : 'other';

export class Member implements Membership {
  readonly #options: MemberOptions;
  readonly #holder = randomUUID();
  readonly #ending = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #url = '';
  #duties: Duties | undefined;
  /** Term of this writer, from the moment that it serves. */
  #term: number | undefined;
  /** Until when nobody else takes the lease, by `performance.now()`: counted from before the server was asked for it. */
  #heldUntilMs = 0;
  #isStale = false;
  /** Settles when what this process did as the writer has ended; undefined when it has. */
  #ceasing: Promise<void> | undefined;
  /** As last seen. */
  #lease: Lease | undefined;
  /** What the writer said last. */
  #heard: string | undefined;
  #failure: { readonly reason: string; readonly kind: FailureKind } | undefined;
  #nextLookMs = 0;
  /** When the database last answered, by `performance.now()`. */
  #answeredAtMs = 0;
  /** Whether there may be something to follow since the last look. */
  #isWoken = false;
  /** Those who wait for a writer. */
  #waiting: (() => void)[] = [];
  #wake: () => void = () => undefined;

  constructor(options: MemberOptions) {
    this.#options = options;
  }

  get part(): 'writer' | 'standby' | 'reader' {
    if (this.#options.role === 'reader') return 'reader';
    return this.#serves ? 'writer' : 'standby';
  }

  get failure(): string | undefined {
    if (this.#serves) return undefined;
    if (this.#failure !== undefined) return this.#failure.reason;
    if (this.#term !== undefined) return 'the lease of this writer ran out unrenewed';
    const isSilent = performance.now() - this.#answeredAtMs > SILENCE_MS;
    return isSilent ? `MongoDB has not answered for ${SILENCE_MS / 1000} s` : undefined;
  }

  get #serves(): boolean {
    return this.#term !== undefined && performance.now() < this.#heldUntilMs;
  }

  async writer(withinMs: number): Promise<'self' | string | undefined> {
    const until = performance.now() + withinMs;
    for (;;) {
      if (this.#serves) return 'self';
      const other = this.#lease;
      if (other !== undefined && !other.isFree && other.holder !== this.#holder) return other.url;
      const leftMs = until - performance.now();
      if (leftMs <= 0 || this.#ending.signal.aborted) return undefined;
      await this.#change(leftMs);
    }
  }

  start(url: string, duties: Duties): void {
    this.#url = url;
    this.#duties = duties;
    this.#answeredAtMs = performance.now();
    const unwatch = this.#options.store.log.watch(() => {
      if (this.#term !== undefined) return;
      this.#isWoken = true;
      this.#wake();
    });
    this.#running = this.#run(duties).finally(unwatch);
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    this.#wake();
    this.#tellWaiting();
    await this.#running;
    const [term, duties] = [this.#term, this.#duties];
    // While it is the writer: the next one does not know what this one has not told.
    const hasNews = term !== undefined && duties?.hasNews === true && this.#failure?.kind !== 'away';
    if (hasNews) await this.#renew(duties, term).catch((error: unknown) => this.#failed(error));
    if (this.#term !== undefined && duties !== undefined) await this.#abdicate(duties);
    await this.#ceasing;
    // Who takes the lease before the others have looked puts its own word in place of the last one.
    if (hasNews) await sleep(LOOK_MS + FOLLOW_MS);
    // From one that is away it would be waited for in vain.
    if (term === undefined || this.#failure?.kind === 'away') return;
    try {
      await this.#options.store.leases.release(term, { holder: this.#holder });
    } catch (error) {
      this.#options.logger.warn({ reason: messageOf(error) }, 'the lease could not be given back: it runs out');
    }
  }

  /** Never rejects. */
  async #run(duties: Duties): Promise<void> {
    while (!this.#ending.signal.aborted) {
      this.#isWoken = false;
      try {
        await this.#step(duties);
        this.#answeredAtMs = performance.now();
        if (this.#failure !== undefined) this.#options.logger.info('the database is followed again');
        this.#failure = undefined;
      } catch (error) {
        if (error instanceof StoreChangedError) {
          // Nothing that is asked for now is written any more.
          this.#heldUntilMs = 0;
          return duties.end(error);
        }
        this.#failed(error);
      }
      await this.#pause();
    }
  }

  /** Says it once of each kind, however often it is tried. */
  #failed(error: unknown): void {
    const kind = kindOf(error);
    const reason = messageOf(error);
    const { logger } = this.#options;
    if (this.#failure?.kind !== kind) {
      if (kind === 'away') logger.warn({ reason }, 'MongoDB does not answer: it is asked on');
      else if (kind === 'moving') logger.error({ reason }, 'the database is not whole: nothing of it is taken');
      // What is in the log, or a mistake of ours: asking on does not help, a person has to look.
      else logger.error({ err: error }, 'what is in the database cannot be taken: it is tried again');
    }
    this.#failure = { reason, kind };
  }

  async #step(duties: Duties): Promise<void> {
    if (this.#isStale) await this.#abdicate(duties);
    const isAtEnd = this.#term === undefined && (await this.#follow(duties));
    const hasNews = this.#term !== undefined && duties.hasNews;
    const hasRunOut = this.#term !== undefined && !this.#serves;
    if (performance.now() < this.#nextLookMs && !hasNews && !hasRunOut) return;
    const { leaseMs } = this.#options;
    if (this.#term !== undefined) {
      // At the next step, if this fails.
      await this.#renew(duties, this.#term);
      this.#nextLookMs = performance.now() + leaseMs / RENEWALS;
      return;
    }
    await this.#look(duties, isAtEnd);
    this.#nextLookMs = performance.now() + Math.min(LOOK_MS, leaseMs / RENEWALS);
  }

  /** Until it is time to look at the lease: the next step goes on at once. @returns whether that was the end of the log */
  async #follow(duties: Duties): Promise<boolean> {
    // Of a part of a log nothing is to be seen; the next look tells when it is whole.
    if (this.#failure?.kind === 'moving') return false;
    let isAtEnd = true;
    const mayGoOn = (): boolean => (isAtEnd = performance.now() < this.#nextLookMs);
    for await (const commit of this.#options.store.log.follow(mayGoOn)) {
      this.#answeredAtMs = performance.now();
      await duties.follow(commit);
    }
    if (!isAtEnd) this.#isWoken = true;
    return isAtEnd;
  }

  async #look(duties: Duties, isAtEnd: boolean): Promise<void> {
    const { store, role } = this.#options;
    const lease = await store.leases.look();
    this.#see(lease, duties);
    // After the look: whoever copies into the database takes the lease first, and then this one is not to be had.
    await needWhole(store.documents);
    await store.needSame();
    // One that this process holds and does not serve: its beginning failed half-way, or its appends collided.
    const isOpen = lease === undefined || lease.isFree || lease.holder === this.#holder;
    const may = role === 'writer' && this.#ceasing === undefined && !this.#ending.signal.aborted;
    // One that is far behind would have the lease run out before it writes.
    if (isOpen && may && isAtEnd) await this.#claim(lease, duties);
  }

  #see(lease: Lease | undefined, duties: Duties): void {
    this.#lease = lease;
    this.#tellWaiting();
    if (lease === undefined || lease.holder === this.#holder || lease.word === this.#heard) return;
    this.#heard = lease.word;
    const word = wordIn(lease.word);
    if (word !== undefined) duties.hear(word);
  }

  async #claim(lease: Lease | undefined, duties: Duties): Promise<void> {
    const { store, clock, leaseMs, logger } = this.#options;
    const { log, leases } = store;
    // Also where the log was brought here from another store, and has more terms than there were leases.
    const term = Math.max(lease?.term ?? 0, log.lastTerm) + 1;
    const askedAtMs = performance.now();
    if (!(await leases.take(lease, term, this.#said(duties)))) return;
    duties.told();
    for await (const commit of log.follow()) await duties.follow(commit);
    try {
      await store.beginTerm(term, () => {
        this.#isStale = true;
        this.#wake();
      });
      await log.append([{ kind: 'term', term, writer: this.#url, atMs: clock() }]);
    } catch (error) {
      await store.endTerm();
      this.#isStale = false;
      // Something came in between: it is read at the next step, and the lease is taken anew.
      if (!(error instanceof StaleWriterError)) throw error;
      return;
    }
    this.#term = term;
    this.#heldUntilMs = askedAtMs + leaseMs;
    logger.info({ term, head: log.head }, 'this process is the writer');
    duties.reign();
    this.#tellWaiting();
  }

  async #renew(duties: Duties, term: number): Promise<void> {
    const { store, leaseMs } = this.#options;
    const askedAtMs = performance.now();
    let isOurs: boolean;
    try {
      await store.needSame();
      isOurs = await store.leases.renew(term, this.#said(duties));
    } catch (error) {
      // While it holds nobody else writes, and it is tried again; then the next step gives up the term.
      if (!this.#serves) this.#isStale = true;
      throw error;
    }
    if (!isOurs) return this.#abdicate(duties);
    duties.told();
    // Also where it had run out, as in a process that stood still: nobody has taken it.
    this.#heldUntilMs = askedAtMs + leaseMs;
    this.#tellWaiting();
  }

  #said(duties: Duties): Claim {
    const { leaseMs } = this.#options;
    return { holder: this.#holder, url: this.#url, lengthMs: leaseMs, word: JSON.stringify(duties.tell()) };
  }

  /** Resolves when the log may be followed: what else the writer did ends beside it, as a chain node may be slow. */
  async #abdicate(duties: Duties): Promise<void> {
    const { store, logger } = this.#options;
    const level = this.#ending.signal.aborted ? 'info' : 'warn';
    logger[level]({ term: this.#term, head: store.log.head }, 'this process is no longer the writer');
    this.#term = undefined;
    this.#isStale = false;
    this.#lease = undefined;
    this.#nextLookMs = 0;
    this.#ceasing = this.#cease(duties).finally(() => (this.#ceasing = undefined));
    await store.endTerm();
  }

  /** Never rejects. */
  async #cease(duties: Duties): Promise<void> {
    const { logger } = this.#options;
    const waiting = new AbortController();
    const tooLong = sleep(CEASE_MS, true, { signal: waiting.signal }).catch(() => false);
    const ceased = duties.abdicate().then(
      () => false,
      (error: unknown) => logger.error({ err: error }, 'what the writer did ended badly'),
    );
    if ((await Promise.race([ceased, tooLong])) === true)
      logger.warn(`what the writer did has not ended within ${CEASE_MS} ms: it is left to itself`);
    waiting.abort();
  }

  /** Resolves when there may be another writer, or after `ms`. */
  async #change(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
      this.#waiting.push(resolve);
    });
    clearTimeout(timer);
  }

  #tellWaiting(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async #pause(): Promise<void> {
    const waking = new AbortController();
    this.#wake = () => waking.abort();
    if (this.#isStale || this.#isWoken || this.#ending.signal.aborted) return;
    await sleep(FOLLOW_MS, undefined, { signal: waking.signal }).catch(() => undefined);
  }
}
