import { decodeCommit, encodeCommit } from '../log/codec.js';
import { countOf, type Commit, type LogReader } from '../log/log.js';

/** The log as another thread reads it: as packed records, some thousand entries at a time, on its demand. */
export interface PackedCommits {
  /** `seq` of the first entry of each commit. */
  readonly seqs: readonly number[];
  /** Where the record of each commit ends in `bytes`; it begins where the one before ends. */
  readonly ends: readonly number[];
  readonly bytes: Uint8Array;
}

/** Entries after which no further commit is added: a little more than one transaction of the read model. */
const ENTRIES_A_HELPING = 6_000;

/** The commits that hold entries after `after`, as many as are taken at a time; none at the head. */
export async function helpingOf(log: LogReader, after: number): Promise<PackedCommits> {
  const seqs: number[] = [];
  const records: Uint8Array[] = [];
  let taken = 0;
  for await (const commit of log.read(after)) {
    seqs.push(commit.seq);
    records.push(commit.record ?? encodeCommit(commit.term, commit.entries));
    taken += countOf(commit);
    if (taken >= ENTRIES_A_HELPING) break;
  }
  // In memory of its own: of a view of a shared pool, all of the pool would be copied to the other thread.
  const bytes = new Uint8Array(records.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  const ends = records.map((record) => {
    bytes.set(record, end);
    return (end += record.length);
  });
  return { seqs, ends, bytes };
}

/** A log that lives on another thread. */
export class FedLog implements LogReader {
  /** As it was when the other thread told it last. */
  head = 0;

  /** @param ask for the helping after a position */
  constructor(private readonly ask: (after: number) => Promise<PackedCommits>) {}

  async *read(after: number): AsyncGenerator<Commit> {
    let position = after;
    for (;;) {
      const { seqs, ends, bytes } = await this.ask(position);
      if (seqs.length === 0) return;
      for (const [index, seq] of seqs.entries()) {
        const commit = decodeCommit(seq, bytes.subarray(index === 0 ? 0 : ends[index - 1], ends[index]));
        position = seq + commit.entries.length - 1;
        yield commit;
      }
    }
  }
}
