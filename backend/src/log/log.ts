import type { Fact } from '../events/fact.js';
import type { AppendPosition } from './appendQueue.js';

/**
 * The truth: an append-only sequence of entries. `append` resolves only when its entries are on disk; `seq` numbers
 * entries from 1 without a hole; nothing is ever changed or removed. The log knows no badge and no metric.
 */

/** What is known of one block from here on: the last entry of a hash is the one that holds. */
export interface BlockEntry {
  readonly kind: 'block';
  readonly hash: string;
  readonly height: number;
  /** Hash of the parent block. */
  readonly parent: string;
  /** Block time in ms since the epoch. */
  readonly atMs: number;
  readonly canonical: boolean;
  /** True when the block counts, but nothing proves that it is on the winning fork. */
  readonly unproven?: boolean;
  /** Why: `applied`, `rolled back`, `replaced`, `not the parent of …`, … For people and for the tests. */
  readonly reason: string;
}

export interface FactEntry {
  readonly kind: 'fact';
  readonly fact: Fact;
}

/** The first entry of a writer's reign (MongoDB): what a writer of an older term tries to append afterwards collides. */
export interface TermEntry {
  readonly kind: 'term';
  readonly term: number;
  readonly writer: string;
  readonly atMs: number;
}

export type LogEntry = BlockEntry | FactEntry | TermEntry;

/** What one group commit appended. */
export interface Commit {
  /** `seq` of `entries[0]`; `entries[i]` has `seq + i`. */
  readonly seq: number;
  /** Term of the writer that wrote it; 0 where there is only ever one writer. */
  readonly term: number;
  /** Of a commit that is read from the store they are unpacked when they are first asked for. */
  readonly entries: readonly LogEntry[];
  /** The entries as they are packed in the store, where that is at hand, and how many: for whoever hands them on. */
  readonly record?: Uint8Array;
  readonly count?: number;
}

/** How many entries a commit has, without unpacking them where that is known. */
export const countOf = (commit: Commit): number => commit.count ?? commit.entries.length;

/** The store refused or failed to make an append durable. Nothing of it was acknowledged; the caller answers 503. */
export class LogUnavailableError extends Error {
  override readonly name: string = 'LogUnavailableError';
}

/**
 * This process is not the writer, or not any longer: its term has ended, or the log goes on past its head, as another
 * writer appended to it, or as a commit of this one was written that had been refused, whole or in part. Nothing else of the
 * write was kept, and nothing more is written until the log was read on and another term has begun. The writer may be asked instead.
 */
export class StaleWriterError extends LogUnavailableError {
  override readonly name: string = 'StaleWriterError';
}

export interface EventLog {
  /** `seq` of the last durable entry; 0 when the log is empty. */
  readonly head: number;
  /** Why an append was refused, for people, until the store takes appends again; undefined while all is well. */
  readonly failure: string | undefined;
  /**
   * Appends entries in order, contiguously. Calls that wait for the same flush share one commit record, in the order of
   * the calls. Resolves after the flush with the `seq` of the first entry of this call and that of the commit it is in, and
   * of the further ones of a call that is too large for one (MongoDB).
   * @throws {LogUnavailableError} when it could not be made durable; every call queued behind it is refused too,
   * and what is asked for in the same turn of the event loop: it may build on what was lost.
   * {StaleWriterError} also when a call that is spread over several commits was broken off between two of them.
   */
  append(entries: readonly LogEntry[]): Promise<AppendPosition>;
  /**
   * Resolves when what was appended before is durable, and was found to be all there is: for whoever answers out of what
   * is known of the log, as another writer may have appended since.
   * @throws {StaleWriterError} when one has, {LogUnavailableError} when that cannot be found out.
   */
  confirm(): Promise<void>;
  /** The commit that begins at `commitSeq`, or undefined. */
  commitAt(commitSeq: number): Promise<Commit | undefined>;
  /**
   * Durable commits in order that hold entries after `after` (an entry's seq). A commit that straddles `after` is given
   * whole. Ends at the head as it was when the iteration got there.
   */
  read(after: number): AsyncIterable<Commit>;
  /** The newest commits first, for looking back a bounded distance. */
  readBackwards(): AsyncIterable<Commit>;
  close(): Promise<void>;
}

/** As much of a log as whoever only reads it forwards needs. */
export type LogReader = Pick<EventLog, 'head' | 'read'>;
