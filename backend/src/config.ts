import { c32addressDecode } from 'c32check';
import { addressList } from './cluster/callers.js';

/**
 * The environment, read once and checked: every setting has a type, a default and a limit. A bad value throws a
 * `ConfigError` whose message is one line that names the variable, what it was and what it may be.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export type Network = 'devnet' | 'testnet' | 'mainnet';
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type TokenRole = 'chainhook' | 'write' | 'viewer' | 'admin';

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly dataDir: string;
  /** Undefined: the embedded store, and this process alone. */
  readonly cluster: ClusterConfig | undefined;
  readonly network: Network;
  /** Address that deployed the PassportX contracts. */
  readonly deployer: string;
  /** Tokens as given; those left out are made on loopback (see `secrets.ts`). */
  readonly tokens: Readonly<Partial<Record<TokenRole, string>>>;
  readonly publicDashboard: boolean;
  /** False: deliveries are taken and logged, analytics calls answer 503. */
  readonly analyticsEnabled: boolean;
  readonly cacheTtlMs: number;
  readonly batchSize: number;
  readonly batchTimeoutMs: number;
  readonly corsOrigins: readonly string[];
  /** Whose word is believed on where a call comes from. */
  readonly trustedProxies: readonly string[];
  /** Whether webhooks of alerts may reach loopback and private networks. */
  readonly alertsPrivateWebhooks: boolean;
  readonly chainhook: {
    readonly nodeUrl: string | undefined;
    readonly observerPort: number;
    readonly externalUrl: string | undefined;
    readonly startBlock: number | undefined;
    readonly rewindBlocks: number;
    readonly stallMs: number;
    readonly bodyLimitBytes: number;
    /** Deliveries under way at once; one more waits up to `maxWaitMs`, then it is refused with 503. */
    readonly maxPending: number;
    readonly maxWaitMs: number;
  };
}

/** Of a process that shares a MongoDB database with others. */
export interface ClusterConfig {
  readonly mongodbUri: string;
  /** A writer waits as standby while another has the lease; a reader never takes it. */
  readonly role: 'writer' | 'reader';
  /** Where the others reach this process; undefined: at the host and port that it listens on. */
  readonly advertisedUrl: string | undefined;
  readonly leaseMs: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Clarinet's well-known first devnet account; real networks must name their deployer. */
export const DEVNET_DEPLOYER = 'ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM';
const HOUR_MS = 3_600_000;
/** Fewer could be guessed: wrong tokens are counted by address, and who has many addresses has many guesses. */
const MIN_TOKEN_CHARACTERS = 16;
/** Longest token that signing in takes. */
export const MAX_TOKEN_CHARACTERS = 1_024;
const TOKEN_LENGTHS = [MIN_TOKEN_CHARACTERS, MAX_TOKEN_CHARACTERS] as const;
const TOKEN = new RegExp(`^[!-~]{${TOKEN_LENGTHS.join()}}$`);

/** Hosts may be several, so it is no URL to `URL`. */
const MONGODB_URI = /^mongodb(?:\+srv)?:\/\/[^/\s]+\/[^/?\s]+(\?\S*)?$/;
/**
 * Its options, in lower case, that the driver would put above what the store asks for (`log/mongo.ts`), or beside it, and
 * what each may say.
 */
const STORE_OPTIONS: ReadonlyMap<string, string | undefined> = new Map([
  ['w', 'majority'],
  ['journal', 'true'],
  ['j', 'true'],
  ['readconcernlevel', 'majority'],
  ['readpreference', 'primary'],
  ...['fsync', 'wtimeout', 'wtimeoutms', 'writeconcern'].map((name) => [name, undefined] as const),
  ...['readconcern', 'readpreferencetags', 'maxstalenessseconds'].map((name) => [name, undefined] as const),
]);

/** Reads the settings of DESIGN section 6 from `env`. @throws {ConfigError} on the first bad value. */
export function readConfig(env: Environment): Config {
  const text = (name: string): string | undefined => {
    const value = env[name]?.trim();
    return value === '' ? undefined : value;
  };
  const whole = (name: string, fallback: number, min: number, max: number): number => {
    const value = text(name);
    if (value === undefined) return fallback;
    if (!/^\d+$/.test(value) || Number(value) < min || Number(value) > max)
      throw new ConfigError(`${name} must be a whole number from ${min} to ${max}, not "${value}"`);
    return Number(value);
  };
  const oneOf = <T extends string>(name: string, allowed: readonly T[], fallback: T): T => {
    const value = text(name);
    if (value === undefined) return fallback;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) throw new ConfigError(`${name} must be one of ${allowed.join(', ')}, not "${value}"`);
    return found;
  };
  const flag = (name: string, fallback: boolean): boolean =>
    oneOf(name, ['true', 'false'], fallback ? 'true' : 'false') === 'true';
  const url = (name: string, protocols: readonly string[]): string | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol.replace(':', '')))
      throw new ConfigError(`${name} must be a URL that begins with ${protocols.join(':// or ')}://`);
    const { protocol, username, password } = new URL(value);
    // It is logged, and `fetch` refuses it.
    if (protocol.startsWith('http') && username + password !== '')
      throw new ConfigError(`${name} must not hold a user or a password`);
    return value.replace(/\/$/, '');
  };

  const network = oneOf<Network>('STACKS_NETWORK', ['devnet', 'testnet', 'mainnet'], 'devnet');
  const mongodbUri = text('MONGODB_URI');
  if (mongodbUri !== undefined) checkMongodbUri(mongodbUri);
  const role = oneOf('ANALYTICS_ROLE', ['writer', 'reader'] as const, 'writer');
  if (role === 'reader' && mongodbUri === undefined)
    throw new ConfigError('ANALYTICS_ROLE=reader needs MONGODB_URI: the embedded store has one process');
  const advertisedUrl = url('ANALYTICS_ADVERTISED_URL', ['http', 'https']);
  const leaseMs = whole('ANALYTICS_LEASE_MS', 10_000, 1_000, 60_000);
  const startBlock = text('CHAINHOOK_START_BLOCK');
  const port = whole('PORT', 3001, 0, 65_535);
  const nodeUrl = url('CHAINHOOK_NODE_URL', ['http', 'https']);
  const observerPort = whole('CHAINHOOK_OBSERVER_PORT', 3010, 1, 65_535);
  if (nodeUrl !== undefined && observerPort === port)
    throw new ConfigError(`CHAINHOOK_OBSERVER_PORT must differ from PORT (${port})`);

  const host = text('HOST') ?? '127.0.0.1';

  return {
    host,
    port,
    logLevel: oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    dataDir: text('DATA_DIR') ?? './data',
    cluster: mongodbUri === undefined ? undefined : { mongodbUri, role, advertisedUrl, leaseMs },
    network,
    deployer: deployer(text('STACKS_DEPLOYER'), network),
    tokens: tokens(text),
    publicDashboard: flag('ANALYTICS_PUBLIC_DASHBOARD', false),
    analyticsEnabled: flag('ANALYTICS_ENABLED', true),
    cacheTtlMs: whole('ANALYTICS_CACHE_TTL_MS', 300_000, 0, 24 * HOUR_MS),
    batchSize: whole('ANALYTICS_BATCH_SIZE', 50, 1, 100_000),
    batchTimeoutMs: whole('ANALYTICS_BATCH_TIMEOUT_MS', 10_000, 1, HOUR_MS),
    corsOrigins: origins(text('CORS_ORIGIN')),
    trustedProxies: proxies(text('TRUSTED_PROXIES')),
    // What runs on one machine for its owner may call what else runs there.
    alertsPrivateWebhooks: flag('ALERTS_PRIVATE_WEBHOOKS', isLoopback(host)),
    chainhook: {
      nodeUrl,
      observerPort,
      externalUrl: url('CHAINHOOK_EXTERNAL_URL', ['http', 'https']),
      startBlock: startBlock === undefined ? undefined : whole('CHAINHOOK_START_BLOCK', 0, 0, Number.MAX_SAFE_INTEGER),
      rewindBlocks: whole('CHAINHOOK_REWIND_BLOCKS', 300, 0, 1_000_000),
      stallMs: whole('CHAINHOOK_STALL_MS', 600_000, 1_000, 24 * HOUR_MS),
      bodyLimitBytes: bytes('CHAINHOOK_BODY_LIMIT', text('CHAINHOOK_BODY_LIMIT') ?? '40mb'),
      maxPending: whole('CHAINHOOK_MAX_PENDING', 64, 1, 1_000),
      maxWaitMs: whole('CHAINHOOK_MAX_WAIT_MS', 10_000, 1, 60_000),
    },
  };
}

/** Whether only this machine can reach a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** It may hold a password, so it is not repeated. */
function checkMongodbUri(uri: string): void {
  const [match, options = ''] = MONGODB_URI.exec(uri) ?? [];
  if (match === undefined)
    throw new ConfigError('MONGODB_URI must name a server and a database, as mongodb://HOST:PORT/DATABASE');
  for (const [name, value] of new URLSearchParams(options)) {
    const key = name.toLowerCase();
    if (STORE_OPTIONS.has(key) && STORE_OPTIONS.get(key) !== value)
      throw new ConfigError(
        `MONGODB_URI must not set ${name}=${value}: a majority journals what is written and has what is read, and the primary is asked`,
      );
  }
}

function deployer(value: string | undefined, network: Network): string {
  if (value === undefined) {
    if (network === 'devnet') return DEVNET_DEPLOYER;
    throw new ConfigError(`STACKS_DEPLOYER must name the address that deployed the contracts on ${network}`);
  }
  // Version bytes of c32 addresses: P and M on mainnet, T and N elsewhere (SIP-005).
  const prefixes = network === 'mainnet' ? ['SP', 'SM'] : ['ST', 'SN'];
  if (!prefixes.includes(value.slice(0, 2)) || !isAddress(value))
    throw new ConfigError(`STACKS_DEPLOYER must be a ${network} address (${prefixes.join(' or ')}…), not "${value}"`);
  return value;
}

function isAddress(value: string): boolean {
  try {
    c32addressDecode(value);
    return true;
  } catch {
    return false;
  }
}

function tokens(text: (name: string) => string | undefined): Partial<Record<TokenRole, string>> {
  const names: Record<TokenRole, string> = {
    chainhook: 'CHAINHOOK_AUTH_TOKEN',
    write: 'ANALYTICS_WRITE_KEY',
    viewer: 'ANALYTICS_VIEWER_TOKEN',
    admin: 'ANALYTICS_ADMIN_TOKEN',
  };
  const found: Partial<Record<TokenRole, string>> = {};
  for (const [role, name] of Object.entries(names) as [TokenRole, string][]) {
    const value = text(name);
    if (value === undefined) continue;
    // What no Authorization header can carry would lock everyone out; it may be a secret, so it is not repeated.
    if (!TOKEN.test(value))
      throw new ConfigError(
        `${name} must be ${TOKEN_LENGTHS.join(' to ')} visible ASCII characters without spaces (openssl rand -base64 32)`,
      );
    const twin = (Object.keys(found) as TokenRole[]).find((other) => found[other] === value);
    // One token with two roles would have the wider one: what is meant for a chain node could then administer.
    if (twin !== undefined) throw new ConfigError(`${name} must differ from ${names[twin]}`);
    found[role] = value;
  }
  return found;
}

function origins(value: string | undefined): string[] {
  if (value === undefined || value === 'none') return [];
  return value.split(',').map((origin) => {
    const trimmed = origin.trim();
    if (!URL.canParse(trimmed) || new URL(trimmed).origin !== trimmed)
      throw new ConfigError(`CORS_ORIGIN must list origins such as https://app.example, not "${trimmed}"`);
    return trimmed;
  });
}

function proxies(value: string | undefined): string[] {
  const named = value === undefined || value === 'none' ? [] : value.split(',').map((one) => one.trim());
  try {
    addressList(named);
  } catch (error) {
    const wrong = error instanceof Error ? error.message : '';
    throw new ConfigError(`TRUSTED_PROXIES must list addresses, or ranges such as 10.0.0.0/8, not "${wrong}"`);
  }
  return named;
}

function bytes(name: string, value: string): number {
  const match = /^(\d+)\s*(b|kb|mb)?$/i.exec(value);
  const unit = { b: 1, kb: 1024, mb: 1024 ** 2 }[(match?.[2] ?? 'b').toLowerCase()];
  const size = Number(match?.[1]) * (unit ?? Number.NaN);
  // The upper limit is what one parsed payload may cost in memory, not what JSON could hold.
  if (!(size >= 1024 && size <= 256 * 1024 ** 2))
    throw new ConfigError(`${name} must be a size from 1kb to 256mb, such as 40mb, not "${value}"`);
  return size;
}
