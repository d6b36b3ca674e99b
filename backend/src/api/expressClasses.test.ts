import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expressClasses } from './expressClasses.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('requests and answers of each server are what Express would make of them, before it has seen them', async () => {
  const app = express();
  const seen: [object, object][] = [];
  const note = (request: object, response: object): void =>
    void seen.push([Object.getPrototypeOf(request) as object, Object.getPrototypeOf(response) as object]);
  app.get('/:name', (request, response) => {
    note(request, response);
    response.json({ name: request.params.name, query: request.query, ip: request.ip });
  });

  const classes = expressClasses(app);
  for (const server of [createServer(classes, app), createServer(classes, app)]) {
    server.prependListener('request', note);
    const answer = await fetch(`${await listening(server)}/a?b=c`);
    expect(await answer.json()).toEqual({ name: 'a', query: { b: 'c' }, ip: '127.0.0.1' });
  }

  expect(seen).toHaveLength(4);
  for (const [request, response] of seen) {
    expect(request).toBe(app.request);
    expect(response).toBe(app.response);
  }
});
