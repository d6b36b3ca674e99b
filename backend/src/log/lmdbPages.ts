import { fstatSync, readSync } from 'node:fs';

/**
 * Which pages of an LMDB file are missing at its end, by its own meta pages and trees. LMDB does not write free pages, so
 * that a whole file may be shorter than what its meta page says; one from which pages in use were cut off would end the
 * process with SIGBUS when they are read.
 */

/** Of `mdb.c`: page header, and `MDB_meta` behind it, which the first two pages hold; the later transaction's counts. */
const META = {
  magic: 24,
  pageSize: 48,
  freeRoot: 88,
  mainRoot: 136,
  lastPage: 144,
  transaction: 152,
  end: 160,
} as const;
const MAGIC = 0xbeefc0de;
/** `MDB_page`: its flags, the end of its list of nodes, the list, to whose start the nodes' places are relative. */
const PAGE = { flags: 18, lower: 20, nodes: 24 } as const;
const BRANCH = 1;
const LEAF = 2;
/** `MDB_node`: in a branch the first six bytes are the number of the page below. */
const NODE = { flags: 4, keySize: 6, key: 8 } as const;
/** A value on pages of its own: `MDB_ovpage`; a tree of its own: `MDB_db`. */
const BIG_DATA = { flag: 1, page: 0, pages: 16 } as const;
const SUB_DATA = { flag: 2, root: 40 } as const;
const NO_PAGE = 2n ** 64n - 1n;

/** What is found while another process writes may be half of what it was and half of what it will be. */
const TRIES = 10;

/**
 * Bytes that are missing, 0 when all that is in use is there, as in an empty file. Another process may write to it.
 * @throws {Error} when it is none of LMDB's.
 */
export function missingBytes(file: number): number {
  if (fstatSync(file).size === 0) return 0;
  for (let tries = 1; ; tries += 1) {
    // The size after the meta page: the pages of a transaction are written before it.
    const meta = newestMeta(file);
    const missing = (meta.lastPage + 1) * meta.pageSize - fstatSync(file).size;
    if (missing <= 0 || hasAllInUse(file, meta)) return 0;
    if (tries === TRIES || newestMeta(file).transaction === meta.transaction) return missing;
  }
}

interface Meta {
  readonly pageSize: number;
  readonly roots: readonly bigint[];
  readonly lastPage: number;
  readonly transaction: number;
}

function newestMeta(file: number): Meta {
  const first = metaAt(file, 0);
  const second = metaAt(file, first.pageSize);
  return second.transaction > first.transaction ? second : first;
}

function metaAt(file: number, position: number): Meta {
  const page = Buffer.alloc(META.end);
  const length = readSync(file, page, 0, META.end, position);
  if (length < META.end || page.readUInt32LE(META.magic) !== MAGIC)
    throw new Error(position === 0 ? 'it is no LMDB file' : 'its second page is damaged');
  return {
    pageSize: page.readUInt32LE(META.pageSize),
    roots: [page.readBigUInt64LE(META.freeRoot), page.readBigUInt64LE(META.mainRoot)],
    lastPage: Number(page.readBigUInt64LE(META.lastPage)),
    transaction: Number(page.readBigUInt64LE(META.transaction)),
  };
}

/** Whether every page that the trees refer to lies within the file. */
function hasAllInUse(file: number, { pageSize, roots, lastPage }: Meta): boolean {
  const page = Buffer.alloc(pageSize);
  const left = [...roots];
  let last = 0;
  let visits = 0;
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next === NO_PAGE) continue;
    // More of them than there are: what is read is changing.
    if (next > lastPage || (visits += 1) > lastPage) return false;
    if (readSync(file, page, 0, pageSize, Number(next) * pageSize) < pageSize) return false;
    try {
      const { below, lastOfValues } = referredTo(page);
      left.push(...below);
      last = Math.max(last, lastOfValues);
    } catch {
      return false;
    }
  }
  return (last + 1) * pageSize <= fstatSync(file).size;
}

/** @throws {Error} when it is no page of a tree. */
function referredTo(page: Buffer): { below: bigint[]; lastOfValues: number } {
  const kind = page.readUInt16LE(PAGE.flags) & (BRANCH | LEAF);
  if (kind !== BRANCH && kind !== LEAF) throw new Error('it is no page of a tree');
  const below: bigint[] = [];
  let lastOfValues = 0;
  for (let index = 0; index < page.readUInt16LE(PAGE.lower) / 2; index += 1) {
    const node = PAGE.nodes + page.readUInt16LE(PAGE.nodes + 2 * index);
    if (kind === BRANCH) {
      below.push(BigInt(page.readUIntLE(node, 6)));
      continue;
    }
    const flags = page.readUInt16LE(node + NODE.flags);
    const value = node + NODE.key + page.readUInt16LE(node + NODE.keySize);
    if ((flags & SUB_DATA.flag) !== 0) below.push(page.readBigUInt64LE(value + SUB_DATA.root));
    if ((flags & BIG_DATA.flag) === 0) continue;
    const end = page.readBigUInt64LE(value + BIG_DATA.page) + page.readBigUInt64LE(value + BIG_DATA.pages);
    lastOfValues = Math.max(lastOfValues, Number(end) - 1);
  }
  return { below, lastOfValues };
}
