import { pino } from 'pino';
import type { ActivityPage, Aggregated, DeliveryReceipt, QuarantinePage } from '../../src/contract/index.js';
import { openLmdb } from '../../src/log/lmdb.js';
import { Quarantine } from '../../src/log/quarantine.js';
import { paths } from '../../src/storage.js';
import { badgeMinted, block, DEPLOYER, payload, payloadText, print, principal, tx } from '../support/payloads.js';
import { TestService, TOKENS } from '../support/service.js';
import { folded } from './verdict.js';

/** What the built service sets aside: listed with a reason for a person, and counted once what was wrong is mended. */
let service: TestService;
beforeAll(async () => {
  service = await TestService.start({ env: { STACKS_DEPLOYER: DEPLOYER, LOG_LEVEL: 'error' } });
});
afterAll(() => service.stop());
afterEach(async () => {
  for (const { id } of await quarantined()) await asAdmin('DELETE', `/api/quarantine/${id}`);
});

const asAdmin = (method: string, path: string): Promise<Response> =>
  fetch(service.url + path, { method, headers: { authorization: `Bearer ${TOKENS.admin}` } });
const receiptOf = async (answer: Promise<Response>): Promise<DeliveryReceipt> => {
  const response = await answer;
  expect(response.status).toBe(200);
  return (await response.json()) as DeliveryReceipt;
};
const quarantined = async (): Promise<QuarantinePage['items']> =>
  ((await (await asAdmin('GET', '/api/quarantine')).json()) as QuarantinePage).items;
const activity = async (query: string): Promise<ActivityPage['items']> => {
  await folded(service);
  return (await service.read<ActivityPage>(`/api/analytics/activity?${query}`)).items;
};
const badges = async (): Promise<(string | undefined)[]> =>
  (await activity('type=badge_issued&limit=200')).map(({ badgeId }) => badgeId);
const gauge = async (name: string): Promise<string | undefined> =>
  new RegExp(`^${name} (.*)$`, 'm').exec(await (await fetch(`${service.url}/metrics`)).text())?.[1];

const LARGE = 2n ** 53n + 1n;
const minting = (form: 'raw' | 'decoded', height: number, badgeId: bigint): unknown =>
  payload(form, { apply: [block(height, [tx(`mint ${badgeId}`, [badgeMinted(badgeId)])])] });

test('a uint beyond 2^53 counts with every digit from raw values; from a JSON number it is set aside, not rounded', async () => {
  const raw = [LARGE, 2n ** 64n - 1n, 2n ** 128n - 1n];
  for (const [index, id] of raw.entries())
    expect(await receiptOf(service.deliver(minting('raw', 10 + index, id)))).toMatchObject({ accepted: 1 });
  expect(await badges()).toEqual(raw.map(String).reverse());

  // 2^53 + 3: as a JSON number it reads as 2^53 + 4, another badge.
  expect(payloadText('decoded', { apply: [block(20, [tx('x', [badgeMinted(LARGE + 2n)])])] })).toContain(
    '"badge-id":9007199254740995',
  );
  const rounded = minting('decoded', 20, LARGE + 2n);
  expect(await receiptOf(service.deliver(rounded))).toMatchObject({ accepted: 0, quarantined: 1 });
  expect(await badges()).toHaveLength(3);
  const [item] = await quarantined();
  expect(item?.reason).toBe(
    'badge-id came as the JSON number 9007199254740996, and beyond 2^53 those are not exact: ask the node for raw values',
  );

  // The fix is the node's: it sends raw values now, and the block again. The item stays what it was, and is dropped.
  expect(await receiptOf(service.deliver(minting('raw', 20, LARGE + 2n)))).toMatchObject({ accepted: 1 });
  expect(await receiptOf(asAdmin('POST', `/api/quarantine/${item?.id}/replay`))).toMatchObject({ quarantined: 1 });
  expect((await asAdmin('DELETE', `/api/quarantine/${item?.id}`)).status).toBe(204);
  expect((await badges())[0]).toBe('9007199254740995');
});

const inBlock = (height: number, prints: Parameters<typeof tx>[1]): unknown =>
  payload('raw', { apply: [block(height, [tx(`in ${height}`, prints)])] });
/** The one transaction of a payload that has one, else all of it. */
const transactionOf = (input: unknown): unknown =>
  (input as { apply?: { transactions?: unknown[] }[] }).apply?.[0]?.transactions?.[0] ?? input;
/** Of its block what identifies it. */
const keptOf = (input: unknown): unknown => {
  const [block] = (input as { apply?: { block_identifier: unknown; transactions?: unknown }[] }).apply ?? [];
  return block?.transactions === undefined ? input : { apply: [{ block_identifier: block.block_identifier }] };
};
const EVENT = 'apply[0].transactions[0].metadata.receipt.events[0].data.raw_value';

test.each([
  [
    'an event that no version of the contracts prints',
    inBlock(30, [print('badge-burned', { 'badge-id': 1 })]),
    'no print of ours is called badge-burned',
    `${EVENT}.event`,
  ],
  [
    'a field of another type',
    inBlock(31, [badgeMinted(31, { recipient: true })]),
    'recipient is no principal: true',
    `${EVENT}.recipient`,
  ],
  [
    'bytes that break off',
    JSON.parse(JSON.stringify(inBlock(32, [badgeMinted(32)])).replace(/("raw_value":"0x[0-9a-f]{60})[0-9a-f]+/, '$1')),
    'the print is no Clarity value: bytes end within an integer at byte 30',
    EVENT,
  ],
  [
    'a block without a parent',
    { apply: [{ block_identifier: { index: 1, hash: '0x01' } }] },
    'a block has no identifier',
    'apply[0].parent_block_identifier',
  ],
  [
    'another program altogether',
    { hello: 'world' },
    'neither a v1 payload (apply, rollback) nor a v2 one (event)',
    undefined,
  ],
  ['no object at all', [1, 2], 'the payload is no JSON object', undefined],
])('%s is listed with what is wrong and where, and keeps the input', async (_what, input, reason, field) => {
  expect(await receiptOf(service.deliver(input))).toMatchObject({ accepted: 0, quarantined: 1 });
  const [item, ...others] = await quarantined();
  expect(others).toEqual([]);
  expect([item?.reason, item?.field]).toEqual([reason, field]);
  expect(item?.input).toMatchObject(keptOf(input) as object);
  expect(transactionOf(item?.input)).toEqual(transactionOf(input));
});

test('a transaction nested beyond all reason is set aside as text; the others of its block count', async () => {
  const deep = JSON.stringify(inBlock(40, [badgeMinted(40), badgeMinted(41, { level: true })])).replace(
    '"result":"(ok true)"',
    `"result":${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  );
  const before = (await badges()).length;
  const answer = await fetch(`${service.url}/api/chainhook/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKENS.chainhook}`, 'content-type': 'application/json' },
    body: deep,
  });
  expect([answer.status, await answer.json()]).toMatchObject([200, { accepted: 1, quarantined: 1 }]);
  expect(await badges()).toHaveLength(before + 1);
  const [item] = await quarantined();
  expect([item?.reason, typeof item?.input]).toEqual(['level is no uint: true', 'string']);
});

test('what an older version did not know is counted when an admin has the new one take it again', async () => {
  const alice = principal('alice of the update');
  const input = inBlock(50, [
    print('user-suspended', { user: alice, 'suspended-by': principal('admin') }),
    badgeMinted(50),
  ]);
  // As the version left it that was the last to write here: it took the badge, and set the rest aside.
  await service.kill('SIGTERM');
  const { documents, close } = await openLmdb(paths(service.dataDir).log, { logger: pino({ level: 'silent' }) });
  const reason = 'no print of ours is called user-suspended';
  await new Quarantine(documents, Date.now).add({ source: 'chainhook-v1', reason, field: `${EVENT}.event`, input });
  await close();
  await service.restart();
  expect(await gauge('passportx_quarantined')).toBe('1');
  const [item] = await quarantined();
  expect(item).toMatchObject({ reason, input });

  expect(await receiptOf(asAdmin('POST', `/api/quarantine/${item?.id}/replay`))).toMatchObject({
    accepted: 2,
    quarantined: 0,
  });
  expect(await quarantined()).toEqual([]);
  expect(await gauge('passportx_quarantined')).toBe('0');
  expect((await activity('limit=2')).map(({ type }) => type).sort()).toEqual(['badge_issued', 'user_suspended']);
  expect((await asAdmin('POST', `/api/quarantine/${item?.id}/replay`)).status).toBe(404);
  // Delivered by the node too, in the end, it is known.
  expect(await receiptOf(service.deliver(input))).toMatchObject({ accepted: 0, duplicates: 2 });
  const { metrics } = await service.read<Aggregated>('/api/analytics/aggregated');
  expect(metrics.totalBadgesIssued).toBe((await badges()).length);
});
