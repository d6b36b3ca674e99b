import { once } from 'node:events';
import { Agent, createServer, request, type Server as HttpServer } from 'node:http';
import { connect as connectTo, type AddressInfo } from 'node:net';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import type { ActivityItem, BatchUpdate, ServerEvents } from '../contract/index.js';
import { Hub, type HubOptions } from './hub.js';

const figures: Pick<BatchUpdate, 'metrics' | 'headline'> = {
  metrics: {
    totalBadgesIssued: 7,
    totalUsers: 3,
    totalCommunities: 1,
    averageBadgesPerUser: 2.33,
    engagementRate: 100,
  },
  headline: [],
};

function item(id: string): ActivityItem {
  return { id, type: 'badge_issued', at: '2026-02-01T00:00:00.000Z', actor: 'ST1', retracted: false };
}

function update(seq: number, over: Partial<BatchUpdate> = {}): BatchUpdate {
  return {
    seq,
    at: '2026-02-01T00:00:00.000Z',
    batch: { size: 1, reason: 'time', durationMs: 1, types: { badge_issued: 1 } },
    changed: ['issuance'],
    ...figures,
    activity: [item(`fact-${seq}`)],
    ...over,
  };
}

describe('the hub', () => {
  let server: HttpServer;
  let hub: Hub;
  let seq: number;
  let now: number;
  const clients: Socket<ServerEvents>[] = [];

  async function open(over: Partial<HubOptions> = {}, position = 0): Promise<void> {
    server = createServer();
    seq = position;
    now = Date.UTC(2026, 1, 1);
    hub = new Hub(server, {
      corsOrigins: [],
      mayView: ({ token }) => Promise.resolve(token === 'viewer'),
      mayWatch: () => Promise.resolve(undefined),
      pulse: () => ({ heardAt: null, stalled: false, firing: 0 }),
      standing: () => Promise.resolve(undefined),
      refusal: () => undefined,
      current: () => ({ seq, ...figures }),
      clock: () => now,
      logger: pino({ level: 'silent' }),
      ...over,
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }

  function connect(auth: Record<string, unknown>, transports = ['websocket']): Socket<ServerEvents> {
    const { port } = server.address() as AddressInfo;
    const client: Socket<ServerEvents> = io(`http://127.0.0.1:${port}`, { auth, transports, reconnection: false });
    clients.push(client);
    return client;
  }

  const connected = (client: Socket<ServerEvents>): Promise<void> =>
    new Promise((resolve, reject) => client.on('connect', resolve).on('connect_error', reject));
  const next = (client: Socket<ServerEvents>): Promise<BatchUpdate> =>
    new Promise((resolve) => client.once('analytics:batch-update', resolve));

  const connections = (): Promise<number> =>
    new Promise((resolve, reject) =>
      server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
    );

  function broadcast(sent: BatchUpdate): void {
    seq = sent.seq;
    hub.batch(sent);
  }

  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    await hub.close();
  });

  test.each([['websocket'], ['polling']])('a batch reaches a viewer over %s', async (transport) => {
    await open();
    const client = connect({ token: 'viewer' }, [transport]);
    await connected(client);
    const received = next(client);
    broadcast(update(4));
    expect(await received).toEqual(update(4));
  });

  test('who may not view is refused', async () => {
    await open();
    await expect(connected(connect({ token: 'guess' }))).rejects.toThrow('unauthorized');
    await expect(connected(connect({}))).rejects.toThrow('unauthorized');
  });

  test('while there is a refusal nobody new is let in, over either transport, and who is connected stays', async () => {
    let refusal: ReturnType<HubOptions['refusal']>;
    await open({ refusal: () => refusal });
    const staying = [connect({ token: 'viewer' }, ['websocket']), connect({ token: 'viewer' }, ['polling'])];
    await Promise.all(staying.map(connected));
    refusal = { status: 503, headers: { 'Retry-After': '2', 'Content-Type': 'text/plain' }, body: 'not now' };
    const { port } = server.address() as AddressInfo;
    const ask = (query: string, headers: Record<string, string>): Promise<unknown[]> =>
      new Promise((resolve, reject) => {
        const sent = request({ port, path: `/socket.io/?EIO=4&${query}`, headers }, (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () => resolve([response.statusCode, response.headers['retry-after'], text]));
        });
        sent.on('upgrade', () => reject(new Error('it was let in'))).on('error', reject);
        sent.end();
      });
    const upgrade = {
      ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
    };
    expect(await ask('transport=websocket', upgrade)).toEqual([503, '2', 'not now']);
    expect(await ask('transport=polling', {})).toEqual([503, '2', 'not now']);
    // One that began at another process: it is asked for there, too.
    expect(await ask('transport=polling&sid=of-another', {})).toEqual([503, '2', 'not now']);
    await expect(connected(connect({ token: 'viewer' }))).rejects.toThrow();
    const received = Promise.all(staying.map(next));
    broadcast(update(4));
    expect((await received).map(({ seq: told }) => told)).toEqual([4, 4]);
    refusal = undefined;
    await connected(connect({ token: 'viewer' }));
  });

  test('who resets the connection while it is refused an upgrade ends nothing', async () => {
    const failures: unknown[] = [];
    const note = (error: unknown): void => void failures.push(error);
    process.on('uncaughtException', note);
    try {
      await open({ refusal: () => ({ status: 503, headers: {}, body: 'not now '.repeat(10_000) }) });
      const { port } = server.address() as AddressInfo;
      const lines = ['GET /socket.io/?EIO=4&transport=websocket HTTP/1.1', 'Host: x', 'Connection: Upgrade'];
      for (let tries = 0; tries < 20; tries += 1) {
        const socket = connectTo(port, '127.0.0.1').on('error', () => undefined);
        await once(socket, 'connect');
        socket.write([...lines, 'Upgrade: websocket', '', ''].join('\r\n'));
        if (tries % 2 === 0) await once(socket, 'readable');
        socket.resetAndDestroy();
      }
      await expect(connected(connect({ token: 'viewer' }))).rejects.toThrow();
      while ((await connections()) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(failures).toEqual([]);
    } finally {
      process.off('uncaughtException', note);
    }
  });

  test('past the limit of clients the next one is refused with the limit', async () => {
    await open({ maxClients: 1 });
    await connected(connect({ token: 'viewer' }));
    await expect(connected(connect({ token: 'viewer' }))).rejects.toThrow('too many connections: the limit is 1');
  });

  test('a client that was away is told in one update what it missed', async () => {
    await open();
    broadcast(update(2));
    broadcast(
      update(3, { changed: ['users'], batch: { size: 2, reason: 'size', durationMs: 1, types: { member_added: 2 } } }),
    );
    broadcast(update(5));
    const missed = await next(connect({ token: 'viewer', seq: 2 }));
    expect(missed).toMatchObject({
      seq: 5,
      batch: { size: 3, types: { member_added: 2, badge_issued: 1 } },
      changed: ['issuance', 'users'],
      ...figures,
    });
    expect(missed.activity.map(({ id }) => id)).toEqual(['fact-5', 'fact-3', 'fact-2']);
  });

  test('a client that is up to date is told nothing until the next batch', async () => {
    await open();
    broadcast(update(5));
    const client = connect({ token: 'viewer', seq: 5 });
    const received = next(client);
    await connected(client);
    broadcast(update(6));
    expect((await received).seq).toBe(6);
  });

  test('a client from before what is remembered, or from another log, is told that everything changed', async () => {
    await open({}, 900);
    broadcast(update(905));
    for (const seen of [10, 5_000]) {
      const missed = await next(connect({ token: 'viewer', seq: seen }));
      expect(missed.seq).toBe(905);
      expect(missed.changed).toEqual(['issuance', 'community', 'users', 'distribution']);
    }
  });

  test('at most ten events a second are told one by one', async () => {
    await open();
    const client = connect({ token: 'viewer' });
    await connected(client);
    const told: string[] = [];
    client.on('analytics:event-processed', ({ id }) => told.push(id));
    const many = Array.from({ length: 20 }, (_, index) => item(`burst-${index}`));
    broadcast(update(1, { activity: many }));
    now += 1_000;
    const last = new Promise<void>((resolve) =>
      client.on('analytics:event-processed', ({ id }) => id === 'later' && resolve()),
    );
    broadcast(update(2, { activity: [item('later')] }));
    await last;
    expect(told).toEqual([...many.slice(0, 10).map(({ id }) => id), 'later']);
  });

  test('of the thousands of snapshots of a first scan ten a second are told', async () => {
    await open();
    const client = connect({ token: 'viewer' });
    await connected(client);
    const told: string[] = [];
    client.on('analytics:snapshot-recorded', ({ timestamp }) => told.push(timestamp));
    for (let hour = 0; hour < 50; hour += 1)
      hub.snapshot({ period: 'hourly', timestamp: new Date(hour * 3_600_000).toISOString() });
    const received = next(client);
    broadcast(update(1));
    await received;
    expect(told).toHaveLength(10);
  });

  test.each([[['websocket']], [['polling', 'websocket']]])(
    'a client that does not read is dropped at the limit, the others are not: %j',
    async (transports) => {
      await open({ maxBufferedBytes: 256 * 1024 });
      const reader = connect({ token: 'viewer' });
      const sleeper = connect({ token: 'viewer' }, transports);
      await Promise.all([connected(reader), connected(sleeper)]);
      const upgraded = sleeper.io.engine as unknown as { transport: { name: string } };
      while (upgraded.transport.name !== 'websocket') await new Promise((resolve) => setTimeout(resolve, 5));
      // The sleeper's end of the wire stops reading: what is sent to it piles up on our side.
      const engine = sleeper.io.engine as unknown as { transport: { ws: { pause(): void } } };
      engine.transport.ws.pause();
      const bulk = Array.from({ length: 20 }, () => ({ ...item('x'), actor: 'S'.repeat(10_000) }));
      let received = 0;
      reader.on('analytics:batch-update', () => (received += 1));
      let sent = 0;
      while (hub.clients > 1 && sent < 500) {
        const before = received;
        broadcast(update((sent += 1), { activity: bulk }));
        while (received === before) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      expect(hub.clients).toBe(1);
      expect(received).toBe(sent);
      expect(reader.connected).toBe(true);
      // Nothing is left open that nobody reads.
      while ((await connections()) > 1) await new Promise((resolve) => setTimeout(resolve, 5));
    },
  );

  test('a client that polls no more is dropped at the limit, and who has its connection by then keeps it', async () => {
    await open({ maxBufferedBytes: 256 * 1024 });
    // As a proxy does that keeps its connection and sends the requests of many through it.
    const proxy = new Agent({ keepAlive: true, maxSockets: 1 });
    const { port } = server.address() as AddressInfo;
    const send = (method: string, path: string, body?: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const sent = request({ port, method, path, agent: proxy }, (response) => {
          let text = '';
          response.on('data', (chunk: Buffer) => (text += chunk.toString()));
          response.on('end', () => resolve(text));
        });
        sent.on('error', reject).end(body);
      });
    const at = '/socket.io/?EIO=4&transport=polling';
    const { sid } = JSON.parse((await send('GET', at)).slice(1)) as { sid: string };
    await send('POST', `${at}&sid=${sid}`, '40{"token":"viewer"}');
    // The word that it is welcome; it never asks for more.
    await send('GET', `${at}&sid=${sid}`);
    expect(hub.clients).toBe(1);

    let answer = (): void => undefined;
    server.prependListener('request', ({ url }, response) => {
      if (url === '/other') answer = () => response.end('of the other');
    });
    const other = send('GET', '/other');
    const bulk = Array.from({ length: 20 }, () => ({ ...item('x'), actor: 'S'.repeat(10_000) }));
    for (let sent = 0; sent < 10; sent += 1) {
      broadcast(update(sent + 1, { activity: bulk }));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    answer();
    expect(await other).toBe('of the other');
    while (hub.clients > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    proxy.destroy();
  });
});
