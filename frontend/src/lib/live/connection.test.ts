import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServerEvents } from '@passportx/analytics-backend/contract';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { batchUpdate } from '../../../test/support/samples';
import { LiveConnection, type ConnectionState, type LiveState } from './connection';

type TestServer = { io: Server<Record<string, never>, ServerEvents>; http: HttpServer; port: number; seen: unknown[] };

async function serve(port = 0, seen: unknown[] = []): Promise<TestServer> {
  const http = createServer();
  const server = new Server<Record<string, never>, ServerEvents>(http);
  server.on('connection', (socket) => seen.push((socket.handshake.auth as { seq?: number }).seq));
  await new Promise<void>((done) => http.listen(port, '127.0.0.1', done));
  return { io: server, http, port: (http.address() as AddressInfo).port, seen };
}

let server: TestServer;
let live: LiveConnection;

beforeEach(async () => {
  server = await serve();
  live = new LiveConnection((auth) =>
    Promise.resolve(
      io(`http://127.0.0.1:${server.port}`, {
        auth,
        autoConnect: false,
        reconnectionDelay: 20,
        reconnectionDelayMax: 50,
      }),
    ),
  );
});
afterEach(async () => {
  live.close();
  await server.io.close();
});

function until(holds: (state: LiveState) => boolean): Promise<LiveState> {
  return new Promise((done) => {
    const check = () => {
      if (!holds(live.getState())) return;
      end();
      done(live.getState());
    };
    const end = live.watch(check);
    check();
  });
}
const connection = (state: ConnectionState) => until((live) => live.connection === state);

test('it names the log position it starts from, and hears updates', async () => {
  expect(live.getState().connection).toBe('connecting');
  await live.open(41);
  await connection('connected');
  expect(server.seen).toEqual([41]);
  const heard = new Promise((done) => live.on('analytics:batch-update', done));
  server.io.emit('analytics:batch-update', batchUpdate(42));
  expect(await heard).toEqual(batchUpdate(42));
  expect(live.getState().latestUpdate?.seq).toBe(42);
});

test('it hears that alerts are to be asked for, which carries nothing', async () => {
  await live.open(41);
  await connection('connected');
  const heard = new Promise((done) => live.on('analytics:alerts-changed', () => done('heard')));
  server.io.emit('analytics:alerts-changed');
  expect(await heard).toBe('heard');
});

test('without an update of its own it names what it is told to at that moment, and says which it was', async () => {
  let known = 7;
  await live.open(() => known++);
  expect((await connection('connected')).named).toBe(7);
  expect(server.seen).toEqual([7]);
});

test('a server that goes away is offline; when it is back, it is asked for what came after the last update', async () => {
  await live.open(41);
  await connection('connected');
  server.io.emit('analytics:batch-update', batchUpdate(50));
  await until(({ latestUpdate }) => latestUpdate?.seq === 50);
  const { port } = server;
  const states: ConnectionState[] = [];
  const end = live.watch(() => states.push(live.getState().connection));
  await server.io.close();
  await connection('offline');
  end();
  expect(states[0]).toBe('reconnecting');
  server = await serve(port);
  const { connects } = await connection('connected');
  expect(server.seen).toEqual([50]);
  expect(connects).toBe(2);
});

test('an ended subscription hears nothing more', async () => {
  await live.open(1);
  await connection('connected');
  const heard: number[] = [];
  const end = live.on('analytics:batch-update', ({ seq }) => heard.push(seq));
  server.io.emit('analytics:batch-update', batchUpdate(2));
  await until(({ latestUpdate }) => latestUpdate?.seq === 2);
  end();
  server.io.emit('analytics:batch-update', batchUpdate(3));
  await until(({ latestUpdate }) => latestUpdate?.seq === 3);
  expect(heard).toEqual([2]);
});

test('closed while it was still being opened, it stays closed', async () => {
  const opening = live.open(1);
  live.close();
  await opening;
  expect(live.getState().connection).toBe('connecting');
  await live.open(2);
  await connection('connected');
  expect(server.seen).toEqual([2]);
});

test('the newest reorganisations are kept, five at most', async () => {
  await live.open(1);
  await connection('connected');
  for (let height = 1; height <= 7; height += 1)
    server.io.emit('analytics:reorg', {
      rolledBack: [{ height, hash: '0x' }],
      applied: [],
      counts: { rolledBack: 1, applied: 0 },
      at: '2026-11-30T12:00:00Z',
      withdrawn: 0,
      issuedAgain: 0,
    });
  const { reorgs } = await until((state) => state.reorgs[0]?.rolledBack[0]?.height === 7);
  expect(reorgs.map(({ rolledBack }) => rolledBack[0]?.height)).toEqual([7, 6, 5, 4, 3]);
});
