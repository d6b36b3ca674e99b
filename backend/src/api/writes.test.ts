import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type RequestListener, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import express, { type ErrorRequestHandler } from 'express';
import { Callers } from '../cluster/callers.js';
import { LogUnavailableError, StaleWriterError } from '../log/log.js';
import { alertRoutes } from './alerts.js';
import { readBytes, SMALL_BODY } from './body.js';
import { problemOf } from './problem.js';
import type { Answer, Route } from './route.js';
import type { Services } from './services.js';
import { byTheWriter } from './writes.js';

/** A process that is asked for what the writer does, and a membership that says who that is. */
describe('a call for the writer', () => {
  const callers = new Callers(Buffer.from('a key of all processes'));
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    }
  });
  const listen = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  /** Told one after the other, the last for good. */
  type Writers = readonly ('self' | string | undefined)[];
  interface Asked {
    readonly writers: Writers;
    readonly writes?: 'again' | 'once';
    readonly respond?: () => Promise<Answer>;
    readonly forwarded?: boolean;
    readonly maxWaitMs?: number;
  }
  const ask = async ({
    writers,
    writes = 'again',
    respond,
    forwarded = false,
    maxWaitMs = 60_000,
  }: Asked): Promise<Response> => {
    const route = { body: {}, writes, respond: respond ?? (() => Promise.reject(new Error('not here'))) };
    const left = [...writers];
    const membership = {
      part: 'standby',
      failure: undefined,
      start: () => undefined,
      stop: () => Promise.resolve(),
      writer: () => Promise.resolve(left.length > 1 ? left.shift() : left[0]),
    } as const;
    const app = express();
    app.post(
      '/x',
      readBytes(SMALL_BODY),
      byTheWriter(route as unknown as Route, { membership, callers }, { maxWaitMs }, (response, { status, body }) => {
        response.status(status).send(body);
      }),
    );
    const failing: ErrorRequestHandler = (error, _request, response, _next) => {
      const { status, message } = problemOf(error, false) ?? { status: 500, message: String(error) };
      response.status(status).send(message);
    };
    app.use(failing);
    return fetch(`${await listen(app)}/x?q=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(forwarded && { 'passportx-forwarded': '1' }) },
      body: '{"a":1}',
    });
  };
  const told = async (response: Response): Promise<[number, string]> => [response.status, await response.text()];

  test('is answered here by the writer itself', async () => {
    const respond = (): Promise<Answer> => Promise.resolve({ status: 201, body: 'made' });
    expect(await told(await ask({ writers: ['self'], respond }))).toEqual([201, 'made']);
  });

  test('is answered by the writer elsewhere, with its status, headers and body', async () => {
    const writer = await listen((request, response) => {
      void text(request).then((body) => response.writeHead(412, { etag: '"7"' }).end(`${request.url} ${body}`));
    });
    const response = await ask({ writers: [writer], writes: 'once' });
    expect(response.headers.get('etag')).toBe('"7"');
    expect(await told(response)).toEqual([412, '/x?q=1 {"a":1}']);
  });

  test('tells the writer from whose address it came', async () => {
    const said: (string | undefined)[] = [];
    const writer = await listen(({ headers }, response) => {
      said.push(callers.of(headers));
      response.end();
    });
    await ask({ writers: [writer] });
    expect(said).toEqual([expect.stringMatching(/^(::ffff:)?127\.0\.0\.1$/)]);
  });

  test('waits for the next writer when this one has died, or writes no longer', async () => {
    const gone = await listen((_request, response) => response.destroy());
    const former = await listen((_request, response) => response.writeHead(421).end());
    const next = await listen((_request, response) => response.end('done'));
    expect(await told(await ask({ writers: [gone, former, next] }))).toEqual([200, 'done']);
    // Here, when the log was found to go on elsewhere.
    const respond = (): Promise<Answer> => Promise.reject(new StaleWriterError('another writes'));
    expect(await told(await ask({ writers: ['self', next], writes: 'once', respond }))).toEqual([200, 'done']);
  });

  test('that may be made once is not made again when nobody knows whether it was', async () => {
    let made = 0;
    const gone = await listen((_request, response) => {
      made += 1;
      response.destroy();
    });
    const [status, said] = await told(await ask({ writers: [gone], writes: 'once' }));
    expect([status, said]).toEqual([503, expect.stringContaining('it may have done this, or not')]);
    expect(made).toBe(1);
  });

  /** Shorter than a silent connection lasts, and than a call may wait: who waited for either would be too late. */
  const SOON_MS = 20_000;
  const silent = (): Promise<string> => listen(() => undefined);

  test(
    'that a writer takes and does not answer goes to the next as soon as there is one',
    async () => {
      const next = await listen((_request, response) => response.end('done'));
      // One that is not known for the moment is not taken for gone.
      const writers = [await silent(), undefined, next];
      expect(await told(await ask({ writers }))).toEqual([200, 'done']);
      const [status, said] = await told(await ask({ writers, writes: 'once' }));
      expect([status, said]).toEqual([503, expect.stringContaining('it may have done this, or not')]);
    },
    SOON_MS,
  );

  test(
    'that a writer takes and does not answer is refused when it has waited as long as a call may',
    async () => {
      const [status, said] = await told(await ask({ writers: [await silent()], maxWaitMs: 500 }));
      expect([status, said]).toEqual([503, expect.stringContaining('none has taken this')]);
    },
    SOON_MS,
  );

  test('is none that reads alerts; one that changes them is made once, as is the answer that shows a secret', () => {
    const routes = alertRoutes({ alerts: {} as Services['alerts'] }, undefined);
    const made = (writes: Route['writes']): string[] =>
      routes.filter((route) => route.writes === writes).map(({ method, path }) => `${method} ${path}`);
    expect(made(undefined)).toEqual(['get /api/alerts', 'get /api/alerts/history', 'get /api/alerts/:id']);
    expect(made('once')).toHaveLength(routes.length - 3);
  });

  test('is refused in the end when nobody writes, and when none that does takes it', async () => {
    expect(await told(await ask({ writers: [undefined] }))).toEqual([503, 'No process takes writes at present.']);
    const former = await listen((_request, response) => response.writeHead(421).end());
    const [status, said] = await told(await ask({ writers: [former], maxWaitMs: 500 }));
    expect([status, said]).toEqual([503, expect.stringContaining('none has taken this')]);
  });

  test('that was passed on is not passed on again', async () => {
    const elsewhere = await listen((_request, response) => response.end('done'));
    for (const writer of [elsewhere, undefined])
      expect((await ask({ writers: [writer], forwarded: true })).status).toBe(421);
  });

  test('that fails here fails: it is the writer that knows why', async () => {
    const respond = (): Promise<Answer> => Promise.reject(new LogUnavailableError('the disk is full'));
    expect((await ask({ writers: ['self'], respond })).status).toBe(503);
  });
});
