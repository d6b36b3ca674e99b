import { isDeepStrictEqual } from 'node:util';
import { ChainhooksClient, type Chainhook } from '@hirosystems/chainhooks-client';
import { HOSTED_NAME, hostedDefinition } from './definitions.js';
import type { Write } from './node.js';
import type { Command, HostedTarget } from './settings.js';

/**
 * The commands on Hiro's hosted Chainhooks (v2). Ours is found by its name and network, so that registering twice changes
 * nothing; one that was given up, or of another deployer or URL, is replaced. Others of the account are left alone.
 * @returns whether ours is as the command wants it.
 */

/** The most that the API gives at a time. */
const PAGE = 60;
const ALIVE = new Set(['new', 'streaming']);

export async function onHosted(
  command: Command,
  { apiKey, network, registration }: HostedTarget,
  write: Write,
  baseUrl: string,
): Promise<boolean> {
  const client = new ChainhooksClient({ baseUrl, apiKey });
  const { deployer, delivery } = registration;
  const wanted = hostedDefinition(network, deployer, delivery.url);
  const ours = await find(client, network);
  const remove = async (chainhooks: readonly Chainhook[]): Promise<void> => {
    for (const { uuid } of chainhooks) {
      await client.deleteChainhook(uuid);
      write(`${HOSTED_NAME}  removed  ${uuid}`);
    }
  };
  switch (command) {
    case 'status':
      for (const chainhook of ours) write(describe(chainhook));
      if (ours.length === 0) write(`${HOSTED_NAME}  not registered on ${network}`);
      return ours.some(isAlive);
    case 'remove':
      await remove(ours);
      if (ours.length === 0) write(`${HOSTED_NAME}  was not registered on ${network}`);
      return true;
    case 'register': {
      const [kept] = ours.filter((chainhook) => isAlive(chainhook) && isSame(chainhook, wanted));
      await remove(ours.filter((chainhook) => chainhook !== kept));
      if (kept === undefined) {
        const { uuid } = await client.registerChainhook(wanted);
        write(`${HOSTED_NAME}  registered on ${network}  ${uuid}`);
      } else write(describe(kept));
      return warnOfSecret(client, delivery.token, write);
    }
  }
}

async function find(client: ChainhooksClient, network: string): Promise<Chainhook[]> {
  const found: Chainhook[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const { results, total } = await client.getChainhooks({ offset, limit: PAGE });
    found.push(
      ...results.filter(({ definition }) => definition.name === HOSTED_NAME && definition.network === network),
    );
    if (offset + PAGE >= total) return found;
  }
}

function isAlive({ status }: Chainhook): boolean {
  return status.enabled && ALIVE.has(status.status);
}

function isSame({ definition }: Chainhook, wanted: Chainhook['definition']): boolean {
  return (
    definition.action.url === wanted.action.url && isDeepStrictEqual(definition.filters.events, wanted.filters.events)
  );
}

function describe({ uuid, status }: Chainhook): string {
  const state = status.enabled ? status.status : `${status.status}, disabled`;
  const height = status.last_evaluated_block_height;
  return `${HOSTED_NAME}  ${state}${height === null ? '' : `  at block ${height}`}  ${uuid}`;
}

/** Hiro sends the account's consumer secret as bearer token: another one and every delivery is refused with 401. */
async function warnOfSecret(client: ChainhooksClient, token: string, write: Write): Promise<boolean> {
  const { secret } = await client.getConsumerSecret();
  if (secret === token) return true;
  write(
    secret === null
      ? 'The account has no consumer secret: deliveries come without a token and are refused. Make one (see chainhooks/README.md) and set CHAINHOOK_AUTH_TOKEN to it.'
      : "CHAINHOOK_AUTH_TOKEN is not the account's consumer secret: deliveries will be refused. Set it to that secret.",
  );
  return false;
}
