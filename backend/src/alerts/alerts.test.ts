import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from '@sinclair/typebox/value';
import { pino } from 'pino';
import { NewAlert } from '../contract/index.js';
import { openLmdb, type LmdbStore } from '../log/lmdb.js';
import { Alerts, type AlertsOptions } from './alerts.js';
import { LatestFacts } from './latestFacts.js';
import { AlertStore } from './store.js';

/** What a change of an alert leaves in the store, of which a crash may leave the first part. */
const logger = pino({ level: 'silent' });
let dir: string;
let store: LmdbStore;
let alerts: Alerts;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'passportx-alerts-'));
  store = await openLmdb(dir, { logger });
  alerts = await Alerts.open({
    store: new AlertStore(store.documents),
    // All that an alert on the chain asks for.
    sources: { chainStatus: () => ({ lagMs: 0, stalled: true, unproven: [] }) } as unknown as AlertsOptions['sources'],
    latest: new LatestFacts(() => Promise.resolve(null)),
    onNotice: () => undefined,
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

const STALLED = { name: 'Stalled', metric: 'chainStalled', condition: 'above', threshold: 0 };

test('a change that ends a firing alert keeps the rule, its state and the end that is told in one write', async () => {
  const { alert } = await alerts.create(Value.Default(NewAlert, STALLED) as NewAlert);
  await alerts.start();
  expect(alerts.get(alert.id)?.phase).toBe('firing');

  const putMany = jest.spyOn(store.documents, 'putMany');
  await alerts.change(alert.id, { condition: 'below' });
  const written = putMany.mock.calls.map(([, documents]) => documents.map(({ id }) => id.split('/')[0]));
  expect(written).toEqual([['rule', 'state', 'history']]);
  const { items } = await alerts.history({ limit: 10 });
  expect(items.map(({ event }) => event)).toEqual(['resolved', 'firing']);
  expect(alerts.get(alert.id)).toMatchObject({ phase: 'ok', condition: 'below' });
});
