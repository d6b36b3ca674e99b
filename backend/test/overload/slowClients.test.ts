import { io, type Socket } from 'socket.io-client';
import type { ServerEvents } from '../../src/contract/index.js';
import { MEASURED, memoryOf } from '../support/memory.js';
import { badgeMinted, DEPLOYER, payload, principal, print, recentBlock, tx } from '../support/payloads.js';
import { TestService, TOKENS } from '../support/service.js';

/** Viewers that connect and then read nothing, beside one that does, of the built service. */
const SLEEPERS = 100;
/** What all of them together may cost: what waits for one is what waits for all, and 4 MB for any of them. */
const MAX_GROWTH_MB = 100;
/** Far more than the buffers of the system and of the service hold: some 80 kB each. */
const MAX_BATCHES = 500;
/** Batches before anyone sleeps: what the service needs for its work alone is resident by then, and no viewer's cost. */
const WARM_UP = 100;
/** Sleepers are slow, not dead: they go on to say that they are there, well within the time in which one must. */
const PONG_MS = 5_000;
/** What a client of Engine.IO answers to a ping. */
const PONG = '3';
/** Memory is asked for after so many batches; each time everything that nobody holds is collected first. */
const BATCHES_BETWEEN_LOOKS = 8;

let service: TestService;
const clients: Socket<ServerEvents>[] = [];
const pongs: NodeJS.Timeout[] = [];
beforeAll(async () => {
  const env = { STACKS_DEPLOYER: DEPLOYER, ANALYTICS_BATCH_SIZE: '1', LOG_LEVEL: 'warn', ...MEASURED };
  service = await TestService.start({ env });
});
afterAll(async () => {
  pongs.forEach(clearInterval);
  for (const client of clients) client.disconnect();
  await service.stop();
});

/** The `ws` below a client: what it has not read waits, what it writes is sent. */
interface Sleeper {
  pause(): void;
  send(packet: string, done: () => void): void;
}

async function connect(): Promise<Socket<ServerEvents>> {
  const options = { auth: { token: TOKENS.viewer }, transports: ['websocket'], reconnection: false, forceNew: true };
  const client: Socket<ServerEvents> = io(service.url, options);
  clients.push(client);
  await new Promise<void>((resolve, reject) => client.on('connect', resolve).on('connect_error', reject));
  return client;
}

const connected = async (): Promise<number> =>
  Number(/^passportx_socket_clients (\d+)$/m.exec(await (await fetch(`${service.url}/metrics`)).text())?.[1]);

/** Twenty mints of a template with a long name: one update of some 80 kB. */
const batch = (height: number): unknown => {
  const mints = Array.from({ length: 20 }, (_, i) => badgeMinted(height * 20 + i, { 'template-id': 9 }));
  return payload('raw', { apply: [recentBlock(height, [tx(`batch ${height}`, mints)])] });
};
const template = print('template-created', {
  'template-id': 9,
  name: 'long '.repeat(800),
  description: '',
  category: 'skill',
  'default-level': 1,
  creator: principal('creator'),
});

test('a hundred sleeping viewers are dropped, cost little together, and hold up neither deliveries nor who reads', async () => {
  await service.deliver(payload('raw', { apply: [recentBlock(1, [tx('template', [template])])] }));
  const reader = await connect();
  let received = 0;
  reader.on('analytics:batch-update', ({ batch: { size } }) => (received += size));
  let delivered = 0;
  const deliverNext = async (): Promise<void> => {
    delivered += 1;
    const response = await service.deliver(batch(1 + delivered));
    expect(response.status).toBe(200);
  };
  while (delivered < WARM_UP) await deliverNext();
  const before = await memoryOf(service);

  for (let i = 0; i < SLEEPERS; i += 1) {
    const { engine } = (await connect()).io as unknown as { engine: { transport: { ws: Sleeper } } };
    const { ws } = engine.transport;
    ws.pause();
    pongs.push(setInterval(() => ws.send(PONG, () => undefined), PONG_MS));
  }
  expect(await connected()).toBe(SLEEPERS + 1);

  let most = 0;
  while ((await connected()) > 1 && delivered < WARM_UP + MAX_BATCHES) {
    await deliverNext();
    if (delivered % BATCHES_BETWEEN_LOOKS === 0) most = Math.max(most, (await memoryOf(service)).own);
  }
  expect(await connected()).toBe(1);
  expect(service.output).toContain('slow client dropped');
  // What is held, not what was: how long garbage lies there is the engine's choice, and a busy machine's.
  expect(most - before.own).toBeLessThan(MAX_GROWTH_MB);
  while (received < 20 * delivered) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(received).toBe(20 * delivered);
}, 240_000);

test('one that is dead, and one that polls no more, are dropped when they have not said for long that they are there', async () => {
  const before = await connected();
  const { engine } = (await connect()).io as unknown as { engine: { transport: { ws: Sleeper } } };
  // It reads nothing, so no ping, and answers none.
  engine.transport.ws.pause();
  const at = `${service.url}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(at)).text()).slice(1)) as { sid: string };
  await fetch(`${at}&sid=${sid}`, { method: 'POST', body: `40{"token":"${TOKENS.viewer}"}` });
  expect(await (await fetch(`${at}&sid=${sid}`)).text()).toMatch(/^40/);
  expect(await connected()).toBe(before + 2);
  // Socket.IO asks every 25 s and waits for 20 s: the rest is for a busy machine.
  for (const deadline = Date.now() + 120_000; (await connected()) > before && Date.now() < deadline;)
    await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await connected()).toBe(before);
}, 180_000);
