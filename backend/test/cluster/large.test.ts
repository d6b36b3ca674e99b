import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mongoose';
import type { Aggregated, DeliveryReceipt } from '../../src/contract/index.js';
import { describeWithMongo } from '../support/describeMongo.js';
import { TestMongo } from '../support/mongodb.js';
import { badgeMinted, block, payload, print, principal, tx } from '../support/payloads.js';
import { TOKENS, type TestService } from '../support/service.js';
import { call, Cluster, until, writes } from './cluster.js';

/** A delivery within all limits whose facts are more than one document of MongoDB holds. */
const LEASE_MS = 10_000;
/** Each with a text of the greatest length that is taken: 14 MB as they are packed, 30 MB as they are sent. */
const BADGES = 3_400;
const TEXT_LENGTH = 4_000;

jest.setTimeout(300_000);

describeWithMongo('a delivery that is larger than a commit of MongoDB can be', () => {
  let server: TestMongo;
  let cluster: Cluster;
  let uri: string;
  beforeAll(async () => {
    server = await TestMongo.start();
    uri = server.uri(`test_${randomUUID().slice(0, 8)}`);
    cluster = new Cluster(uri, LEASE_MS);
  });
  afterAll(async () => {
    await cluster.stop();
    await server.drop(uri);
    await server.stop();
  });

  it('is taken, counts once however often it comes, and is taken back whole', async () => {
    const writer = await cluster.join('writer', { CHAINHOOK_MAX_WAIT_MS: '60000' });
    await until('a writer', () => writes(writer));
    const reader = await cluster.join('reader');
    const template = (id: number): ReturnType<typeof print> =>
      print('template-created', {
        ...{ 'template-id': id, name: `Template ${id}`, category: 'skill', 'default-level': 1 },
        ...{ description: `${id} `.padEnd(TEXT_LENGTH, 'x'), creator: principal('creator') },
      });
    const minted = Array.from({ length: BADGES }, (_, i) => tx(`mint ${i}`, [template(i), badgeMinted(i)]));
    const blocks = [block(1, minted)];
    // Made before anything is sent: it takes so long that a connection which is kept would be closed at the other end.
    const [applied, rolledBack] = [payload('raw', { apply: blocks }), payload('raw', { rollback: blocks })];
    const deliver = async (body: unknown): Promise<DeliveryReceipt> => {
      // As a node does: a connection that was kept, and is closed at the other end while so much is made, is no answer.
      const response = await writer.deliver(body).catch(() => writer.deliver(body));
      const text = await response.text();
      expect([response.status, text.slice(0, 200)]).toEqual([200, expect.any(String)]);
      return JSON.parse(text) as DeliveryReceipt;
    };

    expect(await deliver(applied)).toMatchObject({ quarantined: 0 });
    const { seq } = await standing(writer, BADGES);
    expect(await standing(reader, BADGES)).toMatchObject({ seq });
    const connection = await createConnection(uri).asPromise();
    const commits = await connection.collection('commits').countDocuments({ count: { $gt: 100 } });
    await connection.close();
    expect(commits).toBeGreaterThan(1);

    // One that begins anew tells nobody of a part.
    await rebuilt(reader, seq);

    // What each of its commits holds is known.
    await deliver(applied);
    expect((await writer.read<Aggregated>('/api/analytics/aggregated')).seq).toBe(seq);
    await writer.kill();
    await writer.restart();
    await until('a writer', () => writes(writer));
    await deliver(rolledBack);
    for (const member of [writer, reader]) await standing(member, 0);
  });
});

/** Starts `member` without its data, and asks it all the while what it tells viewers: nothing, or all up to `seq`. */
async function rebuilt(member: TestService, seq: number): Promise<void> {
  await member.kill();
  await rm(member.dataDir, { recursive: true });
  let isReady = false;
  const starting = member.restart().finally(() => (isReady = true));
  const told = new Set<number>();
  let turnedAway = 0;
  while (!isReady) {
    const answer = await call(member, 'GET', '/api/analytics/aggregated', { as: TOKENS.viewer }).catch(() => undefined);
    if (answer?.status === 200) told.add(((await answer.json()) as Aggregated).seq);
    else if (answer?.status === 503) turnedAway += 1;
    await sleep(5);
  }
  await starting;
  expect([[...told].filter((position) => position !== seq), turnedAway > 0]).toEqual([[], true]);
}

/** Waits until so many badges count. @returns what is told then */
async function standing(member: TestService, badges: number): Promise<Aggregated> {
  let told: Aggregated | undefined;
  await until(`${badges} badges to count`, async () => {
    const answer = await call(member, 'GET', '/api/analytics/aggregated', { as: TOKENS.viewer });
    // On a busy machine a reader takes so long for such a commit that it is not up to date any more.
    if (answer.status === 503) return false;
    expect(answer.status).toBe(200);
    told = (await answer.json()) as Aggregated;
    return told.metrics.totalBadgesIssued === badges;
  });
  if (told === undefined) throw new Error('nothing was told');
  return told;
}
