import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { pino } from 'pino';
import { freePort } from '../../test/support/service.js';
import { MAX_CONNECTIONS, openPayloadPort, type PayloadPort } from './payloadPort.js';

const HOST = '127.0.0.1';
const sockets: Socket[] = [];
let port: number;
let payloadPort: PayloadPort;
let lines: { msg: string; port?: number }[];
const open = (): PayloadPort =>
  openPayloadPort((_request, response) => response.end(), {
    ...{ host: HOST, port },
    http: { requestTimeout: 10_000, headersTimeout: 10_000 },
    logger: pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[0]) }),
  });
beforeEach(async () => {
  port = await freePort();
  lines = [];
  payloadPort = open();
  await payloadPort.opened;
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await payloadPort.close();
});

/** Opens a connection and asks on it. @returns the first bytes of the answer; undefined when it was closed without one. */
async function ask(): Promise<string | undefined> {
  const socket = connect(port, HOST);
  sockets.push(socket);
  socket.on('error', () => undefined);
  const answer = once(socket, 'data').then(([data]) => String(data));
  const closed = once(socket, 'close').then(() => undefined);
  socket.write('POST /payload HTTP/1.1\r\nHost: node\r\nContent-Length: 2\r\n\r\n{}');
  return Promise.race([answer, closed]);
}

test('connections that are kept open end at the limit: one more is closed, until another ends', async () => {
  const answers = await Promise.all(Array.from({ length: MAX_CONNECTIONS }, ask));
  expect(answers.filter((answer) => answer?.startsWith('HTTP/1.1 200 ') !== true)).toEqual([]);
  expect(await ask()).toBeUndefined();
  const [first] = sockets;
  first?.destroy();
  // The server hears of it a little later.
  let answer: string | undefined;
  while (answer === undefined) answer = await ask();
  expect(answer).toMatch(/^HTTP\/1.1 200 /);
});

test('a port that is taken is reported once, and used once it is free; who ends meanwhile does not wait for it', async () => {
  const [waiting, ends] = [open(), open()];
  while (lines.length < 2) await new Promise(setImmediate);
  await ends.close();
  await payloadPort.close();
  await waiting.opened;
  payloadPort = waiting;
  expect(await ask()).toMatch(/^HTTP\/1.1 200 /);
  const said = { msg: 'the port for payloads cannot be had: it is tried again', port };
  expect(lines).toEqual([expect.objectContaining(said), expect.objectContaining(said)]);
});

test('what is asked of another path is told what there is', async () => {
  const response = await fetch(`http://${HOST}:${port}/api/chainhook/events`, { method: 'POST', body: '{}' });
  expect([response.status, response.headers.get('content-type'), await response.json()]).toEqual([
    404,
    'application/problem+json',
    { type: 'about:blank', title: 'Not Found', status: 404, detail: 'There is only POST /payload at this port.' },
  ]);
});
