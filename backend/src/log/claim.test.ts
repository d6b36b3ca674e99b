import { existsSync } from 'node:fs';
import { chown, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimStore, expectUnclaimed } from './claim.js';

/** What two processes see of each other is in `test/claims.test.ts`; here, what the file may be like. */
describe('the claim of a store', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'passportx-claim-'));
  });
  afterEach(() => rm(dir, { recursive: true }));
  const file = (): string => join(dir, 'claim.mdb');

  it('keeps others out until it is released, also of the same process id, as in containers', async () => {
    await expectUnclaimed(dir);
    expect(existsSync(file())).toBe(false);
    const claim = await claimStore(dir);
    await expect(expectUnclaimed(dir)).rejects.toThrow(/^process \d+ restores, migrates or rebuilds/);
    await expect(claimStore(dir)).rejects.toThrow(/restores, migrates or rebuilds/);
    await expect(expectUnclaimed(dir)).rejects.toThrow(/restores, migrates or rebuilds/);
    await claim.release();
    await expectUnclaimed(dir);
    await (await claimStore(dir)).release();
  });

  it("is its directory's owner's, also when root makes it, as with sudo", async () => {
    if (process.getuid?.() === 0) await chown(dir, 65_534, 65_534);
    await (await claimStore(dir)).release();
    const { uid, gid } = await stat(dir);
    for (const name of [file(), `${file()}-lock`]) expect(await stat(name)).toMatchObject({ uid, gid });
  });

  it.each([
    ['empty, as a full disk or a kill leaves it', (path: string) => truncate(path, 0)],
    ['cut off', (path: string) => truncate(path, 4_096)],
    ['overwritten', (path: string) => writeFile(path, 'x'.repeat(10_000))],
  ])('stops nothing when its file is %s, and is made anew', async (_how, harm) => {
    await (await claimStore(dir)).release();
    await harm(file());
    await expectUnclaimed(dir);
    const claim = await claimStore(dir);
    await expect(expectUnclaimed(dir)).rejects.toThrow(/restores, migrates or rebuilds/);
    await claim.release();
    await expectUnclaimed(dir);
  });
});
