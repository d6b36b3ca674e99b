import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Load } from './load.js';

const ANSWER = JSON.stringify({ text: 'what is said again and again '.repeat(100) });

describe('the load generator', () => {
  let server: Server;
  let load: Load;
  const answering = async (listener: RequestListener, answerWithinMs?: number): Promise<void> => {
    server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    load = new Load(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'token', 1, answerWithinMs);
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

  test('gives up a call that is not answered, and says which', async () => {
    await answering((request) => void request.resume(), 50);
    await expect(load.ask({ method: 'GET', path: '/hung' })).rejects.toThrow(
      'GET /hung was not answered within 0.05 s',
    );
  });

  test('gives up a call whose answer does not end', async () => {
    await answering((_request, response) => void response.write('begun'), 50);
    await expect(load.ask({ method: 'GET', path: '/hung' })).rejects.toThrow(
      'GET /hung was not answered within 0.05 s',
    );
  });

  test('asks again while what it asks for is not ready, to an end', async () => {
    let left = 1;
    await answering((_request, response) => response.writeHead(left-- > 0 ? 503 : 200).end('being made'));
    expect(await load.askUntilReady({ method: 'GET', path: '/' }, 60_000)).toBe(1);
    left = 1_000;
    await expect(load.askUntilReady({ method: 'GET', path: '/' }, 1)).rejects.toThrow(
      'still refused after 0.001 s: GET / answered 503 (identity): being made',
    );
  });

  test('takes another refusal at its word', async () => {
    await answering((_request, response) => response.writeHead(401).end('no token'));
    await expect(load.askUntilReady({ method: 'GET', path: '/' }, 60_000)).rejects.toThrow('answered 401');
  });
});
