import { parseArgs } from 'node:util';
import { reachableUrlOf } from '../backend/src/cluster/address.js';
import { ConfigError, isLoopback, readConfig, type Config } from '../backend/src/config.js';
import { readMadeToken } from '../scripts/tokens.js';
import type { HostedNetwork, Registration } from './definitions.js';

/** What one call of a command is to do: the service's own environment, and options for what differs from it. */
export const COMMANDS = ['register', 'status', 'remove'] as const;
export type Command = (typeof COMMANDS)[number];

export const USAGE = `npm run chainhooks:register | chainhooks:status | chainhooks:remove -- [options]
  --target node|hosted   a node of your own (CHAINHOOK_NODE_URL) or Hiro's (CHAINHOOKS_API_KEY); default: whichever is set
  --url URL              where payloads are posted to; default: CHAINHOOK_EXTERNAL_URL, else this machine, with the path
                         /api/chainhook/events
  --start-block N        first block (node only); default: CHAINHOOK_START_BLOCK, else 1
Reads STACKS_NETWORK, STACKS_DEPLOYER and CHAINHOOK_AUTH_TOKEN as the service does.`;

export class UsageError extends Error {}

export interface NodeTarget {
  readonly kind: 'node';
  readonly url: string;
  readonly registration: Registration;
}

export interface HostedTarget {
  readonly kind: 'hosted';
  readonly apiKey: string;
  readonly network: HostedNetwork;
  readonly registration: Registration;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {UsageError} @throws {ConfigError} with one line that names the option or variable. */
export function readSettings(
  argv: readonly string[],
  env: Environment,
): { command: Command; target: NodeTarget | HostedTarget } {
  const { values, positionals } = parse(argv);
  const command = COMMANDS.find((name) => name === positionals[0]);
  if (command === undefined || positionals.length > 1)
    throw new UsageError(`a command is needed: ${COMMANDS.join(', ')}`);
  const config = readConfig(env);
  const apiKey = env['CHAINHOOKS_API_KEY']?.trim() || undefined;
  const kind = targetKind(values.target, config, apiKey);
  const registration = (url: string): Registration => ({
    network: config.network,
    deployer: config.deployer,
    startBlock: startBlock(values['start-block'], config),
    delivery: { url, token: token(config) },
  });
  const url = deliveryUrl(values.url, config);
  if (kind === 'node') {
    const { nodeUrl } = config.chainhook;
    if (nodeUrl === undefined) throw new UsageError('--target node needs CHAINHOOK_NODE_URL');
    return { command, target: { kind, url: nodeUrl, registration: registration(url) } };
  }
  if (apiKey === undefined) throw new UsageError('--target hosted needs CHAINHOOKS_API_KEY');
  const { network } = config;
  if (network === 'devnet') throw new UsageError('hosted Chainhooks exist for STACKS_NETWORK=testnet and mainnet only');
  if (command === 'register' && isLoopback(new URL(url).hostname))
    throw new UsageError(`Hiro cannot reach ${url}: set CHAINHOOK_EXTERNAL_URL or --url`);
  return { command, target: { kind, apiKey, network, registration: registration(url) } };
}

function parse(argv: readonly string[]): {
  values: { target?: string | undefined; url?: string | undefined; 'start-block'?: string | undefined };
  positionals: string[];
} {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { target: { type: 'string' }, url: { type: 'string' }, 'start-block': { type: 'string' } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function targetKind(asked: string | undefined, config: Config, apiKey: string | undefined): 'node' | 'hosted' {
  if (asked === 'node' || asked === 'hosted') return asked;
  if (asked !== undefined) throw new UsageError(`--target must be node or hosted, not "${asked}"`);
  const hasNode = config.chainhook.nodeUrl !== undefined;
  if (hasNode && apiKey !== undefined)
    throw new UsageError(
      'CHAINHOOK_NODE_URL and CHAINHOOKS_API_KEY are both set: say --target node or --target hosted',
    );
  if (!hasNode && apiKey === undefined) throw new UsageError('set CHAINHOOK_NODE_URL or CHAINHOOKS_API_KEY');
  return hasNode ? 'node' : 'hosted';
}

function deliveryUrl(asked: string | undefined, config: Config): string {
  const base = config.chainhook.externalUrl ?? reachableUrlOf(config.host, config.port);
  const url = asked ?? `${base}/api/chainhook/events`;
  if (!URL.canParse(url)) throw new UsageError(`--url is not a URL: ${url}`);
  return url;
}

function startBlock(asked: string | undefined, config: Config): number {
  if (asked !== undefined && !/^\d{1,15}$/.test(asked))
    throw new UsageError(`--start-block must be a whole number from 0, not "${asked}"`);
  return Math.max(1, asked === undefined ? (config.chainhook.startBlock ?? 1) : Number(asked));
}

function token(config: Config): string {
  const found = config.tokens.chainhook ?? readMadeToken(config.dataDir);
  if (found === undefined)
    throw new ConfigError(`CHAINHOOK_AUTH_TOKEN must be set (the service made no token under ${config.dataDir} yet)`);
  return found;
}
