import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainhookNode } from './chainhookNode.js';
import { isObject } from './json.js';

/**
 * Removes what is registered, also by a process that was killed, or from a node that was away: it would deliver twice, and
 * with a stale token. The client must find no file: it would take what is in there for registered.
 * @param uuids what is known to be registered
 * @param stateDir directory of what the client notes of each predicate, made if missing
 * @throws {ChainhookNodeError} when the node cannot be asked; what is left over is still noted then
 */
export async function removeRegistered(node: ChainhookNode, uuids: readonly string[], stateDir: string): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const files = (await readdir(stateDir)).filter((file) => file.endsWith('.json')).map((file) => join(stateDir, file));
  const noted = await Promise.all(files.map(async (file) => uuidIn(await readFile(file, 'utf8'))));
  for (const uuid of new Set([...uuids, ...noted.filter((uuid) => uuid !== undefined)])) await node.remove(uuid);
  for (const file of files) await rm(file);
}

function uuidIn(text: string): string | undefined {
  try {
    const predicate: unknown = JSON.parse(text);
    return isObject(predicate) && typeof predicate['uuid'] === 'string' ? predicate['uuid'] : undefined;
  } catch {
    // Cut off while it was written: nothing tells which predicate it was.
    return undefined;
  }
}
