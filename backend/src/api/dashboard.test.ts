import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { startApi, type Api } from '../../test/support/apiHarness.js';

/** The exported dashboard, and the headers that all answers have. */
const SCRIPT = 'self.page = "overview";';
const HASH = `'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`;

let directory: string;
let api: Api;

beforeAll(async () => {
  // A dot in the path, as where a service is installed may have one.
  directory = join(mkdtempSync(join(tmpdir(), 'dashboard-')), '.local', 'out');
  mkdirSync(join(directory, '_next', 'static'), { recursive: true });
  mkdirSync(join(directory, 'communities'));
  writeFileSync(join(directory, 'index.html'), `<script src="/_next/static/a.js"></script><script>${SCRIPT}</script>`);
  writeFileSync(join(directory, 'communities', 'index.html'), '<p>communities</p>');
  writeFileSync(join(directory, '404.html'), `<p>no such page</p><script>${SCRIPT}</script>`);
  writeFileSync(join(directory, '_next', 'static', 'a.js'), 'let a;');
  writeFileSync(join(directory, '_next', 'static', 'a.js.br'), brotliCompressSync('let a;'));
  writeFileSync(join(directory, 'favicon.svg'), '<svg/>');
  api = await startApi({}, { dashboardDirectory: directory, corsOrigins: ['https://friend.example'] });
});
afterAll(() => rmSync(join(directory, '..', '..'), { recursive: true }));

const scriptSource = (response: Response): string =>
  /script-src [^;]*/.exec(response.headers.get('content-security-policy') ?? '')?.[0] ?? '';

it('serves a page that may run its own inline scripts and no others', async () => {
  const response = await api.call('/');
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-cache']);
  expect(scriptSource(response)).toBe(`script-src 'self' ${HASH}`);
  expect(scriptSource(await api.call('/communities/'))).toBe("script-src 'self'");
});

it('leads a path without its slash to the page', async () => {
  const response = await api.call('/communities');
  expect([response.status, response.headers.get('location')]).toEqual([301, '/communities/']);
});

it('lets browsers keep what is named by its content, and ask again for the rest', async () => {
  expect((await api.call('/_next/static/a.js')).headers.get('cache-control')).toBe(
    'public, max-age=31536000, immutable',
  );
  expect((await api.call('/favicon.svg')).headers.get('cache-control')).toBe('no-cache');
});

it('shows the page for what there is not', async () => {
  const response = await api.call('/no/such/page');
  expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('no such page')]);
  expect(scriptSource(response)).toBe(`script-src 'self' ${HASH}`);
  expect((await api.call('/no/such/page', { method: 'POST' })).headers.get('content-type')).toMatch('problem+json');
});

it('does not serve what lies beside the export', async () => {
  writeFileSync(join(directory, '..', 'tokens.json'), 'secret');
  for (const path of ['/../tokens.json', '/%2e%2e/tokens.json', '/..%2ftokens.json'])
    expect(await (await api.call(path)).text()).not.toContain('secret');
});

it('sends an asset in the form that the build compressed, to whoever takes it', async () => {
  const ask = (encoding: string) => api.call('/_next/static/a.js', { headers: { 'accept-encoding': encoding } });
  const small = await ask('gzip, deflate, br');
  expect([small.headers.get('content-encoding'), small.headers.get('cache-control')]).toEqual([
    'br',
    'public, max-age=31536000, immutable',
  ]);
  expect(small.headers.get('content-type')).toContain('javascript');
  expect(await small.text()).toBe('let a;');
  const plain = await ask('identity');
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(await plain.text()).toBe('let a;');
});

it('says how to build the dashboard when there is none', async () => {
  const bare = await startApi({}, { dashboardDirectory: join(directory, 'none') });
  const response = await bare.call('/');
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ detail: 'The dashboard is not built: npm run build.' });
});

it('gives every answer the headers that protect it', async () => {
  for (const path of ['/', '/api/docs', '/api/nothing', '/health/live']) {
    const { headers } = await api.call(path);
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
    // Both would break a service that is reached without TLS.
    expect(headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
    expect(headers.get('strict-transport-security')).toBeNull();
  }
});

it('lets no browser keep an answer of the API', async () => {
  expect((await api.call('/api/analytics/aggregated', { as: 'viewer' })).headers.get('cache-control')).toBe('no-store');
  expect((await api.call('/api/analytics/aggregated')).headers.get('cache-control')).toBe('no-store');
});

describe('pages of other sites', () => {
  const preflight = (url: string, origin: string): Promise<Response> =>
    fetch(`${url}/api/analytics/aggregated`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
    });

  it('may call when CORS_ORIGIN lists them, and see when to come back and what a file is called', async () => {
    const { headers } = await preflight(api.url, 'https://friend.example');
    expect(headers.get('access-control-allow-origin')).toBe('https://friend.example');
    expect(headers.get('access-control-allow-credentials')).toBe('true');
    const refused = await api.call('/api/analytics/aggregated', { headers: { origin: 'https://friend.example' } });
    expect(refused.headers.get('access-control-expose-headers')).toBe('Retry-After,ETag,Content-Disposition');
  });

  it('may not when they are not listed, or none is', async () => {
    expect((await preflight(api.url, 'https://evil.example')).headers.has('access-control-allow-origin')).toBe(false);
    const closed = await startApi();
    expect((await preflight(closed.url, 'https://friend.example')).headers.has('access-control-allow-origin')).toBe(
      false,
    );
  });
});
