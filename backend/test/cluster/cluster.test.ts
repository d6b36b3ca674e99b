import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mongoose';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import type { BatchUpdate, SnapshotRecorded } from '../../src/contract/index.js';
import { openMongo } from '../../src/log/mongo.js';
import { storyOf, type Step } from '../crash/story.js';
import { takeSnapshot } from '../crash/verdict.js';
import { describeWithOwnMongo } from '../support/describeMongo.js';
import { TestMongo } from '../support/mongodb.js';
import { TOKENS, type TestService } from '../support/service.js';
import { TcpProxy } from '../support/tcpProxy.js';
import { call, Cluster, connected, RIGHT, until, writes } from './cluster.js';

/**
 * Writer, standby and readers as processes of their own on one database, of which one after the other is killed, paused or
 * cut off while a node delivers. What every one of them tells in the end is held against the reference.
 */
const SEED = 20_261_125;
const LEASE_MS = 1_500;
const LONGEST_LEASE_MS = 60_000;
/**
 * Until a standby has taken what the writer died of, with the lease of these tests: twice the 15 s that are promised with a
 * lease of 10 s, as the machine may be busy.
 */
const TAKEOVER_MS = 30_000;
/** They make some ten steps, with reorgs. */
const BLOCKS = 18;
/** Of few periods, so that there are few snapshots. */
const SPAN_SEC = 6 * 3600;
/** As long as the issue of a network that says nothing: past every timeout of the driver and of a commit. */
const CUT_MS = 30_000;

jest.setTimeout(400_000);

describeWithOwnMongo('several services on one database', () => {
  let server: TestMongo;
  let cluster: Cluster;
  let database: string;
  beforeAll(async () => {
    server = await TestMongo.startOwn();
  });
  afterAll(() => server.stop());
  const open = (leaseMs = LEASE_MS): void => {
    database = `test_${randomUUID().slice(0, 8)}`;
    cluster = new Cluster(server.uri(database), leaseMs);
  };
  let socket: Socket | undefined;
  afterEach(async () => {
    socket?.close();
    await cluster.stop();
  });

  /** A story in three parts. */
  const story = (): [Step[], Step[], Step[]] => {
    const steps = storyOf(SEED, BLOCKS, Date.now(), SPAN_SEC);
    const third = Math.floor(steps.length / 3);
    return [steps.slice(0, third), steps.slice(third, 2 * third), steps.slice(2 * third)];
  };
  const isWriter = (member: TestService): Promise<void> => until('a writer', () => writes(member));
  const allAreRight = async (...members: TestService[]): Promise<void> => {
    for (const member of members) expect(await cluster.verdict(member)).toEqual(RIGHT);
  };

  it('whatever is asked of the writer may be asked of a standby or a reader, and is answered alike', async () => {
    open();
    const writer = await cluster.join('writer');
    await isWriter(writer);
    const [standby, reader] = await Promise.all([cluster.join('writer'), cluster.join('reader')]);
    socket = io(reader.url, { auth: { token: TOKENS.viewer, seq: 0 }, transports: ['websocket'] });
    const updates: BatchUpdate[] = [];
    const recorded: SnapshotRecorded[] = [];
    socket.on('analytics:batch-update', (update: BatchUpdate) => updates.push(update));
    socket.on('analytics:snapshot-recorded', (snapshot: SnapshotRecorded) => recorded.push(snapshot));
    await connected(socket);

    const [beginning, middle, end] = story();
    await cluster.tell(reader, beginning);
    await cluster.tell(standby, middle);
    await cluster.tell(writer, end);
    await allAreRight(writer, standby, reader);
    expect(await writes(standby)).toBe(false);
    expect(await writes(reader)).toBe(false);
    const { seq } = await writer.read<{ seq: number }>('/api/analytics/aggregated');
    await until('the reader to tell its viewers', async () => updates.some((update) => update.seq === seq));
    await takeSnapshot(writer, 'daily');
    await until('the reader to tell of a snapshot', async () => recorded.some(({ period }) => period === 'daily'));

    // A session that one opened is one of all, also for a write that is passed on.
    const signedIn = await call(reader, 'POST', '/api/session', { body: { token: TOKENS.admin } });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const set = await call(standby, 'POST', '/api/analytics/snapshot', { cookie, body: { period: 'weekly' } });
    expect(set.status).toBe(200);
    const bad = await call(reader, 'POST', '/api/chainhook/events', { as: TOKENS.chainhook, body: { odd: true } });
    expect(await bad.json()).toMatchObject({ quarantined: 1 });
    const { items } = (await (await call(standby, 'GET', '/api/quarantine', { as: TOKENS.admin })).json()) as {
      items: { id: string }[];
    };
    const [item] = items;
    expect(items).toHaveLength(1);
    const dropped = await call(standby, 'DELETE', `/api/quarantine/${item?.id}`, { as: TOKENS.admin });
    expect(dropped.status).toBe(204);
    expect((await call(reader, 'DELETE', `/api/quarantine/${item?.id}`, { as: TOKENS.admin })).status).toBe(404);
    // Who may not is told so here, and what is passed on is passed on once.
    expect((await call(reader, 'DELETE', '/api/quarantine/x', { as: TOKENS.viewer })).status).toBe(403);
    const passedOn = { as: TOKENS.chainhook, body: {}, headers: { 'passportx-forwarded': '1' } };
    expect((await call(reader, 'POST', '/api/chainhook/events', passedOn)).status).toBe(421);
  });

  it('a writer that is killed under load is followed by one of two standbys, and comes back as one', async () => {
    open();
    const first = await cluster.join('writer');
    await isWriter(first);
    const [second, third, reader] = await Promise.all([
      cluster.join('writer'),
      cluster.join('writer'),
      cluster.join('reader'),
    ]);
    const [beginning, ...rest] = story();
    await cluster.tell(reader, beginning);
    const tookMs = await cluster.tell([reader, second, third], rest.flat(), () => first.kill());
    expect(tookMs).toBeLessThan(TAKEOVER_MS);
    const heirs = async (): Promise<number> =>
      (await Promise.all([second, third].map(writes))).filter((writing) => writing).length;
    // Both look for a lease that ran out.
    await until('one of the two to write', async () => (await heirs()) === 1);
    await first.restart();
    await allAreRight(first, second, third, reader);
    expect(await writes(first)).toBe(false);
    expect((await termsIn(server.uri(database))).length).toBeGreaterThan(1);
  });

  it('a writer that ends in order under load is followed at once, however long its lease', async () => {
    open(LONGEST_LEASE_MS);
    const first = await cluster.join('writer');
    await isWriter(first);
    const second = await cluster.join('writer');
    const [beginning, ...rest] = story();
    await cluster.tell(second, beginning);
    // While nobody can take it: the lease was given back, and need not run out.
    let leases: unknown[] = [];
    await cluster.tell(second, rest.flat(), async () => {
      second.pause();
      expect(await first.kill('SIGTERM')).toBe(0);
      leases = await leasesIn(server.uri(database));
      second.wake();
    });
    expect(leases).toEqual([expect.objectContaining({ holder: '', term: 1 })]);
    expect(await writes(second)).toBe(true);
    await allAreRight(second);
    expect(await termsIn(server.uri(database))).toEqual([1, 2]);
  });

  it('a writer that was stopped under load, past its lease, and goes on writes nothing more, and follows', async () => {
    open();
    const first = await cluster.join('writer');
    await isWriter(first);
    const [second, reader] = await Promise.all([cluster.join('writer'), cluster.join('reader')]);
    const [beginning, middle, end] = story();
    await cluster.tell(reader, beginning);
    await cluster.tell([reader, second], middle, () => first.pause());
    expect(await writes(second)).toBe(true);
    // Also to the one that believes itself the writer: it takes them, before it finds out.
    await cluster.tell([first, second, reader], end, () => first.wake());
    await until('the first to step down', async () => !(await writes(first)));
    expect(await writes(second)).toBe(true);
    await allAreRight(first, second, reader);
    expect((await termsIn(server.uri(database))).length).toBeGreaterThan(1);
  });

  it('a writer and a reader whose network was cut under load, for 30 s, have lost nothing that was acknowledged, and follow', async () => {
    open();
    const proxy = await TcpProxy.start(server.port);
    try {
      const throughProxy = { MONGODB_URI: server.uri(database, proxy.port) };
      const first = await cluster.join('writer', throughProxy);
      await isWriter(first);
      const [second, reader] = await Promise.all([cluster.join('writer'), cluster.join('reader')]);
      const cutOff = await cluster.join('reader', throughProxy);
      const [beginning, ...rest] = story();
      await cluster.tell(reader, beginning);
      let over: Promise<unknown> = Promise.resolve();
      await cluster.tell([reader, second], rest.flat(), () => {
        proxy.cut();
        over = sleep(CUT_MS);
      });
      expect(await writes(second)).toBe(true);
      await over;
      await until('the reader that was cut off, too, to say so', async () => !(await isReady(cutOff)));
      await turnsViewersAway(cutOff);
      proxy.mend();
      await until('the first to step down', async () => !(await writes(first)));
      for (const member of [first, cutOff])
        await until('those that were cut off to follow again', () => isReady(member));
      await allAreRight(second, reader, first, cutOff);
      expect((await termsIn(server.uri(database))).length).toBeGreaterThan(1);
    } finally {
      await cluster.stop();
      await proxy.stop();
    }
  });

  it('a database that is killed and restarted under load: all go on, and nothing acknowledged is lost', async () => {
    open(5_000);
    const [first, reader] = [await cluster.join('writer'), await cluster.join('reader')];
    const parts = story();
    expect(parts.every((part) => part.length > 1)).toBe(true);
    for (const part of parts) {
      await cluster.tell([reader, first], part, async () => {
        await server.kill();
        await sleep(500);
        await server.restart();
      });
    }
    await allAreRight(first, reader);
  });
});

const isReady = (member: TestService): Promise<boolean> =>
  fetch(`${member.url}/health/ready`).then((response) => response.ok);

/** Of reads and new sockets alike; who looks after it is answered. */
async function turnsViewersAway(member: TestService): Promise<void> {
  const read = (): Promise<Response> => call(member, 'GET', '/api/analytics/aggregated', { as: TOKENS.viewer });
  await until('viewers to be turned away', async () => (await read()).status === 503);
  const away = await read();
  expect(away.headers.has('retry-after')).toBe(true);
  expect(await away.json()).toMatchObject({ detail: expect.stringContaining('the log cannot be followed') as string });
  const late = io(member.url, { auth: { token: TOKENS.viewer }, transports: ['websocket'], reconnection: false });
  await expect(connected(late)).rejects.toThrow();
  late.close();
  for (const path of ['/health/live', '/metrics']) expect((await fetch(member.url + path)).status).toBe(200);
}

async function leasesIn(uri: string): Promise<unknown[]> {
  const connection = await createConnection(uri).asPromise();
  const leases = await connection.collection('leases').find().toArray();
  await connection.close();
  return leases;
}

/** The terms of the log, in order. @throws {Error} unless each begins with its entry, has no other, and ends for good with the next. */
async function termsIn(uri: string): Promise<number[]> {
  const { log, close } = await openMongo(uri, { logger: pino({ level: 'silent' }) });
  const begun: number[] = [];
  for await (const { seq, term, entries } of log.read(0))
    for (const [index, entry] of entries.entries()) {
      if (entry.kind === 'term' && entry.term > (begun.at(-1) ?? 0)) begun.push(entry.term);
      else if (entry.kind === 'term' || term !== begun.at(-1))
        throw new Error(`entry ${seq + index}, a ${entry.kind} of term ${term}, comes after terms ${begun.join(', ')}`);
    }
  await close();
  return begun;
}
