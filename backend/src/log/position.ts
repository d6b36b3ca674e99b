import type { LogEntry, LogReader } from './log.js';

/**
 * What derived state keeps of the log it comes from: how far it got, and the name of the entry there. After the log has
 * been restored from a copy, or made anew, the two tell that the state belongs to another log and must be rebuilt.
 */
export interface Position {
  readonly seq: number;
  /** `nameOf` the entry at `seq`; empty at 0. */
  readonly lastEntry: string;
}

/** Tells an entry apart from others that could stand at its place. */
export function nameOf(entry: LogEntry): string {
  switch (entry.kind) {
    case 'fact':
      return `fact ${entry.fact.id}`;
    case 'block':
      return `block ${entry.hash} ${String(entry.canonical)}`;
    case 'term':
      return `term ${entry.term} ${entry.writer}`;
  }
}

/** The name of the entry at `seq`, empty at 0, undefined beyond the head. */
export async function nameAt(log: LogReader, seq: number): Promise<string | undefined> {
  if (seq === 0) return '';
  for await (const commit of log.read(seq - 1)) {
    const entry = commit.entries[seq - commit.seq];
    return entry === undefined ? undefined : nameOf(entry);
  }
  return undefined;
}

/** Why `position` cannot be of this log, or undefined when it can. */
export async function mismatch(log: LogReader, { seq, lastEntry }: Position): Promise<string | undefined> {
  if (seq > log.head) return `it includes entry ${seq}, the log ends at ${log.head}`;
  const name = await nameAt(log, seq);
  return name === lastEntry ? undefined : `entry ${seq} was ${lastEntry}, the log has ${name ?? 'none'}`;
}
