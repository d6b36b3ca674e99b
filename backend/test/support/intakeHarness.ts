import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Intake, type IntakeOptions } from '../../src/chain/intake.js';
import type { DeliveryReceipt, QuarantineItem } from '../../src/contract/index.js';
import { openLmdb, type LmdbStore } from '../../src/log/lmdb.js';
import { LogUnavailableError, type EventLog, type LogEntry } from '../../src/log/log.js';
import { Quarantine } from '../../src/log/quarantine.js';
import {
  badgeMinted,
  block,
  DEPLOYER,
  payload,
  tx,
  type BlockDescription,
  type DeliveryDescription,
} from './payloads.js';

/** An intake on a real store in a directory of its own, and what a test asks of its log. */

/** The real log, of which single appends can be held up or refused: each step belongs to the next append. */
export class FaultyLog implements EventLog {
  readonly steps: (() => Promise<void>)[] = [];

  constructor(private readonly inner: EventLog) {}

  get head(): number {
    return this.inner.head;
  }

  get failure(): string | undefined {
    return this.inner.failure;
  }

  append(entries: readonly LogEntry[]): ReturnType<EventLog['append']> {
    const step = this.steps.shift();
    return step === undefined ? this.inner.append(entries) : step().then(() => this.inner.append(entries));
  }

  confirm(): Promise<void> {
    return this.inner.confirm();
  }

  commitAt(commitSeq: number): ReturnType<EventLog['commitAt']> {
    return this.inner.commitAt(commitSeq);
  }

  read(after: number): ReturnType<EventLog['read']> {
    return this.inner.read(after);
  }

  readBackwards(): ReturnType<EventLog['readBackwards']> {
    return this.inner.readBackwards();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

export const diskFull = (): Promise<void> => Promise.reject(new LogUnavailableError('no room on the disk'));

/** A step that waits until `open` is called, and then passes or fails. */
export function barrier(): { step: () => Promise<void>; open: (error?: Error) => void } {
  let open: (error?: Error) => void = () => undefined;
  const opened = new Promise<void>((resolve, reject) => {
    open = (error) => (error === undefined ? resolve() : reject(error));
  });
  return { step: () => opened, open };
}

/** The time by the service's clock. */
export const NOW = Date.UTC(2026, 10, 20);
const logger = pino({ level: 'silent' });

export const NOTHING: DeliveryReceipt = {
  accepted: 0,
  duplicates: 0,
  ignored: 0,
  quarantined: 0,
  applied: 0,
  rolledBack: 0,
};

/** A block with one transaction that mints these badges. */
export const minting = (height: number, badges: readonly number[], fork = 'A', parentFork = fork): BlockDescription =>
  block(
    height,
    [
      tx(
        `mint ${badges.join(' ')}`,
        badges.map((badge) => badgeMinted(badge)),
      ),
    ],
    { fork, parentFork },
  );

export class IntakeHarness {
  private constructor(
    private readonly dir: string,
    private readonly store: LmdbStore,
    readonly log: FaultyLog,
    readonly quarantine: Quarantine,
    public intake: Intake,
  ) {}

  static async open(): Promise<IntakeHarness> {
    const dir = await mkdtemp(join(tmpdir(), 'passportx-intake-'));
    const store = await openLmdb(dir, { logger });
    const log = new FaultyLog(store.log);
    const quarantine = new Quarantine(store.documents, () => NOW);
    return new IntakeHarness(dir, store, log, quarantine, await openIntake(log, quarantine));
  }

  /** Starts the intake anew from its log. */
  async restart(more: Partial<IntakeOptions> = {}): Promise<void> {
    this.intake = await openIntake(this.log, this.quarantine, more);
  }

  async close(): Promise<void> {
    await this.store.close();
    await rm(this.dir, { recursive: true, force: true });
  }

  deliver(delivery: DeliveryDescription): Promise<DeliveryReceipt> {
    return this.intake.deliver(payload('raw', delivery));
  }

  async entries(): Promise<LogEntry[]> {
    const all: LogEntry[] = [];
    for await (const commit of this.log.read(0)) all.push(...commit.entries);
    return all;
  }

  /** The badges that count by what the log says. Throws if a fact stands in it twice. */
  async countedBadges(): Promise<string[]> {
    const canonical = new Map<string, boolean>();
    const ids = new Set<string>();
    const minted: { id: string; hash: string }[] = [];
    for (const entry of await this.entries()) {
      if (entry.kind === 'block') canonical.set(entry.hash, entry.canonical);
      if (entry.kind !== 'fact') continue;
      if (ids.has(entry.fact.id)) throw new Error(`fact ${entry.fact.id} stands in the log twice`);
      ids.add(entry.fact.id);
      if (entry.fact.type !== 'badge_issued') continue;
      minted.push({ id: entry.fact.props.badgeId, hash: entry.fact.chain?.blockHash ?? '' });
    }
    const counted = minted.filter(({ hash }) => canonical.get(hash) === true);
    return counted.map(({ id }) => id).sort();
  }

  async quarantined(): Promise<readonly QuarantineItem[]> {
    return (await this.quarantine.list({ limit: 100 })).items;
  }
}

const openIntake = (log: EventLog, quarantine: Quarantine, more: Partial<IntakeOptions> = {}): Promise<Intake> =>
  Intake.open({ log, quarantine, deployer: DEPLOYER, clock: () => NOW, logger, ...more });
