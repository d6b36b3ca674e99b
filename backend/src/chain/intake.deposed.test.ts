import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { describeWithMongo } from '../../test/support/describeMongo.js';
import { TestMongo } from '../../test/support/mongodb.js';
import { minting } from '../../test/support/intakeHarness.js';
import { DEPLOYER, payload, type DeliveryDescription } from '../../test/support/payloads.js';
import { StaleWriterError } from '../log/log.js';
import { openMongo, type MongoStore } from '../log/mongo.js';
import { Quarantine } from '../log/quarantine.js';
import { Intake } from './intake.js';

/** Two processes on one database, of which the first does not know yet that the second writes. */
const logger = pino({ level: 'silent' });
const clock = (): number => Date.UTC(2026, 10, 20);

describeWithMongo('a writer that another has followed', () => {
  let server: TestMongo;
  beforeAll(async () => {
    server = await TestMongo.start();
  });
  afterAll(() => server.stop());

  test('acknowledges nothing, not even what it takes for a repetition: the log may say otherwise since', async () => {
    const uri = server.uri(`test_${randomUUID().slice(0, 8)}`);
    const [first, second] = [await openMongo(uri, { logger }), await openMongo(uri, { logger })];
    try {
      await first.beginTerm(1);
      const before = await intakeOf(first);
      const applied = { apply: [minting(100, [1])] };
      const deliver = (intake: Intake, delivery: DeliveryDescription): Promise<unknown> =>
        intake.deliver(payload('raw', delivery));
      await deliver(before, applied);
      expect(await deliver(before, applied)).toMatchObject({ accepted: 0, duplicates: 1, applied: 0 });

      for await (const { seq } of second.log.follow()) expect(seq).toBe(1);
      await second.beginTerm(2);
      const after = await intakeOf(second);
      await deliver(after, { rollback: applied.apply });
      // It counts again, which the first would call nothing new.
      await expect(deliver(before, applied)).rejects.toThrow(StaleWriterError);
      await expect(deliver(before, { apply: [] })).rejects.toThrow(StaleWriterError);
      expect(await deliver(after, applied)).toMatchObject({ accepted: 0, duplicates: 1, applied: 1 });
    } finally {
      await Promise.all([first.close(), second.close()]);
      await server.drop(uri);
    }
  });

  test('puts nothing in doubt for what the node began anew in its reign, when it writes again after another', async () => {
    const uri = server.uri(`test_${randomUUID().slice(0, 8)}`);
    const [first, second] = [await openMongo(uri, { logger }), await openMongo(uri, { logger })];
    try {
      await first.beginTerm(1);
      const before = await intakeOf(first);
      const deliver = (intake: Intake, height: number): Promise<unknown> =>
        intake.deliver(payload('raw', { apply: [minting(height, [height])] }));
      await deliver(before, 100);
      before.beginRescan(100);

      for await (const { seq } of second.log.follow()) expect(seq).toBeGreaterThan(0);
      await second.beginTerm(2);
      const after = await intakeOf(second);
      // To this one the node delivers what it has.
      after.beginRescan(100);
      await deliver(after, 100);
      await deliver(after, 101);

      await first.endTerm();
      for await (const commit of first.log.follow()) await before.follow(commit);
      expect(before.isRescanning()).toBe(false);
      await first.beginTerm(3);
      await deliver(before, 102);
      expect(before.status()).toMatchObject({ tip: { height: 102 }, unproven: [] });
    } finally {
      await Promise.all([first.close(), second.close()]);
      await server.drop(uri);
    }
  });
});

function intakeOf({ log, documents }: MongoStore): Promise<Intake> {
  return Intake.open({ log, quarantine: new Quarantine(documents, clock), deployer: DEPLOYER, clock, logger });
}
