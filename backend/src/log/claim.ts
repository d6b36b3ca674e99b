import { accessSync, constants, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError } from '../config.js';
import { giveToOwner, makeDirectory } from './directory.js';
import { openFile, processesIn, type OpenFile } from './lmdbFile.js';
import { expectRoom, roomFor } from './lmdbRoom.js';

/**
 * A command's word that it works on the files of a store which has no service: none starts meanwhile, and no other such
 * command. It is a place among the readers of an LMDB file beside the store, which the kernel gives up with the process,
 * however that ends: no claim is left over.
 *
 * Who claims the store looks for its users afterwards, and who uses it looks for claims when it can be seen to: of two
 * that come at once one sees the other.
 */
export interface Claim {
  release(): Promise<void>;
}

/** Not removed as long as it is whole: who looks at it may be about to open it. */
const FILE = 'claim.mdb';

/**
 * Claims the store in `dir`, which is made if it is missing. @throws {ConfigError} while another command has it, or when this
 * user cannot see whether one has, {Error} when there is no room on the disk.
 */
export async function claimStore(dir: string): Promise<Claim> {
  await makeDirectory(dir);
  const path = join(dir, FILE);
  expectAllowed(path);
  // LMDB maps what it has no room for, and the process ends when it writes there.
  expectRoom(path, roomFor([]));
  const { root } = await openOrMake(path);
  giveToOwner(dir, path, `${path}-lock`);
  // Before this one has a place: in containers two commands may both be process 1.
  const [before] = processesIn(root);
  if (before !== undefined) {
    await root.close();
    throw claimed(dir, before);
  }
  const place = root.useReadTransaction();
  const release = async (): Promise<void> => {
    place.done();
    await root.close();
  };
  const other = processesIn(root).find((pid) => pid !== process.pid);
  if (other === undefined) return { release };
  await release();
  throw claimed(dir, other);
}

/** @throws {ConfigError} while a command has claimed the store in `dir`, or when this user cannot see whether one has. */
export async function expectUnclaimed(dir: string): Promise<void> {
  const path = join(dir, FILE);
  // One that is being made: who makes it looks for users of the store afterwards.
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
  expectAllowed(path);
  let file: OpenFile;
  try {
    file = openFile(path, true);
  } catch {
    // Damaged, so that no command has it: it holds nothing that is worth a refusal.
    return;
  }
  const [pid] = processesIn(file.root);
  await file.root.close();
  if (pid !== undefined) throw claimed(dir, pid);
}

/**
 * Without the right to write to its lock LMDB opens a file all the same, and sees nobody there.
 * @throws {ConfigError} when this user may not use the file at `path`, if there is one, or its lock.
 */
function expectAllowed(path: string): void {
  for (const name of [path, `${path}-lock`]) {
    try {
      accessSync(name, constants.R_OK | constants.W_OK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EACCES') continue;
      throw new ConfigError(
        `no right to use ${resolve(name)}, which a command of another user made: give it to this one, or remove it while no command runs`,
      );
    }
  }
}

/** Anew where it is damaged: it holds nothing but places, which a damaged one does not give. */
async function openOrMake(path: string): Promise<OpenFile> {
  try {
    return openFile(path);
  } catch {
    for (const name of [path, `${path}-lock`]) await rm(name, { force: true });
    return openFile(path);
  }
}

const claimed = (dir: string, pid: number): ConfigError =>
  new ConfigError(`process ${pid} restores, migrates or rebuilds ${resolve(dir)}: start again when it is done`);
