import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { mint, NOW } from '../../test/support/madeFacts.js';
import { dayOf } from '../analyzers/calendar.js';
import { SparePages } from '../analyzers/columns/sparePages.js';
import { openLmdb, type LmdbStore } from '../log/lmdb.js';
import { LogUnavailableError, type EventLog, type LogEntry } from '../log/log.js';
import { derive } from './derive.js';
import { FoldStateFile, type FoldState } from './foldState.js';

const logger = pino({ level: 'silent' });

describe('the state of the folds over a restart', () => {
  let dir: string;
  let store: LmdbStore;
  let file: FoldStateFile;

  /** A mint that counts without a block. */
  const fact = (badgeId: string): LogEntry => {
    const { id, type, atMs, actor, props } = mint(badgeId);
    return { kind: 'fact', fact: { id, type, atMs, actor, props } };
  };
  const issued = ({ aggregator }: FoldState): number => aggregator.metrics().totalBadgesIssued;

  async function append(...entries: LogEntry[]): Promise<void> {
    await store.log.append(entries);
  }

  async function foldAll(state: FoldState): Promise<void> {
    for await (const commit of store.log.read(state.blocks.seq)) {
      const { changes } = await derive(commit, state.blocks, store.log);
      state.aggregator.apply(changes);
    }
  }

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'passportx-folds-'));
    store = await openLmdb(join(dir, 'log'), { logger });
    file = new FoldStateFile(join(dir, 'folds'), store.log, logger);
  });
  afterEach(async () => {
    await store.close();
    await rm(dir, { recursive: true });
  });

  test('keeps nothing aside for one that could not be written', async () => {
    await append(fact('1'));
    const state = await file.load();
    await foldAll(state);
    // In the place of what is written beside.
    await mkdir(join(dir, 'folds.new'));
    await expect(file.save(state)).rejects.toThrow('EISDIR');
    const kept = jest.spyOn(SparePages.prototype, 'take');
    await append(fact('2'));
    await foldAll(state);
    expect(kept).not.toHaveBeenCalled();
    kept.mockRestore();

    await rm(join(dir, 'folds.new'), { recursive: true });
    await file.save(state);
    expect(issued(await file.load())).toBe(2);
  });

  test('goes on from the checkpoint, to the same metrics as without one', async () => {
    await append(fact('1'), fact('2'));
    const state = await file.load();
    await foldAll(state);
    await file.save(state);
    await append(fact('3'));

    const resumed = await file.load();
    expect(resumed.blocks.seq).toBe(2);
    expect(issued(resumed)).toBe(2);
    await foldAll(resumed);
    await foldAll(state);
    const range = { from: dayOf(NOW) - 5, to: dayOf(NOW) };
    expect(resumed.aggregator.issuance(range, NOW)).toEqual(state.aggregator.issuance(range, NOW));
    expect(resumed.aggregator.users(range, NOW)).toEqual(state.aggregator.users(range, NOW));
    expect(issued(resumed)).toBe(3);
  });

  test('a checkpoint of a longer log, or of one that went on differently, is not used', async () => {
    await append(fact('1'), fact('2'));
    const state = await file.load();
    await foldAll(state);
    await file.save(state);
    for (const entries of [[fact('1')], [fact('1'), fact('9')]]) {
      await store.close();
      await rm(join(dir, 'log'), { recursive: true });
      store = await openLmdb(join(dir, 'log'), { logger });
      await append(...entries);
      const anew = await new FoldStateFile(join(dir, 'folds'), store.log, logger).load();
      expect(anew.blocks.seq).toBe(0);
      expect(issued(anew)).toBe(0);
    }
  });

  test('a log that is away stops the load and leaves the checkpoint, and none of it is needed to write one', async () => {
    await append(fact('1'), fact('2'));
    const state = await file.load();
    await foldAll(state);
    const read = (): never => {
      throw new LogUnavailableError('it is away');
    };
    const log = { head: 2, read } as unknown as EventLog;
    const path = join(dir, 'folds');
    await new FoldStateFile(path, log, logger).save(state);
    await expect(new FoldStateFile(path, log, logger).load()).rejects.toThrow(LogUnavailableError);
    const resumed = await file.load();
    expect([resumed.blocks.seq, issued(resumed)]).toEqual([2, 2]);
    // Nor after a start that folded nothing.
    await new FoldStateFile(path, log, logger).save(resumed);
    expect((await file.load()).blocks.seq).toBe(2);
  });

  test('a checkpoint with one wrong byte is not used', async () => {
    await append(fact('1'));
    const state = await file.load();
    await foldAll(state);
    await file.save(state);
    const bytes = await readFile(join(dir, 'folds'));
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(join(dir, 'folds'), bytes);
    expect((await file.load()).blocks.seq).toBe(0);
  });
});
