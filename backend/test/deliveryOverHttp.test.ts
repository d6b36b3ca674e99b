import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { Aggregator } from '../src/analyzers/aggregator.js';
import { BatchProcessor } from '../src/batch/processor.js';
import { BlockIndex } from '../src/chain/blocks.js';
import { Intake } from '../src/chain/intake.js';
import type { Aggregated, DeliveryReceipt, QuarantinePage } from '../src/contract/index.js';
import { openLmdb, type LmdbStore } from '../src/log/lmdb.js';
import type { EventLog } from '../src/log/log.js';
import { Quarantine } from '../src/log/quarantine.js';
import { SnapshotStore } from '../src/snapshots/store.js';
import { Snapshots } from '../src/snapshots/snapshot.js';
import { activity, foldedNames } from '../src/warehouse/activity.js';
import { Warehouse } from '../src/warehouse/duckdb.js';
import { startApi, type Api } from './support/apiHarness.js';
import { badgeMinted, block, blockHash, DEPLOYER, payload, timeOf, tx } from './support/payloads.js';

/** The API over the real intake, log, quarantine, folds, read model and snapshots. */
const MAX_WAIT_MS = 50;
const NOW = timeOf(3) * 1000;
const logger = pino({ level: 'silent' });
const MINT = payload('raw', { apply: [block(1, [tx('mint', [badgeMinted(1)])])] });

let directory: string;
let store: LmdbStore;
let warehouse: Warehouse;
let processor: BatchProcessor;
let api: Api;
/** While there is one, appends wait for it: a disk that hangs. */
let hangs: Promise<void> | undefined;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'delivery-'));
  store = await openLmdb(join(directory, 'log'), { logger });
  warehouse = await Warehouse.open({ path: join(directory, 'warehouse.duckdb'), memoryLimitMb: 64, logger });
  hangs = undefined;
  const log = hanging(store.log);
  const clock = (): number => NOW;
  const quarantine = new Quarantine(store.documents, clock);
  const limits = { maxPending: 1, maxWaitMs: MAX_WAIT_MS };
  const intake = await Intake.open({ log, quarantine, deployer: DEPLOYER, clock, logger, limits });
  const aggregator = new Aggregator();
  const blocks = new BlockIndex();
  processor = new BatchProcessor(log, blocks, aggregator, 0, {
    size: 50,
    timeoutMs: 60_000,
    stopwatch: () => performance.now(),
    logger,
    onBatch: () => undefined,
    onRejected: (_change, error) => Promise.reject(error as Error),
  });
  const snapshots = new Snapshots({ warehouse, log, store: new SnapshotStore(store.documents), clock });
  api = await startApi({
    clock,
    intake,
    quarantine,
    snapshots,
    analytics: { seq: () => processor.position, reads: aggregator },
    activity: {
      activity: (query) => activity(warehouse, query, foldedNames(aggregator, blocks, processor.position)),
    },
  });
});

afterEach(async () => {
  await warehouse.close();
  await store.close();
  rmSync(directory, { recursive: true });
});

function hanging(log: EventLog): EventLog {
  return {
    get head() {
      return log.head;
    },
    get failure() {
      return log.failure;
    },
    append: async (entries) => {
      await hangs;
      return log.append(entries);
    },
    confirm: () => log.confirm(),
    commitAt: (seq) => log.commitAt(seq),
    read: (after) => log.read(after),
    readBackwards: () => log.readBackwards(),
    close: () => log.close(),
  };
}

const deliver = (body: unknown): Promise<Response> => api.post('/api/chainhook/events', body, 'chainhook');
const receiptOf = async (response: Response): Promise<DeliveryReceipt> => (await response.json()) as DeliveryReceipt;
const quarantined = async (): Promise<QuarantinePage> =>
  (await (await api.call('/api/quarantine', { as: 'admin' })).json()) as QuarantinePage;
/** What the dashboard shows once all that was delivered is folded. */
async function shown(): Promise<Aggregated> {
  await processor.start();
  return (await (await api.call('/api/analytics/aggregated', { as: 'viewer' })).json()) as Aggregated;
}

it('shows what was delivered, once, however often it is', async () => {
  expect(await receiptOf(await deliver(MINT))).toMatchObject({ accepted: 1, duplicates: 0, applied: 1 });
  expect(await receiptOf(await deliver(MINT))).toMatchObject({ accepted: 0, duplicates: 1, applied: 0 });
  const { metrics, seq, headline } = await shown();
  expect([metrics.totalBadgesIssued, seq, headline[0]?.value]).toEqual([1, store.log.head, 1]);
});

it('answers 503 after the wait when the store hangs, and counts the redelivery once', async () => {
  let wake = (): void => undefined;
  hangs = new Promise((resolve) => {
    wake = resolve;
  });
  const first = deliver(MINT);
  await untilInside();
  const refused = await deliver(payload('raw', { apply: [block(2, [tx('other', [badgeMinted(2)])])] }));
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.headers.get('content-type')).toMatch('application/problem+json');
  expect(await refused.json()).toMatchObject({
    title: 'Service Unavailable',
    detail: `Busy: 1 are under way, and no place came free within ${MAX_WAIT_MS} ms.`,
  });
  wake();
  expect((await first).status).toBe(200);
  await deliver(payload('raw', { apply: [block(2, [tx('other', [badgeMinted(2)])])] }));
  expect((await shown()).metrics.totalBadgesIssued).toBe(2);
});

/** Until the delivery before has the only place. */
async function untilInside(): Promise<void> {
  const intake = api.services.intake as Intake;
  while (intake.status().queued === 0) await new Promise((resolve) => setTimeout(resolve, 1));
}

it('answers 503 with Retry-After when the store is gone', async () => {
  await store.close();
  const refused = await deliver(MINT);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await refused.text()).not.toContain(directory);
});

it('answers JSON that it does not understand 200, keeps it whole, and drops it when told', async () => {
  const strange = { hello: ['world'] };
  expect(await receiptOf(await deliver(strange))).toMatchObject({ accepted: 0, quarantined: 1 });
  const [item] = (await quarantined()).items;
  expect(item).toMatchObject({ source: 'chainhook', input: strange });
  const again = await api.post(`/api/quarantine/${item?.id}/replay`, {}, 'admin');
  expect([again.status, await receiptOf(again)]).toMatchObject([200, { quarantined: 1 }]);
  expect((await quarantined()).items).toHaveLength(1);
  expect((await api.call(`/api/quarantine/${item?.id}`, { method: 'DELETE', as: 'admin' })).status).toBe(204);
  expect((await quarantined()).items).toEqual([]);
});

it('takes a payload out of quarantine once it is understood', async () => {
  // As if an older version had set it aside.
  await (api.services.quarantine as Quarantine).add({ source: 'chainhook-v1', reason: 'not understood', input: MINT });
  const [item] = (await quarantined()).items;
  const replayed = await api.post(`/api/quarantine/${item?.id}/replay`, {}, 'admin');
  expect(await receiptOf(replayed)).toMatchObject({ accepted: 1, quarantined: 0 });
  expect((await quarantined()).items).toEqual([]);
});

it('takes back a block that an admin retracts, until the node delivers it again', async () => {
  await deliver(MINT);
  const retracted = await api.post(`/api/chain/blocks/${blockHash(1)}/retract`, {}, 'admin');
  expect([retracted.status, await receiptOf(retracted)]).toMatchObject([200, { rolledBack: 1 }]);
  expect((await shown()).metrics.totalBadgesIssued).toBe(0);
  expect(await receiptOf(await deliver(MINT))).toMatchObject({ duplicates: 1, applied: 1 });
  expect((await shown()).metrics.totalBadgesIssued).toBe(1);
});

it('takes the word of an admin on blocks that it knows, and answers 404 for others', async () => {
  await deliver(MINT);
  const confirmed = await api.post(`/api/chain/blocks/${blockHash(1)}/confirm`, {}, 'admin');
  expect([confirmed.status, await receiptOf(confirmed)]).toMatchObject([200, { applied: 0, rolledBack: 0 }]);
  for (const word of ['confirm', 'retract'])
    expect((await api.post(`/api/chain/blocks/${blockHash(9)}/${word}`, {}, 'admin')).status).toBe(404);
});

it('pages through the activity and refuses a cursor that it did not give', async () => {
  await deliver(payload('raw', { apply: [block(1, [tx('two', [badgeMinted(1), badgeMinted(2)])])] }));
  await processor.start();
  await warehouse.catchUp(store.log);
  const page = async (query: string): Promise<{ items: { badgeId: string }[]; next: string | null }> =>
    (await (await api.call(`/api/analytics/activity?limit=1${query}`, { as: 'viewer' })).json()) as never;
  const first = await page('');
  const second = await page(`&before=${first.next}`);
  expect([first.items[0]?.badgeId, second.items[0]?.badgeId, second.next]).toEqual(['2', '1', null]);
  const wrong = await api.call('/api/analytics/activity?before=page-2', { as: 'viewer' });
  expect([wrong.status, await wrong.json()]).toMatchObject([
    400,
    { errors: [{ field: 'before', message: 'must be the `next` of a page before' }] },
  ]);
});

it('takes the snapshot of the open day: 201, then 200 for the one that replaces it', async () => {
  await deliver(MINT);
  const first = await api.post('/api/analytics/snapshot', { period: 'daily' }, 'admin');
  expect([first.status, await first.json()]).toMatchObject([201, { metrics: { totalBadgesIssued: 1 } }]);
  await deliver(payload('raw', { apply: [block(2, [tx('other', [badgeMinted(2)])])] }));
  const second = await api.post('/api/analytics/snapshot', { period: 'daily' }, 'admin');
  expect([second.status, await second.json()]).toMatchObject([200, { metrics: { totalBadgesIssued: 2 } }]);
  const listed = await api.call('/api/analytics/snapshots', { as: 'viewer' });
  expect(await listed.json()).toHaveLength(1);
});
