import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError } from '../config.js';
import { openFile, processesIn } from './lmdbFile.js';

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

/** Never removed: who looks at it may be about to open it. */
const FILE = 'claim.mdb';

/** Claims the store in `dir`, which is made if it is missing. @throws {ConfigError} while another command has it. */
export async function claimStore(dir: string): Promise<Claim> {
  await mkdir(dir, { recursive: true });
  const { root } = openFile(join(dir, FILE));
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

/** @throws {ConfigError} while a command has claimed the store in `dir`. */
export async function expectUnclaimed(dir: string): Promise<void> {
  const path = join(dir, FILE);
  if (!existsSync(path)) return;
  const { root } = openFile(path, true);
  const [pid] = processesIn(root);
  await root.close();
  if (pid !== undefined) throw claimed(dir, pid);
}

const claimed = (dir: string, pid: number): ConfigError =>
  new ConfigError(`process ${pid} restores, migrates or rebuilds ${resolve(dir)}: start again when it is done`);
