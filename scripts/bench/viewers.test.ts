import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { Server as SocketServer } from 'socket.io';
import { Viewers } from './viewers.js';

const COUNT = 3;

describe('the viewers of the benchmark', () => {
  let server: Server;
  let io: SocketServer;
  let viewers: Viewers;
  const upgraded: Duplex[] = [];
  const connected = async (roundWithinMs?: number): Promise<void> => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    viewers = await Viewers.connect(url, 'token', COUNT, roundWithinMs);
  };
  beforeEach(async () => {
    server = createServer();
    upgraded.length = 0;
    server.on('upgrade', (_request, socket) => upgraded.push(socket));
    io = new SocketServer(server, { serveClient: false });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    viewers.close();
    await io.close();
  });

  test('are told of a batch when the last of them is', async () => {
    await connected();
    const told = viewers.next();
    const at = new Date();
    io.emit('analytics:batch-update', { at: at.toISOString() });
    const { atMs, lastMs } = await told;
    expect(atMs).toBe(at.getTime());
    expect(lastMs).toBeGreaterThanOrEqual(atMs);
  });

  test('one that is lost ends the round that waits for it, and those after it', async () => {
    await connected();
    const told = viewers.next();
    upgraded[0]?.destroy();
    await expect(told).rejects.toThrow('a viewer was disconnected');
    await expect(viewers.next()).rejects.toThrow('a viewer was disconnected');
  });

  test('a round that some are not told of comes to an end, and says how many', async () => {
    await connected(50);
    const told = viewers.next();
    const [first] = await io.fetchSockets();
    first?.emit('analytics:batch-update', { at: new Date().toISOString() });
    await expect(told).rejects.toThrow('2 of 3 viewers were not told within 0.05 s');
  });
});
