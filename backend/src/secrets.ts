import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type Config, type TokenRole } from './config.js';

/**
 * The tokens of the service. One that the environment does not give is made on loopback, kept in `DATA_DIR/tokens.json`
 * with mode 0600 and reported as new once; on any other host its absence stops the start.
 */
export type Tokens = Readonly<Record<TokenRole, string>>;

const ROLES: readonly TokenRole[] = ['chainhook', 'write', 'viewer', 'admin'];
const VARIABLES: Readonly<Record<TokenRole, string>> = {
  chainhook: 'CHAINHOOK_AUTH_TOKEN',
  write: 'ANALYTICS_WRITE_KEY',
  viewer: 'ANALYTICS_VIEWER_TOKEN',
  admin: 'ANALYTICS_ADMIN_TOKEN',
};

/** Whether only this machine can reach a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * @returns every token, and those that were made just now (to be printed once).
 * @throws {ConfigError} when one is missing and the host is not loopback.
 */
export function loadTokens(config: Pick<Config, 'host' | 'dataDir' | 'tokens'>): {
  tokens: Tokens;
  made: Partial<Tokens>;
} {
  const missing = ROLES.filter((role) => config.tokens[role] === undefined);
  if (missing.length > 0 && !isLoopback(config.host))
    throw new ConfigError(
      `${missing.map((role) => VARIABLES[role]).join(', ')} must be set when HOST is not loopback ("${config.host}")`,
    );
  const file = join(config.dataDir, 'tokens.json');
  const kept = missing.length > 0 ? readKept(file) : {};
  const made: Partial<Record<TokenRole, string>> = {};
  for (const role of missing) if (kept[role] === undefined) made[role] = randomBytes(32).toString('base64url');
  if (Object.keys(made).length > 0) {
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(file, `${JSON.stringify({ ...kept, ...made }, null, 2)}\n`, { mode: 0o600 });
  }
  const all = { ...kept, ...made, ...config.tokens };
  const token = (role: TokenRole): string => all[role] ?? '';
  return {
    tokens: { chainhook: token('chainhook'), write: token('write'), viewer: token('viewer'), admin: token('admin') },
    made,
  };
}

function readKept(file: string): Partial<Record<TokenRole, string>> {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch {
    return {};
  }
  try {
    const parsed: unknown = JSON.parse(content);
    const kept: Partial<Record<TokenRole, string>> = {};
    if (typeof parsed === 'object' && parsed !== null)
      for (const role of ROLES) {
        const value = (parsed as Record<string, unknown>)[role];
        if (typeof value === 'string' && value.length > 0) kept[role] = value;
      }
    return kept;
  } catch {
    throw new ConfigError(`${file} is not JSON: mend it, or remove it to have new tokens made`);
  }
}

/**
 * The key that seals session cookies: random, so that a cookie tells nothing about the tokens, and kept in
 * `DATA_DIR/session.key` with mode 0600, so that sessions outlive a restart.
 */
export function loadSessionKey(dataDir: string): Buffer {
  const file = join(dataDir, 'session.key');
  try {
    const kept = readFileSync(file);
    if (kept.length === SESSION_KEY_BYTES) return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const key = randomBytes(SESSION_KEY_BYTES);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(file, key, { mode: 0o600 });
  return key;
}

const SESSION_KEY_BYTES = 32;
