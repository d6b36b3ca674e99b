import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { io, type Socket } from 'socket.io-client';
import type { BoardStanding } from '../boards/boards.js';
import { BOARDS_NAMESPACE, type BoardPulse, type BoardServerEvents } from '../contract/index.js';
import { Hub } from './hub.js';

/** Those who look at boards that another process changes: what they are told is what a look at the boards finds. */
describe('boards that another process changed', () => {
  let server: HttpServer;
  let hub: Hub;
  let boards: Map<string, BoardStanding>;
  /** Looks that fail before one succeeds. */
  let failures: number;
  let pulse: BoardPulse;
  const clients: Socket<BoardServerEvents>[] = [];

  beforeEach(async () => {
    boards = new Map([
      ['hall', { revision: 1, shareIds: new Set(['a', 'b']) }],
      ['lobby', { revision: 7, shareIds: new Set(['a']) }],
    ]);
    failures = 0;
    pulse = { heardAt: '2026-11-26T03:00:00.000Z', stalled: false, firing: 0 };
    server = createServer();
    hub = new Hub(server, {
      corsOrigins: [],
      mayView: () => Promise.resolve(false),
      // A token names a link, or is that of a viewer.
      pulse: () => pulse,
      mayWatch: ({ token = '', boardId }) => Promise.resolve(token === 'viewer' ? token : { boardId, shareId: token }),
      refusal: () => undefined,
      standing: async (boardId) => {
        if (failures > 0) throw new Error(`the store is away, ${(failures -= 1)} times more`);
        return boards.get(boardId);
      },
      current: () => ({ seq: 0, metrics: {} as never, headline: [] }),
      clock: Date.now,
      logger: pino({ level: 'silent' }),
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    await hub.close();
  });

  const watch = async (
    board: string,
    token: string,
  ): Promise<{ edits: number[]; pulses: BoardPulse[]; isOpen: () => boolean }> => {
    const { port } = server.address() as AddressInfo;
    const client: Socket<BoardServerEvents> = io(`http://127.0.0.1:${port}${BOARDS_NAMESPACE}`, {
      auth: { board, token },
      transports: ['websocket'],
      reconnection: false,
    });
    clients.push(client);
    const edits: number[] = [];
    const pulses: BoardPulse[] = [];
    client.on('board:pulse', (told) => pulses.push(told));
    client.on('board:edited', ({ revision }) => edits.push(revision));
    await new Promise<void>((resolve, reject) => client.on('connect', resolve).on('connect_error', reject));
    return { edits, pulses, isOpen: () => client.connected };
  };
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await sleep(5);
  };

  test('are told of with the revision that they are at now', async () => {
    const [hall, lobby] = [await watch('hall', 'viewer'), await watch('lobby', 'a')];
    boards.set('hall', { revision: 2, shareIds: new Set() });
    hub.boards.recheck();
    await until(() => hall.edits.length > 0 && lobby.edits.length > 0);
    expect([hall.edits, lobby.edits]).toEqual([[2], [7]]);
  });

  test('are told how fresh their figures are on arrival, when nothing comes any more, and when an alert fires', async () => {
    const link = await watch('hall', 'a');
    await until(() => link.pulses.length > 0);
    expect(link.pulses[0]).toEqual({ heardAt: '2026-11-26T03:00:00.000Z', stalled: false, firing: 0 });
    pulse = { ...pulse, stalled: true };
    await until(() => link.pulses.some(({ stalled }) => stalled));
    pulse = { ...pulse, firing: 2 };
    await until(() => link.pulses.some(({ firing }) => firing === 2));
  });

  test('end the connections that came by a link that is gone, and no others', async () => {
    const [gone, stays, viewer] = [await watch('hall', 'a'), await watch('hall', 'b'), await watch('hall', 'viewer')];
    const elsewhere = await watch('lobby', 'a');
    boards.set('hall', { revision: 1, shareIds: new Set(['b']) });
    hub.boards.recheck();
    await until(() => !gone.isOpen() && elsewhere.edits.length > 0);
    expect([stays, viewer, elsewhere].map(({ isOpen }) => isOpen())).toEqual([true, true, true]);
  });

  test('end all their connections when they are gone, also when they cannot be looked at at once', async () => {
    const [link, viewer, elsewhere] = [
      await watch('hall', 'a'),
      await watch('hall', 'viewer'),
      await watch('lobby', 'a'),
    ];
    boards.delete('hall');
    failures = 1;
    hub.boards.recheck();
    await until(() => !link.isOpen() && !viewer.isOpen() && elsewhere.edits.length > 0);
    expect(elsewhere.isOpen()).toBe(true);
  });
});
