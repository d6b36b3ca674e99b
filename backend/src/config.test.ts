import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { ConfigError, DEVNET_DEPLOYER, readConfig } from './config.js';
import { loadSessionKey, loadTokens } from './secrets.js';
import { makeDataDir } from './storage.js';

const logger = pino({ level: 'silent' });
const MAINNET = 'SP3FBR2AGK5H9QBDH3EEN6DF8EK8JY7RX8QJ5SVTE';

describe('the environment', () => {
  test('empty gives the defaults of the contract', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 3001,
      logLevel: 'info',
      dataDir: './data',
      cluster: undefined,
      network: 'devnet',
      deployer: DEVNET_DEPLOYER,
      tokens: {},
      publicDashboard: false,
      analyticsEnabled: true,
      cacheTtlMs: 300_000,
      batchSize: 50,
      batchTimeoutMs: 10_000,
      corsOrigins: [],
      trustedProxies: [],
      alertsPrivateWebhooks: true,
      chainhook: {
        nodeUrl: undefined,
        observerPort: 3010,
        externalUrl: undefined,
        startBlock: undefined,
        rewindBlocks: 300,
        stallMs: 600_000,
        bodyLimitBytes: 40 * 1024 * 1024,
        maxPending: 64,
        maxWaitMs: 10_000,
      },
    });
  });

  test('none may be said where nobody is listed', () => {
    expect(readConfig({ CORS_ORIGIN: 'none', TRUSTED_PROXIES: 'none' })).toEqual(readConfig({}));
  });

  test.each([
    ['PORT', '80000', 'PORT must be a whole number from 0 to 65535, not "80000"'],
    ['PORT', '3.5', 'PORT must be a whole number from 0 to 65535, not "3.5"'],
    ['STACKS_NETWORK', 'main', 'STACKS_NETWORK must be one of devnet, testnet, mainnet, not "main"'],
    ['STACKS_DEPLOYER', MAINNET, `STACKS_DEPLOYER must be a devnet address (ST or SN…), not "${MAINNET}"`],
    ['STACKS_DEPLOYER', 'STNOPE', 'STACKS_DEPLOYER must be a devnet address (ST or SN…), not "STNOPE"'],
    ['ANALYTICS_ENABLED', 'yes', 'ANALYTICS_ENABLED must be one of true, false, not "yes"'],
    ['ANALYTICS_BATCH_SIZE', '0', 'ANALYTICS_BATCH_SIZE must be a whole number from 1 to 100000, not "0"'],
    ['CHAINHOOK_BODY_LIMIT', '9gb', 'CHAINHOOK_BODY_LIMIT must be a size from 1kb to 256mb, such as 40mb, not "9gb"'],
    ['CHAINHOOK_NODE_URL', 'ftp://x', 'CHAINHOOK_NODE_URL must be a URL that begins with http:// or https://'],
    ['CHAINHOOK_NODE_URL', 'http://u:secret@x', 'CHAINHOOK_NODE_URL must not hold a user or a password'],
    ['CORS_ORIGIN', 'https://a.b/c', 'CORS_ORIGIN must list origins such as https://app.example, not "https://a.b/c"'],
    [
      'TRUSTED_PROXIES',
      '10.0.0.1, 10.0.0.0/33',
      'TRUSTED_PROXIES must list addresses, or ranges such as 10.0.0.0/8, not "10.0.0.0/33"',
    ],
    ['TRUSTED_PROXIES', 'proxy', 'TRUSTED_PROXIES must list addresses, or ranges such as 10.0.0.0/8, not "proxy"'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not "loud"'],
    [
      'ANALYTICS_ADMIN_TOKEN',
      'two words that are long enough',
      'ANALYTICS_ADMIN_TOKEN must be 16 to 1024 visible ASCII characters without spaces (openssl rand -base64 32)',
    ],
    [
      'CHAINHOOK_AUTH_TOKEN',
      'é'.repeat(20),
      'CHAINHOOK_AUTH_TOKEN must be 16 to 1024 visible ASCII characters without spaces (openssl rand -base64 32)',
    ],
    [
      'ANALYTICS_VIEWER_TOKEN',
      'fifteen-letters',
      'ANALYTICS_VIEWER_TOKEN must be 16 to 1024 visible ASCII characters without spaces (openssl rand -base64 32)',
    ],
    [
      'ANALYTICS_WRITE_KEY',
      'x'.repeat(1_025),
      'ANALYTICS_WRITE_KEY must be 16 to 1024 visible ASCII characters without spaces (openssl rand -base64 32)',
    ],
    [
      'MONGODB_URI',
      'mongodb://localhost:27017',
      'MONGODB_URI must name a server and a database, as mongodb://HOST:PORT/DATABASE',
    ],
    [
      'MONGODB_URI',
      'mongodb://localhost:27017/',
      'MONGODB_URI must name a server and a database, as mongodb://HOST:PORT/DATABASE',
    ],
    [
      'MONGODB_URI',
      'http://localhost/db',
      'MONGODB_URI must name a server and a database, as mongodb://HOST:PORT/DATABASE',
    ],
    ['ANALYTICS_LEASE_MS', '999', 'ANALYTICS_LEASE_MS must be a whole number from 1000 to 60000, not "999"'],
    ['ANALYTICS_ROLE', 'reader', 'ANALYTICS_ROLE=reader needs MONGODB_URI: the embedded store has one process'],
  ])('%s=%s stops the start with one line', (name, value, message) => {
    expect(() => readConfig({ [name]: value })).toThrow(new ConfigError(message));
  });

  test.each([
    'w=1',
    'journal=false',
    'J=false',
    'wtimeoutMS=100',
    'readConcernLevel=local',
    'readPreference=secondary',
  ])(
    'an address of a database with %s, which would weaken what is promised, stops the start and names it',
    (option) => {
      const MONGODB_URI = `mongodb://u:p@a:27017/passportx?replicaSet=rs0&w=majority&${option}`;
      expect(() => readConfig({ MONGODB_URI })).toThrow(new RegExp(`^MONGODB_URI must not set ${option}: `));
    },
  );

  test('an address of a database may say of its options what holds anyway, as those of hosted ones do', () => {
    const MONGODB_URI = 'mongodb+srv://u:p@a.example/passportx?retryWrites=true&w=majority&journal=true';
    expect(readConfig({ MONGODB_URI }).cluster?.mongodbUri).toBe(MONGODB_URI);
  });

  test('webhooks stay off private networks unless the service is on loopback, or told otherwise', () => {
    expect(readConfig({ HOST: '0.0.0.0' }).alertsPrivateWebhooks).toBe(false);
    expect(readConfig({ HOST: '0.0.0.0', ALERTS_PRIVATE_WEBHOOKS: 'true' }).alertsPrivateWebhooks).toBe(true);
    expect(readConfig({ ALERTS_PRIVATE_WEBHOOKS: 'false' }).alertsPrivateWebhooks).toBe(false);
  });

  test('one process of several is told of the database that they share', () => {
    const uri = 'mongodb://user:secret@a:27017,b:27017/passportx?replicaSet=rs0';
    expect(readConfig({}).cluster).toBeUndefined();
    expect(readConfig({ MONGODB_URI: uri }).cluster).toEqual({
      mongodbUri: uri,
      role: 'writer',
      advertisedUrl: undefined,
      leaseMs: 10_000,
    });
    const reader = { MONGODB_URI: uri, ANALYTICS_ROLE: 'reader', ANALYTICS_ADVERTISED_URL: 'http://reader-1:3001/' };
    expect(readConfig(reader).cluster).toMatchObject({ role: 'reader', advertisedUrl: 'http://reader-1:3001' });
  });

  test('a real network must name its deployer', () => {
    expect(() => readConfig({ STACKS_NETWORK: 'mainnet' })).toThrow(/^STACKS_DEPLOYER must name/);
    expect(readConfig({ STACKS_NETWORK: 'mainnet', STACKS_DEPLOYER: MAINNET }).deployer).toBe(MAINNET);
  });

  test('the port that a node delivers to is not the one of the service', () => {
    const same = { PORT: '3010', CHAINHOOK_NODE_URL: 'http://localhost:20456' };
    expect(() => readConfig(same)).toThrow('CHAINHOOK_OBSERVER_PORT must differ from PORT (3010)');
    expect(readConfig({ PORT: '3010' }).port).toBe(3010);
  });

  test('a token of the shortest length is taken', () => {
    const token = 'sixteen-letters!';
    expect(readConfig({ ANALYTICS_VIEWER_TOKEN: token }).tokens).toEqual({ viewer: token });
  });

  test('one token may not have two roles', () => {
    const token = 'the-same-token-twice';
    expect(() => readConfig({ CHAINHOOK_AUTH_TOKEN: token, ANALYTICS_ADMIN_TOKEN: token })).toThrow(
      'ANALYTICS_ADMIN_TOKEN must differ from CHAINHOOK_AUTH_TOKEN',
    );
  });
});

describe('the data directory', () => {
  let parent: string;
  beforeEach(() => (parent = mkdtempSync(join(tmpdir(), 'passportx-data-'))));
  afterEach(() => rmSync(parent, { recursive: true }));

  test('is made for its owner alone, and may be there already', async () => {
    const dataDir = join(parent, 'a', 'b');
    await makeDataDir(dataDir);
    await makeDataDir(dataDir);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  });

  test('that lies under a file stops the start with one line that names both', async () => {
    const file = join(parent, 'file');
    writeFileSync(file, '');
    const refused = makeDataDir(join(file, 'data'));
    await expect(refused).rejects.toThrow(ConfigError);
    await expect(refused).rejects.toThrow(/^DATA_DIR cannot be used: ENOTDIR: [^\n]*file/);
  });
});

describe('tokens', () => {
  let dataDir: string;
  beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'passportx-tokens-'))));
  afterEach(() => rmSync(dataDir, { recursive: true }));

  test('missing ones are made on loopback, kept for the owner alone, and made only once', () => {
    const given = { host: '127.0.0.1', dataDir, tokens: { viewer: 'viewer-token' } };
    const first = loadTokens(given, logger);
    expect(Object.keys(first.made).sort()).toEqual(['admin', 'chainhook', 'write']);
    expect(first.tokens.viewer).toBe('viewer-token');
    expect(new Set(Object.values(first.tokens)).size).toBe(4);
    expect(statSync(join(dataDir, 'tokens.json')).mode & 0o777).toBe(0o600);
    const second = loadTokens(given, logger);
    expect(second.made).toEqual({});
    expect(second.tokens).toEqual(first.tokens);
  });

  test('missing ones stop the start on any other host, and are named', () => {
    const given = { host: '0.0.0.0', dataDir, tokens: { viewer: 'viewer-token', write: 'write-token' } };
    expect(() => loadTokens(given, logger)).toThrow(
      'CHAINHOOK_AUTH_TOKEN, ANALYTICS_ADMIN_TOKEN must be set when HOST is not loopback ("0.0.0.0")',
    );
  });

  test('none is made where several processes must have the same', () => {
    const cluster = { mongodbUri: 'mongodb://a/b', role: 'writer', advertisedUrl: undefined, leaseMs: 1 } as const;
    expect(() => loadTokens({ host: '127.0.0.1', dataDir, tokens: {}, cluster }, logger)).toThrow(
      /must be set with MONGODB_URI: all processes must have the same$/,
    );
  });

  test.each(['', '{', '\0\0\0\0', '"text"', 'null'])('a file that holds %j is replaced by new tokens', (content) => {
    writeFileSync(join(dataDir, 'tokens.json'), content);
    const { tokens, made } = loadTokens({ host: 'localhost', dataDir, tokens: {} }, logger);
    expect(made).toEqual(tokens);
    expect(loadTokens({ host: 'localhost', dataDir, tokens: {} }, logger)).toEqual({ tokens, made: {} });
  });

  test('a file that is not JSON is kept aside, and a line says so', () => {
    const lines: string[] = [];
    writeFileSync(join(dataDir, 'tokens.json'), '{ "admin": "still-needed"');
    loadTokens(
      { host: 'localhost', dataDir, tokens: {} },
      pino({}, { write: (line: string) => void lines.push(line) }),
    );
    expect(readFileSync(join(dataDir, 'tokens.json.damaged'), 'utf8')).toContain('still-needed');
    expect(lines.join('')).toMatch(/tokens could not be read: new ones are made/);
    expect(lines.join('')).not.toContain('still-needed');
  });

  test("the key of the session cookies outlives a restart, and is the owner's alone", () => {
    const key = loadSessionKey(dataDir, logger);
    expect(key).toHaveLength(32);
    expect(loadSessionKey(dataDir, logger)).toEqual(key);
    expect(statSync(join(dataDir, 'session.key')).mode & 0o777).toBe(0o600);
  });

  test.each(['', 'cut', '\0'.repeat(32)])('a key that holds %j is replaced, and a line says so', (content) => {
    const lines: string[] = [];
    writeFileSync(join(dataDir, 'session.key'), content);
    const key = loadSessionKey(dataDir, pino({}, { write: (line: string) => void lines.push(line) }));
    expect(key.some((byte) => byte !== 0)).toBe(true);
    expect(key).toHaveLength(32);
    expect(lines.join('')).toMatch(/session key is damaged: a new one is made, all sessions end/);
  });
});
