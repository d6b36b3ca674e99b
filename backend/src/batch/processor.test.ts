import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { BlockIndex } from '../chain/blocks.js';
import type { Change, Fact } from '../events/fact.js';
import { openLmdb, type LmdbStore } from '../log/lmdb.js';
import { LogUnavailableError, type LogEntry } from '../log/log.js';
import { BatchProcessor, type BatchOptions, type FoldedBatch, type Folds } from './processor.js';

const AT = Date.UTC(2026, 1, 1);
const LONG = 3_600_000;

function fact(id: string, blockHash?: string): LogEntry {
  const base = { id, type: 'user_joined', atMs: AT, actor: 'ST1', props: { user: `user-${id}` } } as const;
  const chain = blockHash && { height: 1, blockHash, txId: '0xt', txIndex: 0, ordinal: 0 };
  return { kind: 'fact', fact: chain ? { ...base, chain } : base };
}

function block(hash: string, canonical: boolean, height = 1): LogEntry {
  return { kind: 'block', hash, height, parent: '0xp', atMs: AT, canonical, reason: 'applied' };
}

/** The simplest fold there is: which facts count now. It refuses facts whose id begins with `bad`. */
class Counting implements Folds {
  readonly present = new Map<string, Fact>();
  /** Ids of what it was told of, and how many of them were folded by then. */
  readonly foreseen: { readonly ids: readonly string[]; readonly folded: number }[] = [];
  foresee(changes: readonly Change[]): void {
    this.foreseen.push({ ids: changes.map(({ fact }) => fact.id), folded: this.present.size });
    if (changes.some(({ fact }) => fact.id.startsWith('bad'))) throw new Error('not to be looked at');
  }
  apply(changes: readonly Change[]): Set<'users'> {
    for (const { fact, weight } of changes) {
      if (fact.id.startsWith('bad')) throw new Error('not foldable');
      if (weight === 1) this.present.set(fact.id, fact);
      else this.present.delete(fact.id);
    }
    return new Set(['users']);
  }
}

describe('the batch processor', () => {
  let dir: string;
  let store: LmdbStore;
  let folds: Counting;
  let processor: BatchProcessor;
  let batches: FoldedBatch[];
  let rejected: string[];

  function make(over: Partial<BatchOptions> = {}, position = 0): void {
    folds = new Counting();
    batches = [];
    rejected = [];
    processor = new BatchProcessor(store.log, new BlockIndex(), folds, position, {
      size: 5,
      timeoutMs: LONG,
      stopwatch: () => performance.now(),
      logger: pino({ level: 'silent' }),
      onBatch: (batch) => void batches.push(batch),
      onRejected: ({ fact }) => void rejected.push(fact.id),
      ...over,
    });
  }

  const aBlock = (height: number): LogEntry => ({
    kind: 'block',
    ...{ hash: `0x${height}`, height, parent: `0x${height - 1}`, atMs: 0, canonical: false, reason: 'applied' },
  });

  async function commit(...entries: LogEntry[]): Promise<void> {
    await store.log.append(entries);
    processor.committed(entries.length);
  }

  const batchesReach = async (count: number): Promise<void> => {
    while (batches.length < count) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  const shape = ({ reason, changes }: FoldedBatch): [string, number] => [reason, changes.length];

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'passportx-batch-'));
    store = await openLmdb(dir, { logger: pino({ level: 'silent' }) });
    make();
  });
  afterEach(async () => {
    await processor.stop();
    await store.close();
    await rm(dir, { recursive: true });
  });

  test('waits until a batch is full, then folds it', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await commit(fact(id));
    expect(batches).toEqual([]);
    expect(processor.waiting).toBe(4);
    await commit(fact('e'));
    await batchesReach(1);
    expect(batches.map(shape)).toEqual([['size', 5]]);
    expect(processor.position).toBe(5);
    expect(processor.waiting).toBe(0);
  });

  test('tells the folds what comes next, 64 at a time, unless it is few, and folds it whatever they make of that', async () => {
    const ids = Array.from({ length: 130 }, (_, index) => `${index === 100 ? 'bad' : 'fact'} ${index}`);
    await commit(...ids.map((id) => fact(id)));
    await batchesReach(1);
    await commit(...['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => fact(id)));
    await batchesReach(2);
    expect(folds.foreseen).toEqual([
      { ids: ids.slice(0, 64), folded: 0 },
      { ids: ids.slice(64, 128), folded: 64 },
    ]);
    expect([folds.present.size, rejected]).toEqual([129 + 7, ['bad 100']]);
  });

  test('counts what waits with its blocks, which make no batch full', async () => {
    await store.log.append([aBlock(1), fact('a')]);
    processor.committed(1, 2);
    expect(processor.waiting).toBe(2);
    await store.log.append([2, 3, 4, 5, 6].map(aBlock));
    processor.committed(0, 5);
    await new Promise(setImmediate);
    expect([processor.waiting, batches]).toEqual([7, []]);
  });

  test('nothing waits for a batch while one is folded, however long that takes', async () => {
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    make({ onBatch: () => held });
    for (const id of ['a', 'b', 'c', 'd', 'e']) await commit(fact(id));
    while (processor.position < 5) await new Promise((resolve) => setTimeout(resolve, 2));
    await commit(fact('f'));
    expect(processor.waiting).toBe(0);
    goOn();
    while (processor.waiting !== 1) await new Promise((resolve) => setTimeout(resolve, 2));
  });

  test('takes bites of a backlog of blocks that change nothing, and can be stopped between them', async () => {
    for (let height = 1; height < 5_000; height += 100)
      await store.log.append(Array.from({ length: 100 }, (_, index) => aBlock(height + index)));
    make({
      onBatch: ({ seq }) => {
        expect(seq).toBe(1_000);
        void processor.stop();
      },
    });
    await processor.start();
    expect(processor.position).toBe(1_000);
  });

  test('folds what waits when the time of its first event is up', async () => {
    // Long enough that a busy machine has written both.
    make({ timeoutMs: 2_000 });
    await commit(fact('a'));
    await commit(fact('b'));
    await batchesReach(1);
    expect(batches.map(shape)).toEqual([['time', 2]]);
  });

  test('at the start folds what the log holds beyond the checkpoint, and nothing before it', async () => {
    await store.log.append([fact('old-1'), fact('old-2')]);
    await store.log.append([fact('new')]);
    make({}, 2);
    await processor.start();
    expect(batches.map(shape)).toEqual([['start', 1]]);
    expect([...folds.present.keys()]).toEqual(['new']);
  });

  test('at the start asks a log that is away again until it is there', async () => {
    await store.log.append([fact('a'), fact('b')]);
    jest.spyOn(store.log, 'read').mockImplementationOnce(() => {
      throw new LogUnavailableError('the database is away');
    });
    await processor.start();
    expect([...folds.present.keys()]).toEqual(['a', 'b']);
  });

  test('a start that is stopped while the log is away is over', async () => {
    const read = jest.spyOn(store.log, 'read').mockImplementation(() => {
      throw new LogUnavailableError('the database is away');
    });
    const started = processor.start();
    await processor.stop();
    await started;
    expect(batches).toEqual([]);
    const asked = read.mock.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect(read.mock.calls).toHaveLength(asked);
    read.mockRestore();
  });

  test('at the end folds what waits, and says so', async () => {
    await commit(fact('a'));
    await processor.stop();
    expect(batches.map(shape)).toEqual([['shutdown', 1]]);
  });

  test('a start that is stopped leaves the rest of a long log to the next one', async () => {
    const commits = Array.from({ length: 200 }, (_, c) => Array.from({ length: 100 }, (_, i) => fact(`${c}-${i}`)));
    for (const entries of commits) await store.log.append(entries);
    const started = processor.start();
    await batchesReach(1);
    await processor.stop();
    await started;
    expect(batches.length).toBeGreaterThan(0);
    expect(batches.at(-1)?.seq).toBeLessThan(store.log.head);
    expect(new Set(batches.map(({ reason }) => reason))).toEqual(new Set(['start']));
    expect(processor.position).toBe(batches.at(-1)?.seq);
  });

  test('an empty log and an empty flush make no batch', async () => {
    await processor.start();
    await processor.stop();
    expect(batches).toEqual([]);
  });

  test('a backlog is folded in larger bites, each after the other has been told', async () => {
    const commits = Array.from({ length: 50 }, (_, c) => Array.from({ length: 100 }, (_, i) => fact(`${c}-${i}`)));
    let telling = 0;
    const overlapped: number[] = [];
    make({
      stopwatch: () => 0,
      onBatch: async (batch) => {
        overlapped.push((telling += 1));
        await new Promise((resolve) => setTimeout(resolve, 3));
        telling -= 1;
        batches.push(batch);
      },
    });
    for (const entries of commits) await store.log.append(entries);
    processor.committed(5_000);
    await batchesReach(5);
    expect(batches.map(shape)).toEqual([['size', 1_000], ...Array.from({ length: 4 }, () => ['backlog', 1_000])]);
    expect(overlapped).toEqual([1, 1, 1, 1, 1]);
  });

  test('a bite that takes long ends with its commit; at a start it goes on', async () => {
    let now = 0;
    // Each look at the time comes 4 ms later.
    const slow = { stopwatch: () => (now += 4) };
    make(slow);
    for (let c = 0; c < 9; c += 1) await store.log.append(Array.from({ length: 100 }, (_, i) => fact(`${c}-${i}`)));
    processor.committed(900);
    await batchesReach(3);
    expect(batches.map(shape)).toEqual([['size', 300], ...Array.from({ length: 2 }, () => ['backlog', 300])]);
    make(slow);
    await processor.start();
    expect(batches.map(shape)).toEqual([['start', 900]]);
  });

  test('one event that cannot be folded is set aside and the rest of its batch counts', async () => {
    await commit(fact('a'), fact('bad'), fact('c'), fact('d'), fact('e'));
    await batchesReach(1);
    expect([...folds.present.keys()]).toEqual(['a', 'c', 'd', 'e']);
    expect(batches.map(shape)).toEqual([['size', 4]]);
    expect(rejected).toEqual(['bad']);
  });

  test('an event that can neither be folded nor set aside makes nothing beside it count twice', async () => {
    const onRejected = (): never => {
      throw new Error('no room');
    };
    make({ size: 3, timeoutMs: 5, onRejected });
    await commit(fact('a'), fact('bad'), fact('b'));
    await batchesReach(1);
    await commit(fact('c'), fact('d'), fact('e'));
    await batchesReach(2);
    expect(batches.flatMap(({ changes }) => changes.map((change) => change.fact.id))).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
    ]);
  });

  test('while one is set aside the whole of its commit counts, under its own position, and the batch is told afterwards', async () => {
    let setAside = (): void => undefined;
    const seen: unknown[] = [];
    make({
      size: 4,
      onRejected: ({ fact: { id } }) => {
        rejected.push(id);
        seen.push([[...folds.present.keys()].join(), processor.position, batches.length]);
        return new Promise((resolve) => (setAside = resolve));
      },
    });
    await commit(fact('a'), fact('bad 1'), fact('b'), fact('bad 2'), fact('c'));
    await store.log.append([fact('d')]);
    while (rejected.length < 1) await new Promise(setImmediate);
    setAside();
    while (rejected.length < 2) await new Promise(setImmediate);
    setAside();
    await batchesReach(1);
    expect(rejected).toEqual(['bad 1', 'bad 2']);
    expect(seen).toEqual([
      ['a,b,c', 5, 0],
      ['a,b,c', 5, 0],
    ]);
    expect(batches.flatMap(({ changes }) => changes.map((change) => change.fact.id))).toEqual(['a', 'b', 'c', 'd']);
  });

  test('a reorg is one batch, with the blocks that went and came', async () => {
    make({ size: 1 });
    await commit(block('0xa', true), fact('a1', '0xa'), fact('a2', '0xa'));
    await batchesReach(1);
    await commit(block('0xa', false), block('0xb', true), fact('b1', '0xb'));
    await batchesReach(2);
    expect([...folds.present.keys()]).toEqual(['b1']);
    expect(batches[1]?.reorgs).toEqual([
      {
        rolledBack: [{ height: 1, hash: '0xa' }],
        applied: [{ height: 1, hash: '0xb' }],
        counts: { rolledBack: 1, applied: 1 },
        withdrawn: 0,
        issuedAgain: 0,
      },
    ]);
    await commit(block('0xb', false), block('0xa', true));
    await batchesReach(3);
    expect([...folds.present.keys()].sort()).toEqual(['a1', 'a2']);
  });

  test('a reorg of very many blocks is told by their number and the first thousand of each list', async () => {
    make({ size: 1 });
    const all = (fork: string, canonical: boolean) =>
      Array.from({ length: 1_500 }, (_, index) => block(`0x${fork}${index + 1}`, canonical, index + 1));
    await commit(...all('a', true));
    await batchesReach(1);
    await commit(...all('a', false), ...all('b', true));
    await batchesReach(2);
    const [{ rolledBack = [], applied = [], counts } = {}] = batches[1]?.reorgs ?? [];
    expect(counts).toEqual({ rolledBack: 1_500, applied: 1_500 });
    expect([rolledBack.length, rolledBack[0], rolledBack.at(-1)]).toEqual([
      1_000,
      { height: 1_500, hash: '0xa1500' },
      { height: 501, hash: '0xa501' },
    ]);
    expect([applied.length, applied[0], applied.at(-1)]).toEqual([
      1_000,
      { height: 1, hash: '0xb1' },
      { height: 1_000, hash: '0xb1000' },
    ]);
  });

  test('when what is told of a batch fails, nothing is folded twice and the next batch comes', async () => {
    let failures = 1;
    make({
      size: 1,
      timeoutMs: 5,
      onBatch: (batch) => {
        if (failures-- > 0) throw new Error('the listener failed');
        batches.push(batch);
      },
    });
    await commit(fact('a'));
    // Both in one batch would be told once.
    while (failures > 0) await new Promise((resolve) => setTimeout(resolve, 2));
    await commit(fact('b'));
    await batchesReach(1);
    expect([...folds.present.keys()].sort()).toEqual(['a', 'b']);
    expect(processor.position).toBe(2);
  });
});
