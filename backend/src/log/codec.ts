import { Packr } from 'msgpackr';
import type { FactType } from '../events/fact.js';
import { factTypeOf, readFact, writeFact } from './factCodec.js';
import { skimFact } from './factSkim.js';
import { FieldReader, LogFormatError } from './fieldReader.js';
import { FieldWriter } from './fieldWriter.js';
import type { BlockEntry, Commit, LogEntry, TermEntry } from './log.js';
import { outlined, outlineOf, wordOf, type BlockWord, type CommitOutline } from './outline.js';

/**
 * One commit as one packed record: the msgpack array `[format, term, count, table, cells]`. No field names are stored;
 * about 110 bytes a badge with its ids. What is decoded equals what was encoded.
 */

/** Raised when the order or the meaning of cells changes; older formats stay readable. */
export const LOG_FORMAT = 1;

/** Codes of the entries that are not facts; facts have codes from 16. */
const BLOCK = 1;
const TERM = 2;

const packr = new Packr({ useRecords: false });

export function encodeCommit(term: number, entries: readonly LogEntry[]): Buffer {
  const w = new FieldWriter();
  for (const entry of entries) writeEntry(entry, w);
  return packr.pack([LOG_FORMAT, term, entries.length, w.table, w.cells]);
}

/**
 * @param seq `seq` of the first entry: the key of the record, which does not repeat it.
 * @throws {LogFormatError} when the record is damaged or of a newer format; the message names `seq`.
 */
export function decodeCommit(seq: number, record: Uint8Array): Commit {
  return reading(seq, record, (r, { term, count }) => {
    const entries: LogEntry[] = [];
    for (let place = 0; place < count; place += 1) entries.push(readEntry(r));
    return { seq, term, entries };
  });
}

/**
 * What a commit says of blocks. Of one that is stored no fact is made but the last, which names it: that takes a fraction of
 * the time.
 * @throws {LogFormatError} as `decodeCommit`, but not for a cell of a wrong type that is read over.
 */
export function skimCommit(commit: Commit): CommitOutline {
  const { seq, record } = commit;
  if (record === undefined) return outlineOf(commit);
  return reading(seq, record, (r, { count }) => {
    const words: BlockWord[] = [];
    for (let left = count; left > 1; left -= 1) words.push(skimEntry(r));
    const last = count > 0 ? readEntry(r) : undefined;
    if (last !== undefined) words.push(wordOf(last));
    return outlined(seq, words, last);
  });
}

function reading<T>(seq: number, record: Uint8Array, read: (r: FieldReader, head: Head) => T): T {
  return naming(seq, () => {
    const r = new FieldReader(record);
    const head = readHead(r);
    readTable(r);
    const value = read(r, head);
    if (!r.isAtEnd) throw new LogFormatError('something follows its last entry');
    return value;
  });
}

/** Also what is thrown where a cell is cut in two, which ends beyond the record. @throws {LogFormatError} */
function naming<T>(seq: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new LogFormatError(`log record ${seq} cannot be read: ${error instanceof Error ? error.message : 'damaged'}`);
  }
}

/**
 * A commit as it is stored, which is unpacked when its entries are first asked for: whoever hands it on needs none of them.
 * @throws {LogFormatError} as `decodeCommit`, of a damaged head at once, else when the entries are asked for.
 */
export function storedCommit(seq: number, record: Uint8Array): Commit {
  const head = naming(seq, () => readHead(new FieldReader(record)));
  let entries: readonly LogEntry[] | undefined;
  return {
    seq,
    ...head,
    record,
    get entries() {
      return (entries ??= decodeCommit(seq, record).entries);
    },
  };
}

interface Head {
  readonly term: number;
  readonly count: number;
}

function readHead(r: FieldReader): Head {
  if (r.list() === undefined) throw new LogFormatError('it is no list');
  const format = r.number();
  if (format > LOG_FORMAT)
    throw new LogFormatError(`its format is ${format}, this version reads up to ${LOG_FORMAT}: update the service`);
  if (format !== LOG_FORMAT) throw new LogFormatError('its head is damaged');
  return { term: r.number(), count: r.number() };
}

/** Reads on up to the cells. */
function readTable(r: FieldReader): void {
  const shared = r.list();
  if (shared === undefined) throw new LogFormatError('its body is damaged');
  r.table(shared);
  if (r.list() === undefined) throw new LogFormatError('its body is damaged');
}

function writeEntry(entry: LogEntry, w: FieldWriter): void {
  switch (entry.kind) {
    case 'fact':
      return writeFact(entry.fact, w);
    case 'block':
      return writeBlock(entry, w);
    case 'term':
      return writeTerm(entry, w);
  }
}

function readEntry(r: FieldReader): LogEntry {
  const code = r.number();
  if (code === BLOCK) return readBlock(r);
  if (code === TERM) return readTerm(r);
  return { kind: 'fact', fact: readFact(typeOf(code), r) };
}

/** Reads over an entry, as `readEntry` reads it. */
function skimEntry(r: FieldReader): BlockWord {
  const code = r.number();
  if (code === BLOCK) return readBlock(r);
  return code === TERM ? wordOf(readTerm(r)) : skimFact(typeOf(code), r);
}

function typeOf(code: number): FactType {
  const type = factTypeOf(code);
  if (type === undefined) throw new LogFormatError(`entry code ${code} is unknown to this version`);
  return type;
}

function writeBlock(entry: BlockEntry, w: FieldWriter): void {
  w.number(BLOCK);
  w.shared(entry.hash);
  w.number(entry.height);
  w.shared(entry.parent);
  w.number(entry.atMs);
  w.flag(entry.canonical);
  w.optional(entry.unproven, (value) => w.flag(value));
  w.shared(entry.reason);
}

function readBlock(r: FieldReader): BlockEntry {
  const block = {
    kind: 'block',
    hash: r.shared(),
    height: r.number(),
    parent: r.shared(),
    atMs: r.number(),
    canonical: r.flag(),
  } as const;
  const unproven = r.absent() ? undefined : r.flag();
  const reason = r.shared();
  return unproven === undefined ? { ...block, reason } : { ...block, unproven, reason };
}

function writeTerm(entry: TermEntry, w: FieldWriter): void {
  w.number(TERM);
  w.number(entry.term);
  w.text(entry.writer);
  w.number(entry.atMs);
}

function readTerm(r: FieldReader): TermEntry {
  return { kind: 'term', term: r.number(), writer: r.text(), atMs: r.number() };
}
