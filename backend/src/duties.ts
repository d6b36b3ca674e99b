import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Seen } from './alerts/evaluation.js';
import type { Intake, IntakeStatus } from './chain/intake.js';
import type { Observer } from './chain/observer.js';
import type { Duties } from './cluster/membership.js';
import type { WriterWord } from './cluster/word.js';
import type { AlertNotice, PredicateState, SnapshotRecorded } from './contract/index.js';
import type { Change } from './events/fact.js';
import type { Commit, EventLog } from './log/log.js';
import type { Quarantine } from './log/quarantine.js';
import { Recent, type Told } from './realtime/recent.js';
import type { SnapshotScheduler } from './snapshots/scheduler.js';

/**
 * What a process does as the writer and what it does otherwise, whichever it is at the moment. The writer keeps the
 * snapshots complete, the predicates of the chain node registered and the alerts held against every batch, and tells the
 * others what only it can know; they follow the log and tell their viewers what they hear.
 */
export interface DutyParts {
  readonly intake: Pick<Intake, 'follow' | 'status'>;
  readonly quarantine: Pick<Quarantine, 'recount' | 'changes'>;
  readonly log: Pick<EventLog, 'head'>;
  /** Told that something else than the intake has appended to the log. */
  readonly onAppended: () => void;
  /** Told of a snapshot that another process has recorded. */
  readonly onSnapshot: (recorded: SnapshotRecorded) => void;
  /** Told of an alert that fired or was resolved in another process. */
  readonly onNotice: (notice: AlertNotice) => void;
  /** Told that another process may have changed how alerts stand without a word of it. */
  readonly onAlerts: () => void;
  /** Told that another process may have changed boards, or revoked links to them. */
  readonly onBoards: () => void;
  /** Told of what the process cannot go on with. */
  readonly onEnd: (reason: Error) => void;
  readonly scheduler: () => SnapshotScheduler;
  /** Undefined when no node is configured. */
  readonly observer: () => Observer | undefined;
  /** Told that this process writes from here on: what it knows of the alerts is of before. */
  readonly reignAlerts: () => void;
  /** Holds them against the metrics from here on. */
  readonly beginAlerts: () => Promise<void>;
  readonly endAlerts: () => Promise<void>;
  /** What was last held against the thresholds in this process. */
  readonly seenByAlerts: () => readonly Seen[];
  /** Alerts that fire, as the writer knows it. */
  readonly firing: () => number;
  readonly logger: Logger;
  /** Resolves when the log is folded up to where it was at the start; snapshots and alerts wait for that. */
  readonly folded: Promise<void>;
}

/** More come together only in a first scan, of which viewers are told ten a second at most. */
const SNAPSHOTS_TOLD = 10;
/** Some 500 bytes each; the history has all. */
const NOTICES_TOLD = 20;

/** After alerts could not be begun, in ms. */
const ALERTS_RETRY_MS = 1_000;

export class MemberDuties implements Duties {
  readonly #parts: DutyParts;
  readonly #snapshots = new Recent<SnapshotRecorded>(SNAPSHOTS_TOLD);
  readonly #alerts = new Recent<AlertNotice>(NOTICES_TOLD);
  #reign = '';
  #boards = 0;
  /** News that viewers wait for: so many there were, in what is on its way to the others, and in what reached them. */
  #news = { all: 0, underWay: 0, told: 0 };
  #scheduler: SnapshotScheduler | undefined;
  #observer: Observer | undefined;
  /** Of the last writer but this one. */
  #heard: WriterWord | undefined;
  /** Until then what the writer before told of them is the newest that is known. */
  #alertsBegun = false;

  constructor(parts: DutyParts) {
    this.#parts = parts;
  }

  async follow(commit: Commit): Promise<void> {
    await this.#parts.intake.follow(commit);
    this.#parts.onAppended();
  }

  hear(word: WriterWord): void {
    const before = this.#heard;
    this.#heard = word;
    for (const recorded of this.#snapshots.newIn(word.reign, word.snapshots)) this.#parts.onSnapshot(recorded);
    for (const notice of this.#alerts.newIn(word.reign, word.alerts)) this.#parts.onNotice(notice);
    // Also of another writer: the one before may have ended with its last change untold.
    const isAnother = word.reign !== before?.reign;
    // It tells of its reign with the next word: asked at each, every page would ask twice.
    if (isAnother && word.reign !== '') this.#parts.onAlerts();
    if (isAnother || word.boards !== before.boards) this.#parts.onBoards();
    // To count it, its items are read.
    if (isAnother || word.quarantine !== before.quarantine) this.#parts.quarantine.recount();
  }

  reign(): void {
    this.#reign = randomUUID();
    // Of what the writer before told of its own log nothing more may be there.
    if (this.#heard !== undefined) this.#heard = { ...this.#heard, head: 0 };
    this.#snapshots.begin();
    this.#alerts.begin();
    this.#parts.onBoards();
    this.#parts.reignAlerts();
    this.#parts.onAlerts();
    this.#parts.quarantine.recount();
    // The entry of its term is in the log.
    this.#parts.onAppended();
    const scheduler = this.#parts.scheduler();
    this.#scheduler = scheduler;
    this.#observer = this.#parts.observer();
    void this.#parts.folded.then(async () => {
      if (this.#scheduler !== scheduler) return;
      scheduler.start();
      await this.#beginAlerts(() => this.#scheduler === scheduler);
    });
  }

  /** Never rejects: a store that cannot be read is tried again, as nobody else holds the alerts against anything. */
  async #beginAlerts(reigns: () => boolean): Promise<void> {
    while (reigns()) {
      try {
        await this.#parts.beginAlerts();
        this.#alertsBegun = reigns();
        return;
      } catch (error) {
        this.#parts.logger.error({ err: error }, 'alerts could not be begun, will be tried again');
        await sleep(ALERTS_RETRY_MS, undefined, { ref: false });
      }
    }
  }

  async abdicate(): Promise<void> {
    const [scheduler, observer] = [this.#scheduler, this.#observer];
    this.#scheduler = this.#observer = undefined;
    this.#alertsBegun = false;
    // What it told is of a time that is over: with the next lease it would be told as of a new one.
    this.#reign = '';
    this.#snapshots.begin();
    this.#alerts.begin();
    // A node that is slow to remove its predicates keeps the others from nothing.
    await Promise.all([observer?.close(), this.#parts.endAlerts(), scheduler?.stop()]);
  }

  end(reason: Error): void {
    this.#parts.onEnd(reason);
  }

  get hasNews(): boolean {
    return this.#news.told < this.#news.all;
  }

  told(): void {
    this.#news.told = this.#news.underWay;
  }

  tell(): WriterWord {
    this.#news.underWay = this.#news.all;
    return {
      reign: this.#reign,
      head: this.#parts.log.head,
      lastDeliveryAtMs: this.intakeStatus().lastDeliveryAtMs,
      nodeTip: this.#observer?.nodeTip() ?? null,
      predicates: this.#observer?.predicates() ?? [],
      snapshotsSeq: this.snapshotsSeq(),
      snapshots: copyOf(this.#snapshots.told),
      alerts: copyOf(this.#alerts.told),
      seen: [...(this.#knowsAlerts ? this.#parts.seenByAlerts() : this.seenByAlerts())],
      firing: this.firing(),
      boards: this.#boards,
      quarantine: this.#parts.quarantine.changes,
    };
  }

  /** Tells that the log is folded up to `seq`, and which facts came or went. */
  touched(changes: readonly Change[], seq: number): void {
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const { fact } of changes) if (fact.atMs < earliestMs) earliestMs = fact.atMs;
    this.#scheduler?.touched(earliestMs, seq);
  }

  /** Tells of a snapshot that this process has recorded. */
  recorded(snapshot: SnapshotRecorded): void {
    this.#snapshots.note(snapshot);
    this.#news.all += 1;
  }

  /** Tells of an alert that fired or was resolved in this process. */
  noticed(notice: AlertNotice): void {
    this.#alerts.note(notice);
    this.#news.all += 1;
  }

  /** Tells that this process has changed a board or the links to it. */
  boardChanged(): void {
    this.#boards += 1;
    this.#news.all += 1;
  }

  /** Deliveries are those of whichever process took them. */
  intakeStatus(): IntakeStatus {
    const status = this.#parts.intake.status();
    const lastMs = Math.max(status.lastDeliveryAtMs ?? 0, this.#heard?.lastDeliveryAtMs ?? 0);
    return { ...status, lastDeliveryAtMs: lastMs === 0 ? null : lastMs };
  }

  /** Log position of the last durable entry, as far as this process knows: who follows may be behind what the writer tells. */
  head(): number {
    return Math.max(this.#parts.log.head, this.#heard?.head ?? 0);
  }

  /** Log position up to which every snapshot that is stored is right. */
  snapshotsSeq(): number {
    return this.#scheduler?.seq ?? this.#heard?.snapshotsSeq ?? 0;
  }

  /** What was last held against the thresholds of alerts, as another process told. */
  seenByAlerts(): readonly Seen[] {
    return this.#heard?.seen ?? [];
  }

  get #knowsAlerts(): boolean {
    return this.#scheduler !== undefined && (this.#alertsBegun || this.#heard === undefined);
  }

  /** Height of the newest block that the node has told of. */
  nodeTip(): number | undefined {
    return this.#scheduler === undefined ? (this.#heard?.nodeTip ?? undefined) : this.#observer?.nodeTip();
  }

  /** Alerts that fire now. */
  firing(): number {
    return this.#knowsAlerts ? this.#parts.firing() : (this.#heard?.firing ?? 0);
  }

  /** What the node says of our predicates; empty when none is configured. */
  predicates(): PredicateState[] {
    return this.#scheduler === undefined ? (this.#heard?.predicates ?? []) : (this.#observer?.predicates() ?? []);
  }
}

const copyOf = <T>({ count, last }: Told<T>): { count: number; last: T[] } => ({ count, last: [...last] });
