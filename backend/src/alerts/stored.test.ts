import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from '@sinclair/typebox/value';
import { pino } from 'pino';
import { NewAlert, type Alert } from '../contract/index.js';
import { openLmdb, type LmdbStore } from '../log/lmdb.js';
import { Alerts, type AlertsOptions } from './alerts.js';
import type { Seen } from './evaluation.js';
import { LatestFacts } from './latestFacts.js';
import { AlertStore } from './store.js';
import { StoredAlerts } from './stored.js';

/** Alerts that one process holds against the metrics, as another shows them that reads the same store. */
const logger = pino({ level: 'silent' });
const NOW = Date.UTC(2026, 10, 26);
const STALLED = { name: 'Stalled', metric: 'chainStalled', condition: 'above', threshold: 0 };
let dir: string;
let store: LmdbStore;
let writing: Alerts;
let told: readonly Seen[];
let stored: StoredAlerts;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'passportx-alerts-'));
  store = await openLmdb(dir, { logger });
  const chainStatus = (): unknown => ({ lagMs: 0, stalled: true, unprovenCount: 0 });
  writing = await Alerts.open({
    store: new AlertStore(store.documents),
    sources: { chainStatus } as unknown as AlertsOptions['sources'],
    latest: new LatestFacts(() => Promise.resolve(null)),
    onNotice: () => undefined,
    allowPrivateWebhooks: false,
    clock: () => NOW,
    logger,
  });
  await writing.start();
  told = [];
  stored = new StoredAlerts({ store: new AlertStore(store.documents), seen: () => told, clock: () => NOW });
});
afterEach(async () => {
  await writing.stop();
  await store.close();
  await rm(dir, { recursive: true });
});

const create = async (over: Partial<typeof STALLED> = {}): Promise<Alert> => {
  const { alert } = await writing.create(Value.Default(NewAlert, { ...STALLED, ...over }) as NewAlert);
  return alert;
};

test('they are shown as the writer shows them: those that fire first, with what it told of their figures', async () => {
  await create({ name: 'A calm one', metric: 'unprovenBlocks' });
  const { id } = await create();
  await writing.evaluate();
  told = writing.seen;
  const shown = await writing.list();
  expect(shown.map(({ name, phase, value }) => [name, phase, value])).toEqual([
    ['Stalled', 'firing', 1],
    ['A calm one', 'ok', 0],
  ]);
  expect(await stored.list()).toEqual(shown);
  expect(await stored.get(id)).toEqual(shown[0]);
  expect(await stored.get('none')).toBeUndefined();
  expect((await stored.history({ limit: 10 })).items).toMatchObject([{ alertId: id, event: 'firing' }]);
});

test('of one that was made to watch for something else the figure of before is not shown', async () => {
  const { id } = await create();
  await writing.evaluate();
  told = writing.seen;
  await writing.change(id, { metric: 'unprovenBlocks' });
  expect(await stored.get(id)).toMatchObject({ metric: 'unprovenBlocks', phase: 'ok', value: null, evaluatedAt: null });
  await writing.evaluate();
  told = writing.seen;
  expect(await stored.get(id)).toMatchObject({ value: 0 });
});

test('however many ask at once, they are read once more, and nobody is shown what was before a change', async () => {
  const list = jest.spyOn(store.documents, 'list');
  const before = stored.list();
  // Begun by then; who comes from here on is given the next reading.
  await new Promise(setImmediate);
  const { id } = await create();
  const many = await Promise.all(Array.from({ length: 100 }, () => stored.list()));
  expect(new Set(many.map((alerts) => alerts.map((alert) => alert.id).join())).size).toBe(1);
  expect(many[0]?.map((alert) => alert.id)).toEqual([id]);
  await before;
  // Rules and states, twice.
  expect(list).toHaveBeenCalledTimes(4);
});
