import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { ConfigError, isLoopback, type Config, type TokenRole } from './config.js';

/**
 * The tokens of the service. One that the environment does not give is made on loopback, kept in `DATA_DIR/tokens.json`
 * with mode 0600 and reported as new once; on any other host, and where several processes must know the same, its absence
 * stops the start.
 */
export type Tokens = Readonly<Record<TokenRole, string>>;

const ROLES: readonly TokenRole[] = ['chainhook', 'write', 'viewer', 'admin'];
const VARIABLES: Readonly<Record<TokenRole, string>> = {
  chainhook: 'CHAINHOOK_AUTH_TOKEN',
  write: 'ANALYTICS_WRITE_KEY',
  viewer: 'ANALYTICS_VIEWER_TOKEN',
  admin: 'ANALYTICS_ADMIN_TOKEN',
};

/**
 * @returns every token, and those that were made just now (to be printed once).
 * @throws {ConfigError} when one is missing that may not be made.
 */
export function loadTokens(
  config: Pick<Config, 'host' | 'dataDir' | 'tokens'> & Partial<Pick<Config, 'cluster'>>,
  logger: Logger,
): {
  tokens: Tokens;
  made: Partial<Tokens>;
} {
  const missing = ROLES.filter((role) => config.tokens[role] === undefined);
  const why =
    config.cluster !== undefined
      ? 'with MONGODB_URI: all processes must have the same'
      : `when HOST is not loopback ("${config.host}")`;
  if (missing.length > 0 && (config.cluster !== undefined || !isLoopback(config.host)))
    throw new ConfigError(`${missing.map((role) => VARIABLES[role]).join(', ')} must be set ${why}`);
  const file = join(config.dataDir, 'tokens.json');
  const kept = missing.length > 0 ? readKept(file, logger) : {};
  const made: Partial<Record<TokenRole, string>> = {};
  for (const role of missing) if (kept[role] === undefined) made[role] = randomBytes(32).toString('base64url');
  if (Object.keys(made).length > 0) writeSecret(file, `${JSON.stringify({ ...kept, ...made }, null, 2)}\n`);
  const all = { ...kept, ...made, ...config.tokens };
  const token = (role: TokenRole): string => all[role] ?? '';
  return {
    tokens: { chainhook: token('chainhook'), write: token('write'), viewer: token('viewer'), admin: token('admin') },
    made,
  };
}

/** The tokens in the file. A file that is damaged is kept aside, for whoever still needs what is in it. */
function readKept(file: string, logger: Logger): Partial<Record<TokenRole, string>> {
  const content = readSecret(file)?.toString();
  if (content === undefined) return {};
  try {
    const parsed = JSON.parse(content) as Readonly<Record<string, unknown>> | null;
    const kept: Partial<Record<TokenRole, string>> = {};
    for (const role of ROLES) {
      const value = parsed?.[role];
      if (typeof value === 'string' && value.length > 0) kept[role] = value;
    }
    return kept;
  } catch {
    const aside = `${file}.damaged`;
    renameSync(file, aside);
    logger.warn({ file, aside }, 'tokens could not be read: new ones are made');
    return {};
  }
}

export const SESSION_KEY_BYTES = 32;
/** Its name among the keys that processes on one database share. */
export const SESSION_KEY = 'session';

/**
 * The key that seals session cookies: random, so that a cookie tells nothing about the tokens, and kept in
 * `DATA_DIR/session.key` with mode 0600, so that sessions outlive a restart.
 */
export function loadSessionKey(dataDir: string, logger: Logger): Buffer {
  const file = sessionKeyIn(dataDir);
  const kept = keptSessionKey(dataDir);
  if (kept !== undefined) return kept;
  if (readSecret(file) !== undefined)
    logger.warn({ file }, 'session key is damaged: a new one is made, all sessions end');
  const key = randomBytes(SESSION_KEY_BYTES);
  writeSecret(file, key);
  return key;
}

/** Undefined when none was made, or it is damaged. */
export function keptSessionKey(dataDir: string): Buffer | undefined {
  const kept = readSecret(sessionKeyIn(dataDir));
  return kept?.length === SESSION_KEY_BYTES && kept.some((byte) => byte !== 0) ? kept : undefined;
}

/** Makes it this one if there is none. @returns the one that counts. */
export function keepSessionKey(dataDir: string, key: Buffer): Buffer {
  const kept = keptSessionKey(dataDir);
  if (kept !== undefined) return kept;
  writeSecret(sessionKeyIn(dataDir), key);
  return key;
}

const sessionKeyIn = (dataDir: string): string => join(dataDir, 'session.key');

/** Undefined when there is no such file. */
function readSecret(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** For the owner alone; the old content or the new one, also after a crash or a power cut. */
function writeSecret(file: string, content: string | Buffer): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, content, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
