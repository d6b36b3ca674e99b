import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from '@sinclair/typebox/value';
import { pino } from 'pino';
import { NewAlert, type AlertHistory, type AlertNotice } from '../contract/index.js';
import { openLmdb, type LmdbStore } from '../log/lmdb.js';
import { Alerts, type AlertsOptions } from './alerts.js';
import { LatestFacts } from './latestFacts.js';
import { AlertStore } from './store.js';

/** What a change or a deletion of an alert leaves in the store, of which a crash may leave the first part. */
const logger = pino({ level: 'silent' });
let dir: string;
let store: LmdbStore;
let alerts: Alerts;
let told: AlertNotice[];

beforeEach(async () => {
  told = [];
  dir = await mkdtemp(join(tmpdir(), 'passportx-alerts-'));
  store = await openLmdb(dir, { logger });
  alerts = await Alerts.open({
    store: new AlertStore(store.documents),
    // All that an alert on the chain asks for.
    sources: {
      chainStatus: () => ({ lagMs: 0, stalled: true, unprovenCount: 0 }),
    } as unknown as AlertsOptions['sources'],
    latest: new LatestFacts(() => Promise.resolve(null)),
    onNotice: (notice) => told.push(notice),
    allowPrivateWebhooks: false,
    clock: () => Date.UTC(2026, 10, 26),
    logger,
  });
});
afterEach(async () => {
  await alerts.stop();
  await store.close();
  await rm(dir, { recursive: true });
});

const history = (): Promise<AlertHistory> => new AlertStore(store.documents).page({ limit: 10 });
const STALLED = { name: 'Stalled', metric: 'chainStalled', condition: 'above', threshold: 0 };

test('a change that ends a firing alert keeps the rule, its state and the end that is told in one write', async () => {
  const { alert } = await alerts.create(Value.Default(NewAlert, STALLED) as NewAlert);
  await alerts.start();
  expect((await alerts.get(alert.id))?.phase).toBe('firing');

  const putMany = jest.spyOn(store.documents, 'putMany');
  await alerts.change(alert.id, { condition: 'below' });
  const written = putMany.mock.calls.map(([, documents]) => documents.map(({ id }) => id.split('/')[0]));
  expect(written).toEqual([['rule', 'state', 'history']]);
  const { items } = await history();
  expect(items.map(({ event }) => event)).toEqual(['resolved', 'firing']);
  expect(await alerts.get(alert.id)).toMatchObject({ phase: 'ok', condition: 'below' });
});

test('a deletion that ends a firing alert keeps its state and the end that is told in one write, before it is gone', async () => {
  const { alert } = await alerts.create(Value.Default(NewAlert, STALLED) as NewAlert);
  await alerts.start();
  expect((await alerts.get(alert.id))?.phase).toBe('firing');
  told.length = 0;

  const putMany = jest.spyOn(store.documents, 'putMany');
  const remove = jest.spyOn(store.documents, 'delete');
  expect(await alerts.remove(alert.id)).toBe(true);
  expect(putMany.mock.calls.map(([, documents]) => documents.map(({ id }) => id.split('/')[0]))).toEqual([
    ['state', 'history'],
  ]);
  expect(putMany.mock.invocationCallOrder[0]).toBeLessThan(remove.mock.invocationCallOrder[0] ?? 0);
  expect(told.map(({ event, message }) => [event, message])).toEqual([
    ['resolved', 'Ended because the alert was deleted'],
  ]);
  expect((await history()).items.map(({ event }) => event)).toEqual(['resolved', 'firing']);
  expect(await alerts.list()).toEqual([]);
});

test('a deletion of one that does not fire tells nothing', async () => {
  const { alert } = await alerts.create(Value.Default(NewAlert, { ...STALLED, threshold: 1 }) as NewAlert);
  await alerts.start();
  await alerts.remove(alert.id);
  expect(told).toEqual([]);
  expect((await history()).items).toEqual([]);
});
