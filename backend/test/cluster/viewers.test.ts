import { randomUUID } from 'node:crypto';
import { createConnection } from 'mongoose';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import { AlertStore, entryId, MAX_HISTORY, type HistoryEntry } from '../../src/alerts/store.js';
import {
  BOARDS_NAMESPACE,
  type Alert,
  type AlertHistory,
  type AlertList,
  type AlertNotice,
  type ChainStatus,
  type CreatedBoard,
  type CreatedShare,
  type ReportJob,
} from '../../src/contract/index.js';
import { openMongo } from '../../src/log/mongo.js';
import { BOARD } from '../support/boards.js';
import { StandInNode } from '../support/chainhookNode.js';
import { describeWithMongo } from '../support/describeMongo.js';
import { TestMongo } from '../support/mongodb.js';
import { badgeMinted, block, DEPLOYER, payload, recentBlock, tx } from '../support/payloads.js';
import { freePort, TOKENS, type TestService } from '../support/service.js';
import { call, Cluster, connected, until, writes } from './cluster.js';

/**
 * Several services on one database as viewers, admins and a chain node see them through a load balancer: each call reaches
 * another process, and each socket stays at one.
 */
/** Long enough that a busy machine does not keep the writer from renewing it: what the writer alone knows would go with it. */
const LEASE_MS = 5_000;
const ATTEMPT_DELAY_MS = 20;
const WRITTEN_TOGETHER = 100;

jest.setTimeout(200_000);

describeWithMongo('several services behind a load balancer', () => {
  let server: TestMongo;
  let cluster: Cluster;
  let uri: string;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    server = await TestMongo.start();
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    uri = server.uri(`test_${randomUUID().slice(0, 8)}`);
    cluster = new Cluster(uri, LEASE_MS);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.close();
    await cluster.stop();
    await server.drop(uri);
  });

  const isWriter = (member: TestService): Promise<void> => until('a writer', () => writes(member));
  const connect = async (member: TestService, namespace: string, auth: object): Promise<Socket> => {
    const socket = io(member.url + namespace, { auth, transports: ['websocket'], reconnection: false });
    sockets.push(socket);
    await connected(socket);
    return socket;
  };

  it('boards, links, alerts and reports go through any process, and reach the viewers of all', async () => {
    const writer = await cluster.join('writer');
    await isWriter(writer);
    const [standby, reader] = await Promise.all([cluster.join('writer'), cluster.join('reader')]);

    const { board, editKey } = (await answer(reader, 'POST', '/api/boards', 201, { body: BOARD })) as CreatedBoard;
    const headers = { 'board-edit-key': editKey };
    const path = `/api/boards/${board.id}`;
    const shared = async (): Promise<CreatedShare> =>
      (await answer(standby, 'POST', `${path}/shares`, 201, { headers, body: { name: 'hall' } })) as CreatedShare;
    const [revoked, kept] = [await shared(), await shared()];
    const watch = async ({ token }: { token: string }): Promise<{ edits: number[]; isOpen: () => boolean }> => {
      const edits: number[] = [];
      const socket = await connect(reader, BOARDS_NAMESPACE, { token, board: board.id });
      socket.on('board:edited', ({ revision }: { revision: number }) => edits.push(revision));
      return { edits, isOpen: () => socket.connected };
    };
    const [ends, stays] = [await watch(revoked), await watch(kept)];
    const byRole = await watch({ token: TOKENS.viewer });
    const change = { ...headers, 'if-match': '"1"' };
    await answer(standby, 'PUT', path, 200, { headers: change, body: { ...BOARD, name: 'Hall' } });
    for (const { edits } of [ends, stays, byRole])
      await until('the viewers at the reader to hear of the change', async () => edits.includes(2));
    expect(await answer(reader, 'GET', path, 200)).toMatchObject({ name: 'Hall', revision: 2 });
    expect(await answer(reader, 'PUT', path, 412, { headers: change, body: BOARD })).toMatchObject({ status: 412 });

    await answer(standby, 'DELETE', `${path}/shares/${revoked.share.id}`, 204, { headers });
    await until('the connection by a revoked link to be ended', async () => !ends.isOpen());
    expect([stays.isOpen(), byRole.isOpen()]).toEqual([true, true]);
    await answer(reader, 'DELETE', path, 204, { headers });
    await until('the connections to a board that is gone to be ended', async () => !stays.isOpen() && !byRole.isOpen());

    const notices: AlertNotice[] = [];
    const viewer = await connect(reader, '/', { token: TOKENS.viewer });
    viewer.on('analytics:alert', (notice: AlertNotice) => notices.push(notice));
    const rule = { name: 'Badges', metric: 'totalBadgesIssued', condition: 'above', threshold: 0, clearForSeconds: 0 };
    await answer(reader, 'POST', '/api/alerts', 201, { as: TOKENS.admin, body: rule });
    expect(await answer(standby, 'GET', '/api/alerts', 200)).toMatchObject({
      alerts: [{ name: 'Badges', phase: 'ok' }],
    });
    const minted = [block(1, [tx('mint 1', [badgeMinted(1)])])];
    expect((await reader.deliver(payload('raw', { apply: minted }))).status).toBe(200);
    await until('the alert to be told', async () => notices.length > 0);
    expect((await standby.deliver(payload('raw', { rollback: minted }))).status).toBe(200);
    await until('its end to be told', async () => notices.length > 1);
    expect(notices.map(({ name, event }) => [name, event])).toEqual([
      ['Badges', 'firing'],
      ['Badges', 'resolved'],
    ]);

    const { id } = (await answer(reader, 'POST', '/api/reports', 202, { body: {} })) as ReportJob;
    for (const member of [reader, standby, writer])
      await until('the report to be done', async () => {
        const { status } = (await answer(member, 'GET', `/api/reports/${id}`, 200)) as ReportJob;
        return status === 'done';
      });
    const file = await call(standby, 'GET', `/api/reports/${id}/file`, { as: TOKENS.viewer });
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(
      Buffer.from(await file.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
  });

  it('alerts are read where they are asked for: a reader shows them with their figures, also while nobody writes', async () => {
    const writer = await cluster.join('writer');
    await isWriter(writer);
    const reader = await cluster.join('reader');
    const rule = { name: 'Badges', metric: 'totalBadgesIssued', condition: 'above', threshold: 0 };
    await answer(reader, 'POST', '/api/alerts', 201, { as: TOKENS.admin, body: rule });
    const minted = [block(1, [tx('mint 1', [badgeMinted(1)])])];
    expect((await reader.deliver(payload('raw', { apply: minted }))).status).toBe(200);
    const shown = async (): Promise<Alert | undefined> =>
      ((await answer(reader, 'GET', '/api/alerts', 200)) as AlertList).alerts[0];
    const firing = { name: 'Badges', phase: 'firing', value: 1, message: 'Badges issued in all: 1 (alert above 0)' };
    await until('the figure to be told', async () => (await shown())?.value === 1);
    expect(await shown()).toMatchObject(firing);
    const viewer = await connect(reader, '/', { token: TOKENS.viewer });
    let asked = 0;
    viewer.on('analytics:alerts-changed', () => (asked += 1));
    await writer.kill();
    expect(await answer(reader, 'GET', `/api/alerts/${(await shown())?.id}`, 200)).toMatchObject(firing);
    const { items } = (await answer(reader, 'GET', '/api/alerts/history', 200)) as AlertHistory;
    expect(items.map(({ name, event }) => [name, event])).toEqual([['Badges', 'firing']]);
    // It may have died before it told of one that fired.
    expect(asked).toBe(0);
    await cluster.join('writer');
    await until('the viewer to be told to ask', async () => asked > 0);
  });

  it('a reader and a writer start on a history of more entries than are kept, and the writer removes the oldest', async () => {
    const store = await openMongo(uri, { logger: pino({ level: 'silent' }) });
    try {
      await store.beginTerm(1);
      const atMs = Date.now();
      await store.log.append([{ kind: 'term', term: 1, writer: 'http://ended', atMs }]);
      // As a writer leaves them that ends between a write and the removals that it gives rise to.
      const entries = Array.from({ length: MAX_HISTORY + 1 }, (_, index): HistoryEntry => {
        const notice = noticeOf(index + 1, atMs + index);
        return { id: entryId('quiet', notice), notice, delivery: null };
      });
      // All at once take a server longer than it is waited for, where it shares a processor.
      for (let from = 0; from < entries.length; from += WRITTEN_TOGETHER)
        await new AlertStore(store.documents).write({
          states: [],
          entries: entries.slice(from, from + WRITTEN_TOGETHER),
        });
      await store.endTerm();

      const reader = await cluster.join('reader');
      const { items } = (await answer(reader, 'GET', '/api/alerts/history?limit=1', 200)) as AlertHistory;
      expect(items.map(({ incident }) => incident)).toEqual([MAX_HISTORY + 1]);
      expect(await store.documents.count('alerts')).toBe(MAX_HISTORY + 1);
      await isWriter(await cluster.join('writer'));
      await until('the oldest to be gone', async () => (await store.documents.count('alerts')) === MAX_HISTORY);
      const [oldest] = await store.documents.list<HistoryEntry>('alerts', { limit: 1 });
      expect(oldest?.value.notice.incident).toBe(2);
    } finally {
      await store.close();
    }
  });

  it('a service neither runs on nor starts on a database that a newer version has been at, or runs on when it was replaced, and says so in a line', async () => {
    const writer = await cluster.join('writer');
    await isWriter(writer);
    const members = [writer, await cluster.join('reader')];
    const endsWith = async (reason: string | RegExp): Promise<void> => {
      for (const member of members) {
        await member.ended;
        expect(await member.kill()).toBe(1);
        expect(member.output.trim().split('\n').at(-1)).toMatch(reason);
      }
    };
    const connection = await createConnection(uri).asPromise();
    await connection.collection('versions').updateOne({}, { $set: { version: 99 } });
    const newer = 'the MongoDB database is of schema version 99, this service knows up to 2: update the service';
    await endsWith(newer);
    const said = writer.output.length;
    await expect(writer.restart()).rejects.toThrow('the service ended with 1');
    expect(writer.output.slice(said)).toBe(`${newer}\n`);

    await connection.collection('versions').updateOne({}, { $set: { version: 2 } });
    for (const member of members) await member.restart();
    await isWriter(writer);
    const minted = payload('raw', { apply: [block(1, [tx('mint', [badgeMinted(1)])])] });
    expect((await writer.deliver(minted)).status).toBe(200);
    await connection.dropDatabase();
    await connection.close();
    await endsWith(/^the MongoDB database was replaced while this service ran: .* start the service again$/);
  });

  it('the predicates of a writer that died are removed by the one that takes over, whose own go on', async () => {
    const node = await StandInNode.start(ATTEMPT_DELAY_MS);
    try {
      const port = async (): Promise<Record<string, string>> => ({
        CHAINHOOK_NODE_URL: node.url,
        CHAINHOOK_OBSERVER_PORT: String(await freePort()),
        CHAINHOOK_REWIND_BLOCKS: '3',
        // However long a busy machine takes for a takeover.
        CHAINHOOK_MAX_WAIT_MS: '60000',
      });
      const first = await cluster.join('writer', await port());
      await until('the predicates to be registered', async () => node.predicates.length === 5);
      const [ofSecond, ofReader] = [await port(), await port()];
      const second = await cluster.join('writer', ofSecond);
      await cluster.join('reader', ofReader);
      await node.mine(`${DEPLOYER}.badge-issuer`);
      // The port where a node delivers is open in each of them; while nobody writes, a delivery waits there.
      const deliverTo = async ({ CHAINHOOK_OBSERVER_PORT }: Record<string, string>, badge: number): Promise<number> => {
        const body = payload('raw', { apply: [recentBlock(1, [tx(`at the port ${badge}`, [badgeMinted(badge)])])] });
        const response = await fetch(`http://127.0.0.1:${CHAINHOOK_OBSERVER_PORT}/payload`, {
          method: 'POST',
          headers: { authorization: `Bearer ${TOKENS.chainhook}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        return response.status;
      };
      expect([await deliverTo(ofSecond, 101), await deliverTo(ofReader, 102)]).toEqual([200, 200]);
      await first.kill();
      expect(await Promise.all([deliverTo(ofSecond, 103), deliverTo(ofReader, 104)])).toEqual([200, 200]);
      await isWriter(second);
      await until('all to be registered again', async () => node.posted.length === 10);
      const uuids = node.posted.slice(5).map(({ uuid }) => uuid);
      expect(node.predicates.map(({ uuid }) => uuid)).toEqual(uuids);
      await node.mine(`${DEPLOYER}.badge-issuer`);
      expect(node.attempts.slice(-1)).toEqual([200]);
      await until('the second to show its own', async () => {
        const { predicates, tip } = await second.read<ChainStatus>('/api/chain/status');
        return tip?.height === 2 && predicates.every(({ uuid }) => uuids.includes(uuid));
      });
    } finally {
      await cluster.stop();
      await node.close();
    }
  });
});

const noticeOf = (incident: number, atMs: number): AlertNotice => ({
  ...{ alertId: 'quiet', name: 'Quiet', event: 'firing', at: new Date(atMs).toISOString(), incident },
  ...{ metric: 'badgesIssued', condition: 'below', threshold: 1, value: 0 },
  ...{ message: 'badges issued is 0, below 1', silenced: false },
});

/** What `member` answers, with this status, to a viewer if nobody else is named. */
async function answer(
  member: TestService,
  method: string,
  path: string,
  status: number,
  given: Parameters<typeof call>[3] = {},
): Promise<unknown> {
  const response = await call(member, method, path, { as: TOKENS.viewer, ...given });
  const text = await response.text();
  expect([method, path, response.status, text]).toEqual([method, path, status, expect.any(String)]);
  return text === '' ? undefined : JSON.parse(text);
}
