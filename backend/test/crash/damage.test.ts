import { appendFile, cp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActivityPage, Aggregated } from '../../src/contract/index.js';
import { formOf, saidIn } from '../properties/service.js';
import { DEPLOYER, payload } from '../support/payloads.js';
import { TestService } from '../support/service.js';
import { audit } from './audit.js';
import { storyOf } from './story.js';
import { differences } from './verdict.js';

/**
 * Files of a service that is down, damaged as a power cut, a full disk or a person may leave them: it opens, says what it
 * did, and tells the right numbers. Of the log itself only what nothing refers to may be lost; else it refuses to start.
 */
const SEED = 7;
const BLOCKS = 16;
const moves = storyOf(SEED, BLOCKS, Date.now()).map(({ move }) => move);

/** Tokens and session key are made by the service, so that there are files of them. */
const MADE = { ANALYTICS_WRITE_KEY: '' };

let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ env: { ...MADE, STACKS_DEPLOYER: DEPLOYER, ANALYTICS_BATCH_TIMEOUT_MS: '20' } });
  for (const move of moves) await service.deliver(payload(formOf({ ...move, form: 'raw' }), move));
  await service.kill('SIGTERM');
}, 60_000);
afterAll(() => service.stop());

const file = (name: string): string => join(service.dataDir, name);
const sizeOf = async (name: string): Promise<number> => (await stat(file(name))).size;

const cut = async (name: string): Promise<void> => truncate(file(name), Math.floor((await sizeOf(name)) / 2));
const zeroTail = async (name: string): Promise<void> => {
  const bytes = await readFile(file(name));
  await writeFile(file(name), bytes.fill(0, Math.floor(bytes.length / 2)));
};
const empty = (name: string): Promise<void> => truncate(file(name), 0);
/** What a write that was torn leaves: its last bytes are missing, or were never written. */
const tear = async (name: string, bytes: number): Promise<void> =>
  truncate(file(name), Math.max(0, (await sizeOf(name)) - bytes));
const zeroEnd = async (name: string, bytes: number): Promise<void> => {
  const content = await readFile(file(name));
  await writeFile(file(name), content.fill(0, Math.max(0, content.length - bytes)));
};
const lose = (name: string): Promise<void> => rm(file(name));
const overwrite = async (name: string): Promise<void> => writeFile(file(name), 'x'.repeat(await sizeOf(name)));
const HARMS = { cut, 'whose second half is zeros': zeroTail, empty, lost: lose, overwritten: overwrite };

/** Starts it, and holds all that it tells against the reference. @returns what it said meanwhile. */
async function expectRightNumbers(): Promise<string> {
  const before = service.output.length;
  await service.restart();
  expect(await differences(service, moves)).toEqual([]);
  const blocks = new Map(moves.flatMap(({ apply }) => apply.map((block) => [block.hash, block] as const)));
  expect(await audit(service, saidIn([...blocks.values()]))).toEqual({ lost: 0, doubleCounted: 0 });
  return service.output.slice(before);
}

const CHECKPOINT = 'checkpoint/folds';
const WAREHOUSE = 'warehouse.duckdb';
const LOG = 'log/log.mdb';

describe('after an orderly end, a service opens', () => {
  afterEach(() => service.kill('SIGTERM'));

  const DROPPED = /read model dropped, will be rebuilt from the log/;
  it.each([
    ['cut', /"reason":"damaged"/, DROPPED],
    ['whose second half is zeros', /"reason":"damaged"/, DROPPED],
    ['empty', /"reason":"damaged"/, DROPPED],
    ['lost', /"reason":"none yet"/, /read model is empty: it reads the log/],
    ['overwritten', /"reason":"damaged"/, DROPPED],
  ] as const)('with checkpoint, warehouse and lock file of the log %s', async (harm, ofCheckpoint, ofWarehouse) => {
    for (const name of [CHECKPOINT, WAREHOUSE, `${LOG}-lock`]) await HARMS[harm](name);
    const said = await expectRightNumbers();
    expect(said).toMatch(ofCheckpoint);
    expect(said).toMatch(/everything is folded anew/);
    expect(said).toMatch(ofWarehouse);
  });

  it.each([1, 512, 4_096])('with the last %i bytes of checkpoint and warehouse torn off, or zeros', async (bytes) => {
    await tear(CHECKPOINT, bytes);
    await (bytes === 512 ? zeroEnd : tear)(WAREHOUSE, bytes);
    expect(await expectRightNumbers()).toMatch(/"reason":"damaged".*everything is folded anew/);
  });

  it('with half a checkpoint beside the whole one, which it uses, and noise behind the last page of the log', async () => {
    await writeFile(file(`${CHECKPOINT}.new`), (await readFile(file(CHECKPOINT))).subarray(0, 1_000));
    await appendFile(file(LOG), Buffer.alloc(10_000, 0xa5));
    expect(await expectRightNumbers()).not.toMatch(/folded anew/);
  });

  it('with damaged tokens and session key, makes new ones and says so', async () => {
    await cut('tokens.json');
    await cut('session.key');
    const said = await expectRightNumbers();
    expect(said).toMatch(/tokens could not be read: new ones are made/);
    expect(said).toMatch(/session key is damaged: a new one is made, all sessions end/);
  });
});

describe("after a kill, a service opens with the warehouse's WAL", () => {
  const WAL = `${WAREHOUSE}.wal`;
  const KEPT = [WAREHOUSE, WAL];
  beforeAll(async () => {
    // Tables that were made anew, and are not moved from the WAL to the file yet.
    await lose(WAREHOUSE);
    await service.restart();
    // Of the tables, and of what lists derive from them: transactions of their own. Then at once: at rest, they are moved.
    expect((await service.read<ActivityPage>('/api/analytics/activity')).items).not.toEqual([]);
    expect((await service.read<{ items: unknown[] }>('/api/badges')).items).not.toEqual([]);
    await service.kill();
    expect(await sizeOf(WAL)).toBeGreaterThan(0);
    for (const name of KEPT) await cp(file(name), file(`${name}.kept`));
  });
  beforeEach(async () => {
    for (const name of KEPT) await cp(file(`${name}.kept`), file(name));
  });
  afterEach(() => service.kill());

  it.each(['cut', 'whose second half is zeros', 'empty', 'lost', 'overwritten'] as const)('%s', async (harm) => {
    await HARMS[harm](WAL);
    const said = await expectRightNumbers();
    expect(said).toMatch(/read model is empty: it reads the log/);
    // A tail that is not there, or nothing like one, is taken for the end of what was written.
    expect(/Corrupt WAL file/.test(said)).toBe(harm === 'whose second half is zeros');
  });

  it.each([
    // Of what was torn off no more is lost than the transactions that it was of: the rest is gone on from.
    ['torn off', 1, tear, undefined],
    ['torn off', 512, tear, undefined],
    // With a part of the one that made the tables.
    ['torn off', 4_096, tear, 'read model is empty: it reads the log'],
    // What was written and is wrong is no end.
    ['zeros', 1, zeroEnd, 'read model dropped, will be rebuilt from the log'],
    ['zeros', 512, zeroEnd, 'read model dropped, will be rebuilt from the log'],
  ] as const)('whose end is %s: by %i bytes', async (_how, bytes, harm, ofWarehouse) => {
    await harm(WAL, bytes);
    const said = await expectRightNumbers();
    expect(/read model (?:is empty|dropped)[^"]*/.exec(said)?.[0]).toBe(ofWarehouse);
    expect(/Corrupt WAL file/.test(said)).toBe(harm === zeroEnd);
  });
});

describe('a log that is gone', () => {
  const FILES = [LOG, CHECKPOINT, WAREHOUSE];
  const kept = (name: string): string => file(`kept-${name.replaceAll('/', '-')}`);
  beforeAll(async () => {
    await service.restart();
    await service.kill('SIGTERM');
    for (const name of FILES) await cp(file(name), kept(name));
  });
  beforeEach(async () => {
    for (const name of FILES) await cp(kept(name), file(name));
  });

  it.each([
    ['lost', {}],
    ['empty', {}],
    ['lost', { [CHECKPOINT]: 'lost' }],
    ['lost', { [WAREHOUSE]: 'lost' }],
    ['empty', { [WAREHOUSE]: 'cut' }],
    ['lost', { [WAREHOUSE]: 'overwritten', [CHECKPOINT]: 'cut' }],
  ] as const)('stops each start, as what was read from it is still there: %s, and %j', async (harm, beside) => {
    await HARMS[harm](LOG);
    for (const [name, other] of Object.entries(beside)) await HARMS[other](name);
    // The first makes a damaged read model anew.
    for (let starts = 0; starts < 2; starts += 1) {
      const before = service.output.length;
      await expect(service.restart()).rejects.toThrow('the service ended with 1');
      expect(service.output.slice(before)).toMatch(
        /is empty, and what was read from it is still there: restore a backup/,
      );
    }
  });

  it('is begun anew when what was read from it is removed', async () => {
    for (const name of FILES) await lose(name);
    await service.restart();
    expect((await service.read<Aggregated>('/api/analytics/aggregated')).metrics.totalBadgesIssued).toBe(0);
    await service.kill('SIGTERM');
    await cp(kept(LOG), file(LOG));
    await expectRightNumbers();
    await service.kill('SIGTERM');
  });
});

describe('a log that is damaged where it holds entries', () => {
  beforeEach(() => service.kill());

  it('stops the start with one line that names it, and opens again when it is whole', async () => {
    await cp(file(LOG), file('whole'));
    for (const [harm, reason] of [
      ['cut', 'it is cut off'],
      ['overwritten', 'it is no LMDB file'],
      ['zeroed', 'MDB_CORRUPTED'],
    ] as const) {
      // All behind the two first pages, which name the others: which of those a start needs is up to what was written.
      await (harm === 'zeroed' ? zeroEnd(LOG, (await sizeOf(LOG)) - 8_192) : HARMS[harm](LOG));
      const before = service.output.length;
      await expect(service.restart()).rejects.toThrow('the service ended with 1');
      const said = service.output.slice(before).trim().split('\n');
      // `lmdb` may say a word of its own before.
      // Where it is met depends on which page a start comes to first.
      expect(said.at(-1)?.replace('cannot read', 'cannot open')).toContain(`cannot open ${file(LOG)}: ${reason}`);
      await cp(file('whole'), file(LOG));
    }
    await expectRightNumbers();
  });
});
