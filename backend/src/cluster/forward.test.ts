import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { freePort } from '../../test/support/service.js';
import { forward as forwardUntil, isForwarded, MISDIRECTED, passedOn, type Call, type Outcome } from './forward.js';

const forward = (base: string, call: Call): Promise<Outcome> => forwardUntil(base, call, new AbortController().signal);

/** A call that is passed on to a writer that listens, one that does not, and one that breaks off. */
describe('a call that is passed on', () => {
  const servers: (Server | TcpServer)[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await once(server, 'close');
    }
  });
  const listen = async (server: Server | TcpServer): Promise<number> => {
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const writer = async (listener: RequestListener): Promise<string> =>
    `http://127.0.0.1:${await listen(createServer(listener))}`;
  const call = (over: Partial<Call> = {}): Call => ({
    method: 'POST',
    path: '/api/boards?x=%20y',
    headers: {},
    body: Buffer.from('{"a":1}'),
    from: 'someone',
    maxWaitMs: 10_000,
    ...over,
  });
  const answerOf = (outcome: Outcome): IncomingMessage => {
    if (typeof outcome === 'string') throw new Error(`it was ${outcome}`);
    return outcome;
  };

  test('reaches the writer as it came, and says that it was passed on', async () => {
    const seen: { request: IncomingMessage; body: Buffer }[] = [];
    const base = await writer((request, response) => {
      void buffer(request).then((body) => {
        seen.push({ request, body });
        response.writeHead(201, { etag: '"1"', 'content-type': 'application/json' }).end('{"b":2}');
      });
    });
    const headers = {
      host: 'analytics.example',
      authorization: 'Bearer t',
      cookie: 'passportx_session=s',
      'if-match': '"1"',
      connection: 'close, upgrade',
      'accept-encoding': 'gzip',
      // Of the body as it was sent; it is passed on unpacked.
      'content-encoding': 'gzip',
      'content-length': '999',
    };
    const answer = answerOf(await forward(base, call({ headers })));
    expect([answer.statusCode, answer.headers.etag, await text(answer)]).toEqual([201, '"1"', '{"b":2}']);
    const [{ request, body } = { request: undefined, body: undefined }] = seen;
    expect([request?.method, request?.url, body?.toString()]).toEqual(['POST', '/api/boards?x=%20y', '{"a":1}']);
    const { 'passportx-forwarded': mark, connection, ...rest } = request?.headers ?? {};
    expect(rest).toEqual({
      host: 'analytics.example',
      authorization: 'Bearer t',
      cookie: 'passportx_session=s',
      'if-match': '"1"',
      'content-length': '7',
    });
    expect([mark, connection]).toEqual(['someone', 'close']);
    expect([isForwarded(request?.headers ?? {}), isForwarded(headers)]).toEqual([true, false]);
  });

  test('goes to the writer wherever its path seems to lead, below the path of its address', async () => {
    const urls: (string | undefined)[] = [];
    const base = await writer((request, response) => {
      urls.push(request.url);
      response.end();
    });
    const paths = ['//elsewhere.example/x', 'http://elsewhere.example/x'];
    for (const path of paths) answerOf(await forward(base, call({ method: 'GET', path, body: undefined }))).resume();
    answerOf(await forward(`${base}/below/`, call({ method: 'GET', path: '/x', body: undefined }))).resume();
    expect(urls).toEqual([...paths, '/below/x']);
  });

  test('without a body has none there', async () => {
    const lengths: (string | undefined)[] = [];
    const base = await writer(({ headers }, response) => {
      lengths.push(headers['content-length']);
      response.end();
    });
    answerOf(await forward(base, call({ method: 'DELETE', body: undefined }))).resume();
    expect(lengths).toEqual([undefined]);
  });

  test('was not taken by one that does not write, or is not there, or does not speak TLS', async () => {
    const standby = await writer((_request, response) => response.writeHead(MISDIRECTED).end('{}'));
    expect(await forward(standby, call())).toBe('not taken');
    expect(await forward(`http://127.0.0.1:${await freePort()}`, call())).toBe('not taken');
    const plain = createTcpServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('not TLS\r\n'),
    );
    expect(await forward(`https://127.0.0.1:${await listen(plain)}`, call())).toBe('not taken');
  });

  test('is of unknown outcome when the writer breaks off before it answers', async () => {
    let received = '';
    const base = await writer((request, response) => {
      void text(request).then((body) => {
        received = body;
        response.destroy();
      });
    });
    expect(await forward(base, call())).toBe('unknown');
    expect(received).toBe('{"a":1}');
  });

  test('is answered without what is of one connection, or made anew', () => {
    const headers = { etag: '"1"', connection: 'close', 'transfer-encoding': 'chunked', 'content-encoding': 'gzip' };
    expect(passedOn({ ...headers, 'set-cookie': ['a=b'] })).toEqual({ etag: '"1"', 'set-cookie': ['a=b'] });
  });
});
