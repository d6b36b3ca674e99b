import { cvToString, hexToCV } from '@stacks/transactions';
import { account, DEPLOYER } from './accounts.js';
import { CONTRACTS, Passport } from './passport.js';
import { payloadV1 } from './payloadV1.js';
import { SimulatedChain } from './simulatedChain.js';
import { TransactionMaker } from './transactions.js';

const template = { name: 'Speaker', description: 'Gave a talk', category: 'Events', defaultLevel: 1 };
const user = account('user');

let chain: SimulatedChain;
let passport: Passport;

beforeEach(async () => {
  chain = await SimulatedChain.start();
  passport = new Passport(new TransactionMaker());
});
afterEach(() => chain.close());

test('blocks are numbered as the contracts see them and linked by their parents', () => {
  const first = chain.mine(1_000, [passport.createTemplate(DEPLOYER, template)]);
  const empty = chain.mine(1_010, []);
  const last = chain.mine(1_020, [passport.mint(DEPLOYER, user, 1)]);
  expect([empty.parent, last.parent]).toEqual([first.hash, empty.hash]);
  expect([empty.height, last.height]).toEqual([first.height + 1, first.height + 2]);
  const [mint] = last.receipts;
  const print = mint?.outcome.events.find((event) => event.type === 'print');
  expect(print?.type === 'print' && cvToString(hexToCV(print.valueHex))).toContain(`(block-height u${last.height})`);
});

test('a fork shares the past, gives a transaction another community id, and leaves the other chain as it was', async () => {
  const shared = chain.mine(1_000, [passport.createCommunity(account('a'), 'A', '')]);
  const second = passport.createCommunity(account('b'), 'B', '');
  const third = passport.createCommunity(account('c'), 'C', '');
  const here = chain.mine(1_010, [second, third]);

  const fork = await chain.fork(shared.height, 'second');
  const there = fork.mine(1_010, [third, second]);
  expect(fork.blocks[0]).toBe(shared);
  expect([there.parent, there.height]).toEqual([here.parent, here.height]);
  expect(there.hash).not.toBe(here.hash);
  expect(here.receipts.map((receipt) => [receipt.transaction.txId, receipt.outcome.result])).toEqual([
    [second.txId, '(ok u2)'],
    [third.txId, '(ok u3)'],
  ]);
  expect(there.receipts.map((receipt) => [receipt.transaction.txId, receipt.outcome.result])).toEqual([
    [third.txId, '(ok u2)'],
    [second.txId, '(ok u3)'],
  ]);
  fork.close();
});

test('a fork that follows block by block arrives at the same state', async () => {
  chain.mine(1_000, [passport.createTemplate(DEPLOYER, template)]);
  for (let i = 0; i < 5; i++) chain.mine(1_010 + i, [passport.mint(DEPLOYER, user, 1)]);
  const fork = await chain.fork(chain.height - 3, 'second', { blocks: 1, restMs: 0 });
  expect(cvToString(fork.read(CONTRACTS.badgeIssuer, 'get-issued-count'))).toBe('u2');
  await fork.follow(chain, chain.height);
  expect(fork.blocks).toEqual(chain.blocks);
  expect(fork.height).toBe(chain.height);
  expect(cvToString(fork.read(CONTRACTS.badgeIssuer, 'get-issued-count'))).toBe('u5');
  fork.close();
});

test('an aborted transaction stands in the block with its events and changes nothing, in forks neither', async () => {
  chain.mine(1_000, [passport.createTemplate(DEPLOYER, template)]);
  const mint = passport.mint(DEPLOYER, user, 1);
  const elsewhere = await chain.fork(chain.height, 'elsewhere');
  const block = chain.mine(1_010, [], elsewhere.mine(1_010, [mint]).receipts);
  elsewhere.close();
  expect(block.receipts).toMatchObject([{ status: 'abort_by_post_condition', transaction: { txId: mint.txId } }]);
  expect(block.receipts[0]?.outcome.events).toHaveLength(3);
  const fork = await chain.fork(chain.height, 'second');
  for (const each of [chain, fork]) expect(cvToString(each.read(CONTRACTS.badgeIssuer, 'get-issued-count'))).toBe('u0');
  fork.close();
});

test('a decoded payload has values instead of raw values, whole numbers bare', () => {
  chain.mine(1_000, [passport.createTemplate(DEPLOYER, template)]);
  const block = chain.mine(1_010, [passport.mint(DEPLOYER, user, 1)]);
  const payload = JSON.stringify(payloadV1({ apply: [block] }, 'decoded'));
  expect(payload).not.toContain('raw_value');
  expect(JSON.parse(payload)).toMatchObject({
    apply: [
      {
        transactions: [
          {
            metadata: {
              success: true,
              receipt: {
                events: [
                  { type: 'NFTMintEvent', data: { asset_identifier: 1, recipient: user } },
                  { data: { value: { event: 'passport-badge-minted', 'token-id': 1 } } },
                  { data: { value: { event: 'badge-minted', 'badge-id': 1, level: 1, category: 'Events' } } },
                ],
              },
            },
          },
        ],
      },
    ],
  });
});
