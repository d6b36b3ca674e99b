import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { describeWithOwnMongo } from '../../test/support/describeMongo.js';
import { TestMongo } from '../../test/support/mongodb.js';
import { minting, NOTHING } from '../../test/support/intakeHarness.js';
import { DEPLOYER, payload } from '../../test/support/payloads.js';
import { commandOn, TcpProxy } from '../../test/support/tcpProxy.js';
import { Aggregator } from '../analyzers/aggregator.js';
import { derive } from '../batch/derive.js';
import { StaleWriterError, type EventLog } from '../log/log.js';
import { openMongo } from '../log/mongo.js';
import { Quarantine } from '../log/quarantine.js';
import { BlockIndex } from './blocks.js';
import { Intake } from './intake.js';

/** A delivery that is spread over several commits of MongoDB, small ones here, and broken off between two of them. */
const logger = pino({ level: 'silent' });
const clock = (): number => Date.UTC(2026, 10, 20);
/** The delivery takes four or more of them. */
const MAX_RECORD_BYTES = 1_000;
const BADGES = 50;

describeWithOwnMongo('a delivery that is too large for one commit', () => {
  let server: TestMongo;
  let proxy: TcpProxy;
  beforeAll(async () => {
    server = await TestMongo.startOwn();
    proxy = await TcpProxy.start(server.port);
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });

  test.each([1, 2, 3])(
    'counts not at all when it ends after %i of its commits, and once when it came again',
    async (after) => {
      const database = `test_${randomUUID().slice(0, 8)}`;
      const store = await openMongo(server.uri(database, proxy.port), {
        logger,
        giveUpMs: 2_000,
        maxRecordBytes: MAX_RECORD_BYTES,
      });
      try {
        const quarantine = new Quarantine(store.documents, clock);
        await store.beginTerm(1);
        const intake = await Intake.open({ log: store.log, quarantine, deployer: DEPLOYER, clock, logger });
        const replaced = minting(100, [1], 'A');
        await intake.deliver(payload('raw', { apply: [replaced] }));
        const before = store.log.head;
        expect(await issuedIn(store.log)).toBe(1);

        // A reorg, so that half of it would be seen.
        const badges = Array.from({ length: BADGES }, (_, index) => index + 2);
        const large = payload('raw', { rollback: [replaced], apply: [minting(100, badges, 'B')] });
        proxy.break({ needle: commandOn('insert', 'commits'), fate: 'lose', times: Number.POSITIVE_INFINITY, after });
        await expect(intake.deliver(large)).rejects.toThrow(StaleWriterError);
        await proxy.quiet();
        proxy.mend();
        expect(intake.status().tip).toMatchObject({ height: 100 });

        await store.endTerm();
        let read = 0;
        for await (const commit of store.log.follow()) {
          await intake.follow(commit);
          read += 1;
        }
        expect([read, store.log.head > before]).toEqual([after, true]);
        store.log.forget();
        expect(await issuedIn(store.log)).toBe(1);

        await store.beginTerm(2);
        expect(await intake.deliver(large)).toMatchObject({ applied: 1, rolledBack: 1, quarantined: 0 });
        store.log.forget();
        expect(await issuedIn(store.log)).toBe(BADGES);
        expect(await intake.deliver(large)).toEqual({ ...NOTHING, duplicates: BADGES });
        expect(await issuedIn(store.log)).toBe(BADGES);
      } finally {
        proxy.mend();
        await store.close();
        await server.drop(server.uri(database));
      }
    },
  );
});

/** The badges that count, folded from the log as it is. Throws if a fact stands in it twice. */
async function issuedIn(log: EventLog): Promise<number> {
  const [aggregator, blocks, facts] = [new Aggregator(), new BlockIndex(), new Set<string>()];
  for await (const commit of log.read(0)) {
    for (const entry of commit.entries) {
      if (entry.kind !== 'fact') continue;
      if (facts.has(entry.fact.id)) throw new Error(`fact ${entry.fact.id} stands in the log twice`);
      facts.add(entry.fact.id);
    }
    aggregator.apply((await derive(commit, blocks, log)).changes);
  }
  return aggregator.metrics().totalBadgesIssued;
}
