import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { mint } from '../../test/support/madeFacts.js';
import { openLmdb, type LmdbStore } from '../log/lmdb.js';
import { BlockIndex } from './blocks.js';
import { FactIds } from './factIds.js';

describe('the ids of the facts of a block', () => {
  const MAX_IDS = 5;
  let dir: string;
  let store: LmdbStore;
  let blocks: BlockIndex;
  let ids: FactIds;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'passportx-ids-'));
    store = await openLmdb(dir, { logger: pino({ level: 'silent' }) });
    blocks = new BlockIndex();
    ids = new FactIds(store.log, blocks, MAX_IDS);
  });
  afterEach(async () => {
    await store.close();
    await rm(dir, { recursive: true });
  });

  /** One commit with so many facts of the block. @returns their ids */
  async function commit(blockHash: string, count: number): Promise<string[]> {
    const facts = Array.from({ length: count }, (_, n) => {
      const fact = mint(`${blockHash} ${n}`);
      return { ...fact, chain: { ...fact.chain, blockHash } };
    });
    const after = store.log.head;
    await store.log.append(facts.map((fact) => ({ kind: 'fact', fact })));
    for await (const read of store.log.read(after)) blocks.record(read);
    return facts.map(({ id }) => id);
  }

  /** Which of these are asked of the log, one after the other. */
  async function readFor(...hashes: string[]): Promise<string[]> {
    const reads = jest.spyOn(store.log, 'commitAt');
    const asked: string[] = [];
    for (const hash of hashes) {
      const before = reads.mock.calls.length;
      await ids.of(hash);
      if (reads.mock.calls.length > before) asked.push(hash);
    }
    return asked;
  }

  it('are those of all commits that hold some of it', async () => {
    const first = await commit('0xa', 2);
    await commit('0xb', 1);
    const late = await commit('0xa', 1);
    expect(await ids.of('0xa')).toEqual([...first, ...late]);
    expect(await ids.of('0xc')).toEqual([]);
  });

  it('are kept up to a number of ids, those asked for longest ago given up first', async () => {
    for (const hash of ['0xa', '0xb']) await commit(hash, 2);
    await commit('0xc', 1);
    expect(await readFor('0xa', '0xb', '0xc', '0xa', '0xb', '0xc')).toEqual(['0xa', '0xb', '0xc']);
    await commit('0xd', 2);
    // In the room of 0xa, as 0xc and 0xb are asked for once more.
    expect(await readFor('0xc', '0xb', '0xd', '0xc', '0xb', '0xa')).toEqual(['0xd', '0xa']);
  });

  it('are kept of one commit, however many those are, and of no other beside it', async () => {
    await commit('0xa', 2);
    await commit('0xb', 2 * MAX_IDS);
    expect(await readFor('0xa', '0xb', '0xb', '0xa', '0xa')).toEqual(['0xa', '0xb', '0xa']);
  });
});
