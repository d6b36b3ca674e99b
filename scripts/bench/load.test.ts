import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Load } from './load.js';

const ANSWER = JSON.stringify({ text: 'what is said again and again '.repeat(100) });

describe('the load generator', () => {
  let server: Server;
  let load: Load;
  const answering = async (listener: RequestListener): Promise<void> => {
    server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    load = new Load(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'token', 1);
  };
  afterEach(async () => {
    load.close();
    await new Promise((resolve) => server.close(resolve));
  });

  test('counts the bytes of an answer, compressed only where it asked for that', async () => {
    await answering((request, response) => {
      const isCompressed = request.headers['accept-encoding'] === 'gzip';
      if (isCompressed) response.setHeader('content-encoding', 'gzip');
      response.end(isCompressed ? gzipSync(ANSWER) : ANSWER);
    });
    expect(await load.ask({ method: 'GET', path: '/' })).toBe(ANSWER.length);
    expect(await load.ask({ method: 'GET', path: '/', gzip: true })).toBe(gzipSync(ANSWER).length);
  });

  test('refuses an answer that is plain where a compressed one is measured', async () => {
    await answering((_request, response) => response.end(ANSWER));
    await expect(load.ask({ method: 'GET', path: '/', gzip: true })).rejects.toThrow('GET / answered 200 (identity)');
  });

  test('tells what a refusal says', async () => {
    await answering((_request, response) => response.writeHead(401).end('no token'));
    await expect(load.ask({ method: 'GET', path: '/read' })).rejects.toThrow(
      'GET /read answered 401 (identity): no token',
    );
  });
});
