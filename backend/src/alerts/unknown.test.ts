import { randomUUID } from 'node:crypto';
import { Value } from '@sinclair/typebox/value';
import { pino } from 'pino';
import { describeWithOwnMongo } from '../../test/support/describeMongo.js';
import { TestMongo } from '../../test/support/mongodb.js';
import { commandOn, TcpProxy } from '../../test/support/tcpProxy.js';
import { NewAlert, type AlertNotice } from '../contract/index.js';
import { LogUnavailableError } from '../log/log.js';
import { openMongo, type MongoStore } from '../log/mongo.js';
import { Alerts, type AlertsOptions } from './alerts.js';
import { LatestFacts } from './latestFacts.js';
import { AlertStore } from './store.js';

/** What alerts make of a write that failed, and was made all the same. */
const logger = pino({ level: 'silent' });
const PUT = commandOn('update', 'documents');

describeWithOwnMongo('alerts whose write failed, with nobody knowing whether it was made', () => {
  let server: TestMongo;
  let proxy: TcpProxy;
  let store: MongoStore;
  let alerts: Alerts;
  let told: AlertNotice[];
  let now: number;
  let stalled: boolean;
  beforeAll(async () => {
    server = await TestMongo.startOwn();
    proxy = await TcpProxy.start(server.port);
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });
  beforeEach(async () => {
    told = [];
    now = Date.UTC(2026, 10, 26);
    stalled = false;
    store = await openMongo(server.uri(`test_${randomUUID().slice(0, 8)}`, proxy.port), { logger, giveUpMs: 3_000 });
    await store.beginTerm(1);
    const chainStatus = (): unknown => ({ lagMs: 0, stalled, unprovenCount: 0 });
    alerts = await Alerts.open({
      store: new AlertStore(store.documents),
      sources: { chainStatus } as unknown as AlertsOptions['sources'],
      latest: new LatestFacts(() => Promise.resolve(null)),
      onNotice: (notice) => told.push(notice),
      allowPrivateWebhooks: false,
      clock: () => now,
      logger,
    });
    await alerts.start();
  });
  afterEach(async () => {
    proxy.mend();
    await alerts.stop();
    await store.close();
  });
  const create = (): ReturnType<Alerts['create']> =>
    alerts.create(
      Value.Default(NewAlert, {
        ...{ name: 'Stalled', metric: 'chainStalled', condition: 'above', threshold: 0 },
      }) as NewAlert,
    );

  it.each(['lose', 'cut the answer'] as const)('tell an incident once (%s)', async (fate) => {
    await create();
    await alerts.evaluate();
    stalled = true;
    const met = proxy.met;
    proxy.break({ needle: PUT, fate, times: 1 });
    await alerts.evaluate();
    expect(proxy.met).toBe(met + 1);
    expect(told).toEqual([]);
    now += 5_000;
    await alerts.evaluate();
    const { items } = await new AlertStore(store.documents).page({ limit: 10 });
    expect(items.map(({ event, incident }) => [event, incident])).toEqual([['firing', 1]]);
    expect(told.map(({ event, at }) => [event, at])).toEqual([['firing', new Date(now - 5_000).toISOString()]]);
    expect((await alerts.list()).map(({ phase }) => phase)).toEqual(['firing']);
  });

  it('are told by the next writer alone once they were stopped, though batches are folded on', async () => {
    await create();
    await alerts.evaluate();
    stalled = true;
    proxy.break({ needle: PUT, fate: 'cut the answer', times: 1 });
    await alerts.evaluate();
    await alerts.stop();
    await alerts.folded([]);
    const { items } = await new AlertStore(store.documents).page({ limit: 10 });
    expect([items.map(({ event }) => event), told]).toEqual([['firing'], []]);
  });

  it('list one that was made though its maker was told that it was not', async () => {
    proxy.break({ needle: PUT, fate: 'lose', times: 1 });
    await expect(create()).rejects.toThrow(LogUnavailableError);
    expect((await alerts.list()).map(({ name }) => name)).toEqual(['Stalled']);
  });
});
