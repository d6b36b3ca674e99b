import { badgeMinted, block, blockHash, payload, timeOf, tx, txId } from '../../test/support/payloads.js';
import { parsePayload, payloadOf, type Payload } from './payload.js';

type Understood = Extract<Payload, { understood: true }>;

function understood(body: unknown): Understood {
  const parsed = parsePayload(body);
  if (!parsed.understood) throw new Error(`${parsed.reason} (${parsed.field})`);
  return parsed;
}

const v1 = (...blocks: object[]) => ({ apply: blocks, rollback: [] });
const bare = (fields: object = {}) => ({
  block_identifier: { index: 100, hash: blockHash(100) },
  parent_block_identifier: { index: 99, hash: blockHash(99) },
  timestamp: 1_767_225_600,
  transactions: [],
  ...fields,
});

describe('what a node delivers', () => {
  const delivery = {
    apply: [block(101, [tx('a', [badgeMinted(1)])], { fork: 'B', parentFork: 'A' })],
    rollback: [block(101, [tx('b', [badgeMinted(2)])])],
  };

  it.each(['raw', 'decoded', 'v2'] as const)('is read into blocks, transactions and prints (%s)', (form) => {
    const parsed = understood(payload(form, delivery));
    expect(parsed.version).toBe(form === 'v2' ? 'v2' : 'v1');
    expect(parsed.rollback).toMatchObject([
      { side: 'rollback', height: 101, hash: blockHash(101), parent: blockHash(100) },
    ]);
    expect(parsed.apply).toMatchObject([
      {
        side: 'apply',
        height: 101,
        hash: blockHash(101, 'B'),
        parent: blockHash(100),
        atMs: timeOf(101) * 1000,
        transactions: [{ txId: txId('a'), index: 0, succeeded: true, prints: [{}] }],
      },
    ]);
  });

  it('takes the time of the block itself where it is stated', () => {
    const [first] = understood(v1(bare({ metadata: { block_time: 1_767_225_607 } }))).apply;
    expect(first?.atMs).toBe(1_767_225_607_000);
    const [second] = understood(v1(bare({ metadata: { block_time: null } }))).apply;
    expect(second?.atMs).toBe(1_767_225_600_000);
  });

  it('has its hashes in lower case and with 0x, however they came', () => {
    const hash = 'ABCDEF'.padEnd(64, '0');
    const [first] = understood(v1(bare({ block_identifier: { index: 1, hash } }))).apply;
    expect(first?.hash).toBe(`0x${hash.toLowerCase()}`);
  });

  it('may leave out rollback, apply, and the transactions of a block that was rolled back', () => {
    expect(understood({ apply: [] })).toMatchObject({ apply: [], rollback: [] });
    expect(understood({ rollback: [bare({ transactions: undefined })], apply: null }).rollback).toMatchObject([
      { transactions: [] },
    ]);
  });

  it('holds other things than prints, which are passed over', () => {
    const events = [
      { type: 'NFTMintEvent', data: {} },
      { type: 'SmartContractEvent', data: { topic: 'log', contract_identifier: 'x', raw_value: '0x03' } },
    ];
    const transactions = [
      { transaction_identifier: { hash: txId('a') }, metadata: { success: true, receipt: { events } } },
    ];
    expect(understood(v1(bare({ transactions }))).apply[0]?.transactions).toMatchObject([{ prints: [] }]);
  });

  it('may give the value of a v2 print as hex alone', () => {
    const metadata = { topic: 'print', contract_identifier: 'x', value: '0x03' };
    const transactions = [
      {
        transaction_identifier: { hash: txId('a') },
        metadata: { status: 'success' },
        operations: [{ type: 'contract_log', metadata }],
      },
    ];
    const parsed = understood({ event: { apply: [bare({ transactions })] } });
    expect(parsed.apply[0]?.transactions).toMatchObject([{ prints: [{ kind: 'hex', hex: '0x03' }] }]);
  });
});

describe('a payload of unknown shape has a reason and the path of what was wrong', () => {
  it.each<[string, unknown, string, string | undefined]>([
    ['no object', 'hello', 'the payload is no JSON object', undefined],
    ['a list', [], 'the payload is no JSON object', undefined],
    ['null', null, 'the payload is no JSON object', undefined],
    ['neither version', { blocks: [] }, 'neither a v1 payload (apply, rollback) nor a v2 one (event)', undefined],
    ['an event that is none', { event: 7 }, 'event is no object', 'event'],
    ['an event of nothing', { event: {} }, 'event has neither apply nor rollback', 'event'],
    ['another chain', { event: { chain: 'bitcoin', apply: [] } }, 'a payload of another chain', 'event.chain'],
    ['blocks in no list', { apply: {} }, 'apply is no list', 'apply'],
    ['a block that is none', { apply: [], rollback: [1] }, 'a block is no object', 'rollback[0]'],
    ['no identifier', v1({}), 'a block has no identifier', 'apply[0].block_identifier'],
    [
      'a height that is no number',
      v1(bare(), bare({ block_identifier: { index: '100', hash: '0x1' } })),
      'a block height is no whole number below 2^32',
      'apply[1].block_identifier.index',
    ],
    [
      'a hash that is none',
      { event: { apply: [bare({ parent_block_identifier: { hash: 'genesis' } })] } },
      'a hash is no hex',
      'event.apply[0].parent_block_identifier.hash',
    ],
    [
      'a time in milliseconds',
      v1(bare({ timestamp: 1_767_225_600_000 })),
      'a block time is not in whole seconds since 1970',
      'apply[0].timestamp',
    ],
    [
      'a time that is none',
      v1(bare({ metadata: { block_time: '12' } })),
      'a block time is not in whole seconds since 1970',
      'apply[0].metadata.block_time',
    ],
    [
      'an applied block without transactions',
      v1(bare({ transactions: undefined })),
      'the transactions of a block are no list',
      'apply[0].transactions',
    ],
  ])('%s', (_what, body, reason, field) => {
    expect(parsePayload(body)).toMatchObject({ understood: false, reason, ...(field !== undefined && { field }) });
  });
});

describe('a transaction of unknown shape spoils no other', () => {
  const good = { transaction_identifier: { hash: txId('a') }, metadata: { success: true, receipt: { events: [] } } };

  it.each<[string, unknown, string, string]>([
    ['no object', 'x', 'a transaction is no object', ''],
    ['no id', { ...good, transaction_identifier: { hash: 1 } }, 'a hash is no hex', 'transaction_identifier.hash'],
    ['no success', { ...good, metadata: {} }, 'success is no flag', 'metadata.success'],
    ['no receipt', { ...good, metadata: { success: true } }, 'metadata.receipt is no object', 'metadata.receipt'],
    [
      'events in no list',
      { ...good, metadata: { success: true, receipt: { events: 1 } } },
      'metadata.receipt.events is no list',
      'metadata.receipt.events',
    ],
  ])('%s', (_what, bad, message, field) => {
    const [first] = understood(v1(bare({ transactions: [bad, good] }))).apply;
    expect(first?.transactions).toMatchObject([{ problem: { message, field }, source: bad }, { txId: txId('a') }]);
  });

  it.each<[string, object, string, string]>([
    ['no data', { data: 1 }, 'an event has no data', 'metadata.receipt.events[0].data'],
    [
      'no contract',
      { data: { topic: 'print', raw_value: '0x03' } },
      'a print names no contract',
      'metadata.receipt.events[0].data.contract_identifier',
    ],
    [
      'no value',
      { data: { topic: 'print', contract_identifier: 'x' } },
      'a print has neither raw_value nor value',
      'metadata.receipt.events[0].data',
    ],
  ])('nor a print another print: %s', (_what, event, reason, field) => {
    const fine = { type: 'SmartContractEvent', data: { topic: 'print', contract_identifier: 'x', raw_value: '0x03' } };
    const receipt = { events: [{ type: 'SmartContractEvent', ...event }, fine] };
    const [first] = understood(v1(bare({ transactions: [{ ...good, metadata: { success: true, receipt } }] }))).apply;
    expect(first?.transactions).toMatchObject([{ prints: [{ kind: 'bad', reason, field }, { kind: 'hex' }] }]);
  });
});

describe('one transaction set aside', () => {
  it.each(['raw', 'v2'] as const)('is a payload of its own, with its block (%s)', (form) => {
    const transactions = [tx('a', [badgeMinted(1)]), tx('b', [badgeMinted(2)])];
    for (const side of ['apply', 'rollback'] as const) {
      const parsed = understood(payload(form, { [side]: [block(100, transactions)] }));
      const [whole] = parsed[side];
      if (whole === undefined) throw new Error('no block');
      const { input, path } = payloadOf(whole.transactions[1]?.source, whole, parsed.version);
      const again = understood(input);
      expect(again[side]).toMatchObject([
        { side, hash: whole.hash, atMs: whole.atMs, transactions: [whole.transactions[1]] },
      ]);
      expect(path).toBe(`${form === 'v2' ? 'event.' : ''}${side}[0].transactions[0]`);
    }
  });
});
