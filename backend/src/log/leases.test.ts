import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { describeWithMongo } from '../../test/support/describeMongo.js';
import { TestMongo } from '../../test/support/mongodb.js';
import type { Claim, Leases } from './leases.js';
import { LogUnavailableError, type LogEntry } from './log.js';
import { openMongo, type MongoStore } from './mongo.js';

describeWithMongo('the lease of the writer', () => {
  let server: TestMongo;
  let stores: [MongoStore, MongoStore];
  let leases: [Leases, Leases];
  const both = <T>(times: number, ask: (index: 0 | 1, call: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: times }, (_, call) => ask(call % 2 === 0 ? 0 : 1, call)));
  beforeAll(async () => {
    server = await TestMongo.start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    const uri = server.uri(`test_${randomUUID().slice(0, 8)}`);
    const logger = pino({ level: 'silent' });
    stores = [await openMongo(uri, { logger }), await openMongo(uri, { logger })];
    leases = [stores[0].leases, stores[1].leases];
  });
  afterEach(() => Promise.all(stores.map((store) => store.close())));

  const claim = (holder: string, lengthMs = 60_000): Claim => ({
    holder,
    lengthMs,
    url: `http://${holder}`,
    word: '{}',
  });
  const [A, B] = [claim('a'), claim('b')];

  test('of several that find it free, one has it', async () => {
    const taken = await both(8, (index, call) => leases[index].take(undefined, 1, claim(`holder ${call}`)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await leases[1].look()).toMatchObject({ term: 1, holder: `holder ${taken.indexOf(true)}`, isFree: false });
  });

  test('it is not free while it is renewed, and its holder says so with it', async () => {
    const [first, second] = leases;
    await first.take(undefined, 1, A);
    const seen = await second.look();
    expect(await first.renew(1, { ...A, word: '{"new":true}' })).toBe(true);
    // Seen before it was renewed: as if it had run out since.
    expect(await second.take(seen, 2, B)).toBe(false);
    expect(await second.look()).toMatchObject({ term: 1, url: 'http://a', word: '{"new":true}', isFree: false });
  });

  test('one that ran out can be taken, and then its former holder cannot renew it', async () => {
    const [first, second] = leases;
    await first.take(undefined, 1, { ...A, lengthMs: 1 });
    await sleep(20);
    const seen = await second.look();
    expect(seen).toMatchObject({ holder: 'a', isFree: true });
    expect(await second.take(seen, 2, B)).toBe(true);
    expect(await first.renew(1, A)).toBe(false);
    expect(await first.look()).toMatchObject({ term: 2, holder: 'b', isFree: false });
  });

  /** The lease by its update, the log by its insert, which is the one that FerretDB does not make twice. */
  test('of two that find that it ran out, one begins a term in the log, and the lease is in the end of one', async () => {
    for (let term = 1; term <= 10; term += 2) {
      await leases[0].take(await leases[0].look(), term, claim('dead', 1));
      await sleep(20);
      const seen = await leases[1].look();
      expect(seen).toMatchObject({ holder: 'dead', isFree: true });
      const heirs = stores.map((store, index) => ({ ...store, holder: `heir ${index} of ${term}` }));
      const reigns = await Promise.all(
        heirs.map(async ({ leases: own, log, beginTerm, endTerm, holder }) => {
          if (!(await own.take(seen, term + 1, claim(holder)))) return false;
          const entry: LogEntry = { kind: 'term', term: term + 1, writer: holder, atMs: 0 };
          const hasBegun = await beginTerm(term + 1)
            .then(() => log.append([entry]))
            .then(
              () => true,
              (error: unknown) => !(error instanceof LogUnavailableError),
            );
          await endTerm();
          return hasBegun;
        }),
      );
      expect(reigns.filter(Boolean)).toHaveLength(1);
      const isOurs = await Promise.all(heirs.map((heir) => heir.leases.renew(term + 1, claim(heir.holder))));
      expect(isOurs.filter(Boolean)).toHaveLength(1);
      for (const { log } of stores) for await (const commit of log.follow()) expect(commit.term).toBe(term + 1);
      expect(stores.map(({ log }) => log.head)).toEqual([(term + 1) / 2, (term + 1) / 2]);
    }
  });

  test('one that ran out, and that nobody took, is renewed by its holder', async () => {
    const [first, second] = leases;
    await first.take(undefined, 1, { ...A, lengthMs: 1 });
    await sleep(20);
    expect(await first.renew(1, A)).toBe(true);
    expect(await second.look()).toMatchObject({ holder: 'a', isFree: false });
  });

  test('one that was given back is free at once; only its holder can give it back', async () => {
    const [first, second] = leases;
    await first.take(undefined, 1, A);
    await second.release(1, B);
    expect(await second.look()).toMatchObject({ isFree: false });
    await first.release(1, A);
    const seen = await second.look();
    expect(seen).toMatchObject({ term: 1, isFree: true });
    expect(await second.take(seen, 2, B)).toBe(true);
  });

  test('a key that processes have in common is made once', async () => {
    const keys = await both(6, (index) => stores[index].sharedKey('session', 32));
    expect(keys[0]).toHaveLength(32);
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
  });
});
