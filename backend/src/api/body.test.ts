import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { Gate } from '../chain/gate.js';
import { keepingPlace, readBytes } from './body.js';

/** What a body's place in the gate is bound to. */
let server: Server;
let gate: Gate;
let finish: () => void;
let begun: Promise<void>;
/** As it was handed on, in the order of the requests. */
let bodies: unknown[];
/** The client has gone away. */
let gone: Promise<void>;

beforeEach(async () => {
  gate = new Gate({ maxPending: 1, maxWaitMs: 10 });
  const app = express();
  bodies = [];
  let started = (): void => undefined;
  begun = new Promise((resolve) => (started = resolve));
  let go = (): void => undefined;
  gone = new Promise((resolve) => (go = resolve));
  const working = new Promise<void>((resolve) => (finish = resolve));
  app.post(
    '/',
    readBytes({ bytes: 100, setBy: 'a test', gate }),
    keepingPlace(async (request, response) => {
      bodies.push(request.body);
      response.once('close', go);
      started();
      await working;
      response.sendStatus(200);
    }),
  );
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  finish();
  server.close();
  await once(server, 'close');
});

function begin(headers: Readonly<Record<string, string | number>> = {}) {
  const { port } = server.address() as AddressInfo;
  const sent = httpRequest({
    port,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    agent: false,
  });
  sent.on('error', () => undefined);
  return sent;
}

function post() {
  const sent = begin();
  sent.end('{}');
  return sent;
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await sleep(1);
};

test('is kept while the body is worked on, also when the client goes away, and given back once', async () => {
  const sent = post();
  await begun;
  sent.destroy();
  await gone;
  expect(gate.queued).toBe(1);
  await expect(gate.enter(0)).rejects.toThrow('no place came free');
  finish();
  await until(() => gate.queued === 0);
  (await gate.enter(0))();
  expect(gate.queued).toBe(0);
});

test('is given back with the answer', async () => {
  const sent = post();
  await begun;
  expect(gate.queued).toBe(1);
  finish();
  const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream];
  response.resume();
  await until(() => gate.queued === 0);
  expect(gate.waiting).toBe(0);
});

test.each([
  ['says its length', { 'content-length': 7 }],
  ['does not', { 'transfer-encoding': 'chunked' }],
])('comes whole, in whatever pieces, when it %s', async (_what, headers) => {
  const sent = begin(headers);
  for (const piece of ['[1', ',2', ',3', ']']) {
    sent.write(piece);
    await sleep(5);
  }
  sent.end();
  await begun;
  expect(bodies).toEqual([Buffer.from('[1,2,3]')]);
});

test.each([
  ['says its length', { 'content-length': 7 }],
  ['does not', { 'transfer-encoding': 'chunked' }],
])('is given back when a body breaks off that %s, of which nothing is handed on', async (_what, headers) => {
  const sent = begin(headers);
  sent.write('[1');
  await until(() => gate.queued === 1);
  sent.destroy();
  await until(() => gate.queued === 0);
  expect(bodies).toEqual([]);
});
