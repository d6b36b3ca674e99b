import { setTimeout as sleep } from 'node:timers/promises';
import { ChainhookNode, ChainhookNodeError, isDead } from '../backend/src/chain/chainhookNode.js';
import type { PrintPredicate } from '../backend/src/chain/predicates.js';
import { nodePredicates } from './definitions.js';
import type { Command, NodeTarget } from './settings.js';

/**
 * The commands on a Chainhook node of one's own. Registering twice changes nothing; a predicate that the node gave up is
 * replaced. @returns whether every predicate is as the command wants it.
 */
export type Write = (line: string) => void;

/** A node answers a removal before it has carried it out; until then it holds the id for taken. */
const TAKEN = 409;
const RETRIES = 10;

export async function onNode(command: Command, target: NodeTarget, write: Write, retryMs: number): Promise<boolean> {
  const node = new ChainhookNode(target.url);
  await node.ping();
  const predicates = nodePredicates(target.registration);
  let isWell = true;
  for (const predicate of predicates) {
    const { name, uuid } = predicate;
    const seen = await node.status(uuid);
    if (command === 'remove') {
      if (seen !== undefined) await node.remove(uuid);
      write(`${name}  ${seen === undefined ? 'was not registered' : 'removed'}  ${uuid}`);
    } else if (command === 'register' && (seen === undefined || isDead(seen))) {
      if (seen !== undefined) await node.remove(uuid);
      await register(node, predicate, retryMs);
      write(`${name}  registered from block ${target.registration.startBlock}  ${uuid}`);
    } else {
      isWell &&= seen !== undefined && !isDead(seen);
      const at = seen?.lastBlock === null || seen === undefined ? '' : `  at block ${seen.lastBlock}`;
      const detail = seen?.detail === undefined ? '' : `: ${seen.detail}`;
      write(`${name}  ${seen?.status ?? 'not registered'}${detail}${at}  ${uuid}`);
    }
  }
  return isWell;
}

async function register(node: ChainhookNode, predicate: PrintPredicate, retryMs: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await node.register(predicate);
    } catch (error) {
      const isTaken = error instanceof ChainhookNodeError && error.status === TAKEN;
      if (!isTaken || attempt === RETRIES) throw error;
      await sleep(retryMs);
    }
  }
}
