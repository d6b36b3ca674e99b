import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook as Verifier } from 'standardwebhooks';
import { refusedAddress } from './addresses.js';
import { makeSecret } from './signature.js';
import { sendWebhook, wrongUrl } from './webhook.js';

/** One attempt at a real receiver, and where it must not go. */
const NOW = Date.now();
const options = { allowPrivate: true, clock: () => NOW };
const message = { id: 'incident-1-firing', body: '{"type":"alert.firing"}' };

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

async function receiver(answer: { status?: number; headers?: Record<string, string>; never?: boolean } = {}) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ headers: request.headers as Record<string, string>, body });
      if (answer.never !== true) response.writeHead(answer.status ?? 204, answer.headers).end();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=1` };
}

it('is signed so that a receiver that follows Standard Webhooks takes it, and refuses it changed', async () => {
  const { url, received } = await receiver();
  const secret = makeSecret();
  expect(await sendWebhook({ url, secret }, message, options)).toEqual({ delivered: true });
  const [{ headers, body }] = received as [Received];
  expect(new Verifier(secret).verify(body, headers)).toEqual({ type: 'alert.firing' });
  expect(headers).toMatchObject({ 'webhook-id': message.id, 'content-type': 'application/json' });
  expect(() => new Verifier(secret).verify(body.replace('firing', 'fading'), headers)).toThrow(/signature/i);
  expect(() => new Verifier(makeSecret()).verify(body, headers)).toThrow(/signature/i);
});

it('follows no redirect', async () => {
  const elsewhere = await receiver();
  const { url } = await receiver({ status: 302, headers: { location: elsewhere.url } });
  expect(await sendWebhook({ url, secret: makeSecret() }, message, options)).toEqual({
    ...{ delivered: false, gone: false, error: 'answered 302: redirects are not followed' },
  });
  expect(elsewhere.received).toEqual([]);
});

it.each([
  [500, false],
  [404, false],
  [410, true],
])('tells of an answer of %d', async (status, gone) => {
  const { url } = await receiver({ status });
  expect(await sendWebhook({ url, secret: makeSecret() }, message, options)).toEqual({
    ...{ delivered: false, gone, error: `answered ${status}` },
  });
});

it('gives up a receiver that does not answer, one that is not there, and when it is told to end', async () => {
  const { url } = await receiver({ never: true });
  const secret = makeSecret();
  expect(await sendWebhook({ url, secret }, message, { ...options, timeoutMs: 100 })).toMatchObject({
    error: 'no answer within 0.1 s',
  });
  expect(await sendWebhook({ url: 'http://127.0.0.1:1/', secret }, message, options)).toMatchObject({
    error: 'ECONNREFUSED',
  });
  const end = new AbortController();
  const sending = sendWebhook({ url, secret }, message, { ...options, signal: end.signal });
  end.abort();
  expect(await sending).toMatchObject({ delivered: false });
});

it('reaches this machine and its network only where that is allowed, also by a name', async () => {
  const { url, received } = await receiver();
  const byName = url.replace('127.0.0.1', 'localhost');
  for (const target of [url, byName]) {
    const outcome = await sendWebhook({ url: target, secret: makeSecret() }, message, {
      ...options,
      allowPrivate: false,
    });
    expect(outcome).toMatchObject({
      delivered: false,
      error: expect.stringMatching(/is of a private network/) as string,
    });
  }
  expect(received).toEqual([]);
});

it.each([
  ['hooks.example/alerts', 'must be a URL such as https://hooks.example/alerts'],
  ['file:///etc/passwd', 'must begin with http:// or https://'],
  ['gopher://hooks.example', 'must begin with http:// or https://'],
  ['https://user:word@hooks.example', 'must not hold a user or a password: the message is signed'],
  ['http://0x7f.1/', 'must be reachable from outside: 127.0.0.1 is of a private network'],
  ['http://[::ffff:10.0.0.1]/', 'must be reachable from outside: ::ffff:a00:1 is of a private network'],
  [
    'http://169.254.169.254/latest',
    'must be reachable from outside: 169.254.169.254 is link-local, multicast or reserved',
  ],
])('the URL %s %s', (url, wrong) => {
  expect(wrongUrl(url, false)).toBe(wrong);
});

it('never reaches the metadata service of a cloud, whatever is allowed', () => {
  for (const address of ['169.254.169.254', 'fe80::1', '::ffff:169.254.169.254', 'fd00:ec2::254', '0.0.0.0', '::'])
    expect([address, refusedAddress(address, true)]).toEqual([address, expect.stringMatching(/reserved/)]);
  for (const address of ['127.0.0.1', '10.1.2.3', '192.168.1.1', '::1', 'fd12::1'])
    expect([address, refusedAddress(address, true), refusedAddress(address, false)]).toEqual([
      ...[address, undefined, expect.stringMatching(/private/)],
    ]);
  for (const address of ['93.184.215.14', '2606:2800:21f::1']) expect(refusedAddress(address, false)).toBeUndefined();
});
