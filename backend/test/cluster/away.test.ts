import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithOwnMongo } from '../support/describeMongo.js';
import { TestMongo } from '../support/mongodb.js';
import { badgeMinted, block, payload, tx } from '../support/payloads.js';
import { Cluster, until, writes } from './cluster.js';

/** What a service does of its own while its database is away: the server was killed, nothing listens there. */
const LEASE_MS = 1_500;

jest.setTimeout(200_000);

describeWithOwnMongo('while the database is away', () => {
  let server: TestMongo;
  let cluster: Cluster;
  beforeAll(async () => {
    server = await TestMongo.startOwn();
    cluster = new Cluster(server.uri(`test_${randomUUID().slice(0, 8)}`), LEASE_MS);
  });
  afterAll(async () => {
    await cluster.stop();
    await server.stop();
  });

  it.each([
    ['at once', 0],
    ['when it has long found out', 3 * LEASE_MS],
  ])('a writer that is told to end %s writes its checkpoint, and begins with it', async (_when, afterMs) => {
    const writer = await cluster.join('writer');
    await until('a writer', () => writes(writer));
    const minted = payload('raw', { apply: [block(1, [tx('mint', [badgeMinted(1)])])] });
    expect((await writer.deliver(minted)).status).toBe(200);
    const issued = async (): Promise<number> =>
      (await writer.read<{ metrics: { totalBadgesIssued: number } }>('/api/analytics/aggregated')).metrics
        .totalBadgesIssued;
    await until('it to be folded', async () => (await issued()) === 1);
    await server.kill();
    await sleep(afterMs);
    expect([await writer.kill('SIGTERM'), writer.output]).toEqual([0, expect.not.stringContaining('could not end')]);
    await server.restart();
    const printed = writer.output.length;
    await writer.restart();
    expect(writer.output.slice(printed)).not.toContain('folded anew');
    expect(await issued()).toBe(1);
    await writer.kill();
  });
});
