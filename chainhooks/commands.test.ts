import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StandInNode } from '../backend/test/support/chainhookNode.js';
import { ConfigError } from '../backend/src/config.js';
import { hostedDefinition, nodePredicates, predicateFile } from './definitions.js';
import { onHosted } from './hosted.js';
import { HostedStandIn } from './test/hostedStandIn.js';
import { onNode } from './node.js';
import { UsageError, readSettings, type Command, type HostedTarget, type NodeTarget } from './settings.js';

const DEPLOYER = 'ST1PQHQKV0RJXZFY1DGX8MNSNYVE3VGZJSRTPGZGM';
const ENV = { STACKS_NETWORK: 'testnet', STACKS_DEPLOYER: DEPLOYER, CHAINHOOK_AUTH_TOKEN: 'a-token-of-the-node' };
const NODE = { ...ENV, CHAINHOOK_NODE_URL: 'http://127.0.0.1:20456' };

let lines: string[];
const write = (line: string): void => void lines.push(line);
beforeEach(() => {
  lines = [];
});

test.each(['devnet', 'testnet', 'mainnet'] as const)(
  'predicates/%s.json is what is registered (else: npx tsx chainhooks/writePredicates.ts)',
  async (network) => {
    expect(await readFile(join(__dirname, 'predicates', `${network}.json`), 'utf8')).toBe(predicateFile(network));
  },
);

describe('the settings of a command', () => {
  test('come from the environment of the service', () => {
    expect(readSettings(['register'], { ...NODE, CHAINHOOK_START_BLOCK: '900' })).toEqual({
      command: 'register',
      target: {
        kind: 'node',
        url: 'http://127.0.0.1:20456',
        registration: {
          network: 'testnet',
          deployer: DEPLOYER,
          startBlock: 900,
          delivery: { url: 'http://127.0.0.1:3001/api/chainhook/events', token: 'a-token-of-the-node' },
        },
      },
    });
  });

  test('options go before the environment', () => {
    const { target } = readSettings(['register', '--url', 'https://x.example/in', '--start-block', '5'], NODE);
    expect(target.registration).toMatchObject({ startBlock: 5, delivery: { url: 'https://x.example/in' } });
  });

  const hosted = { ...ENV, CHAINHOOKS_API_KEY: 'key', CHAINHOOK_EXTERNAL_URL: 'https://analytics.example' };
  test('an API key means the hosted Chainhooks', () => {
    expect(readSettings(['status'], hosted).target).toMatchObject({
      kind: 'hosted',
      apiKey: 'key',
      network: 'testnet',
    });
  });

  test.each<[string, string[], Record<string, string>, string]>([
    ['no command', [], NODE, 'a command is needed: register, status, remove'],
    ['an unknown command', ['list'], NODE, 'a command is needed'],
    ['an unknown option', ['status', '--force'], NODE, "Unknown option '--force'"],
    ['neither a node nor a key', ['status'], ENV, 'set CHAINHOOK_NODE_URL or CHAINHOOKS_API_KEY'],
    ['both of them', ['status'], { ...hosted, ...NODE }, 'are both set: say --target'],
    ['a target that is none', ['status', '--target', 'x'], NODE, '--target must be node or hosted, not "x"'],
    ['a target that is not set up', ['status', '--target', 'hosted'], NODE, 'needs CHAINHOOKS_API_KEY'],
    ['a start block that is none', ['status', '--start-block', '-1'], NODE, '--start-block'],
    ['a URL that is none', ['register', '--url', 'x'], NODE, '--url is not a URL: x'],
    [
      'a hosted devnet',
      ['status'],
      { ...hosted, STACKS_NETWORK: 'devnet' },
      'hosted Chainhooks exist for STACKS_NETWORK=testnet and mainnet only',
    ],
    [
      'a URL that Hiro cannot reach',
      ['register'],
      { ...ENV, CHAINHOOKS_API_KEY: 'key' },
      'Hiro cannot reach http://127.0.0.1:3001/api/chainhook/events',
    ],
  ])('%s is refused by name', (_, argv, env, message) => {
    expect(() => readSettings(argv, env)).toThrow(message);
    expect(() => readSettings(argv, env)).toThrow(UsageError);
  });

  test('a token that is neither given nor made is refused by name', () => {
    const env = { ...NODE, CHAINHOOK_AUTH_TOKEN: '', DATA_DIR: join(__dirname, 'none') };
    expect(() => readSettings(['register'], env)).toThrow(ConfigError);
    expect(() => readSettings(['register'], env)).toThrow('CHAINHOOK_AUTH_TOKEN must be set');
  });
});

describe('the commands on a node', () => {
  let node: StandInNode;
  const run = (command: Command, env: Record<string, string> = {}): Promise<boolean> => {
    const { target } = readSettings([command], { ...NODE, CHAINHOOK_NODE_URL: node.url, ...env });
    return onNode(command, target as NodeTarget, write, 5);
  };
  beforeEach(async () => {
    node = await StandInNode.start(5);
  });
  afterEach(() => node.close());

  test('register asks for the prints of each contract, once however often it is called', async () => {
    expect(await run('register')).toBe(true);
    expect(await run('register')).toBe(true);
    expect(node.posted).toHaveLength(5);
    const { target } = readSettings(['register'], NODE);
    expect(node.predicates).toEqual(nodePredicates(target.registration));
    expect(lines[0]).toMatch(/^passportx-badge-issuer {2}registered from block 1 {2}[0-9a-f-]{36}$/);
    expect(lines[5]).toMatch(/^passportx-badge-issuer {2}streaming {2}at block 0 {2}/);
  });

  test('register replaces what the node gave up', async () => {
    await run('register');
    await node.mine(`${DEPLOYER}.badge-issuer`);
    expect(await run('status')).toBe(false);
    expect(lines[5]).toContain('passportx-badge-issuer  interrupted: unable to deliver block 1');
    expect(lines[6]).toContain('passportx-badge-metadata  streaming');
    await run('register');
    expect(node.posted).toHaveLength(6);
    expect(node.predicates).toHaveLength(5);
  });

  test('status tells what is not registered', async () => {
    expect(await run('status')).toBe(false);
    expect(lines).toHaveLength(5);
    expect(lines.every((line) => line.includes('not registered'))).toBe(true);
  });

  test('remove takes away what register made, and can be called again', async () => {
    await run('register');
    expect(await run('remove')).toBe(true);
    expect(node.predicates).toEqual([]);
    expect(await run('remove')).toBe(true);
    expect(lines.at(-1)).toContain('was not registered');
  });

  test('what a node refuses is told in its words', async () => {
    node.refused.add(`${DEPLOYER}.badge-metadata`);
    await expect(run('register')).rejects.toThrow(
      `${node.url} answered POST /v1/chainhooks with 422: invalid 'if_this'`,
    );
  });

  test('a node that is not there is named', async () => {
    await expect(run('status', { CHAINHOOK_NODE_URL: 'http://127.0.0.1:9' })).rejects.toThrow(
      'http://127.0.0.1:9 is not reachable: ',
    );
  });
});

describe('the commands on hosted Chainhooks', () => {
  const URL_OF_OURS = 'https://analytics.example/api/chainhook/events';
  let hiro: HostedStandIn;
  const run = (command: Command, env: Record<string, string> = {}): Promise<boolean> => {
    const { target } = readSettings([command], {
      ...ENV,
      CHAINHOOKS_API_KEY: 'key',
      CHAINHOOK_EXTERNAL_URL: 'https://analytics.example',
      ...env,
    });
    return onHosted(command, target as HostedTarget, write, hiro.url);
  };
  const ours = hostedDefinition('testnet', DEPLOYER, URL_OF_OURS);
  const foreign = { ...ours, name: 'another' };
  beforeEach(async () => {
    hiro = await HostedStandIn.start('key');
    hiro.secret = ENV.CHAINHOOK_AUTH_TOKEN;
  });
  afterEach(() => hiro.close());

  test('register defines one chainhook of all contracts, once however often it is called', async () => {
    expect(await run('register')).toBe(true);
    expect(await run('register')).toBe(true);
    expect(hiro.chainhooks.map(({ definition }) => definition)).toEqual([ours]);
    expect(ours.filters.events).toContainEqual({
      type: 'contract_log',
      contract_identifier: `${DEPLOYER}.community-manager`,
    });
  });

  test('register replaces ours when it was given up or posts elsewhere, and leaves the others of the account', async () => {
    for (let n = 0; n < 70; n += 1) hiro.add(foreign);
    hiro.add(ours, 'interrupted');
    hiro.add({ ...ours, action: { type: 'http_post', url: 'https://old.example' } });
    hiro.add({ ...ours, network: 'mainnet' });
    await run('register');
    expect(hiro.chainhooks).toHaveLength(72);
    const found = hiro.chainhooks.filter(({ definition }) => definition.name === ours.name);
    expect(found.map(({ definition }) => definition)).toEqual([{ ...ours, network: 'mainnet' }, ours]);
  });

  test.each([
    [null, 'The account has no consumer secret'],
    ['another', "CHAINHOOK_AUTH_TOKEN is not the account's consumer secret"],
  ])('register warns when deliveries would be refused (secret %p)', async (secret, warning) => {
    hiro.secret = secret;
    expect(await run('register')).toBe(false);
    expect(lines.at(-1)).toContain(warning);
    expect(lines.join('\n')).not.toContain(ENV.CHAINHOOK_AUTH_TOKEN);
  });

  test('status tells how far it is, and remove takes it away', async () => {
    expect(await run('status')).toBe(false);
    const { uuid } = hiro.add(ours);
    hiro.add(foreign);
    expect(await run('status')).toBe(true);
    expect(await run('remove')).toBe(true);
    expect(await run('remove')).toBe(true);
    expect(lines).toEqual([
      'passportx-analytics  not registered on testnet',
      `passportx-analytics  streaming  at block 170000  ${uuid}`,
      `passportx-analytics  removed  ${uuid}`,
      'passportx-analytics  was not registered on testnet',
    ]);
    expect(hiro.chainhooks).toHaveLength(1);
  });

  test('a key that is refused is an error', async () => {
    await expect(run('status', { CHAINHOOKS_API_KEY: 'wrong' })).rejects.toThrow('401');
  });
});
