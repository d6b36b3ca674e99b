import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A stand-in for the service: keeps what it took, answers what the test says. */
interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const TAKEN: Answer = {
  status: 200,
  body: { accepted: 2, duplicates: 1, ignored: 3, quarantined: 0, applied: 1, rolledBack: 0 },
};

let dir: string;
let server: Server;
let url: string;
let bodies: string[];
let tokens: (string | undefined)[];
let answer: (body: string, attempt: number) => Answer;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'replay-'));
  bodies = [];
  tokens = [];
  answer = () => TAKEN;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      bodies.push(body);
      tokens.push(request.headers.authorization);
      const { status, headers, body: answered } = answer(body, bodies.filter((each) => each === body).length);
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(answered ?? {}));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(dir, { recursive: true });
});

async function replay(
  lines: readonly string[],
  options: readonly string[] = ['--token', 'secret'],
): Promise<{ code: number | null; out: string }> {
  const file = join(dir, 'payloads.ndjson');
  await writeFile(file, lines.join('\n'));
  const args = ['--import', 'tsx', 'scripts/replay.ts', file, '--url', url, ...options];
  const child = spawn(process.execPath, args, { env: { ...process.env, CHAINHOOK_AUTH_TOKEN: '', DATA_DIR: dir } });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out };
}

/** The number that the summary gives for `name`. */
function counted(out: string, name: string): number | undefined {
  const found = new RegExp(`^${name} +([\\d,]+)$`, 'm').exec(out)?.[1];
  return found === undefined ? undefined : Number(found.replaceAll(',', ''));
}

test('every line is posted once, in the order of the file, and the summary adds up what was answered', async () => {
  const lines = Array.from({ length: 30 }, (_, index) => JSON.stringify({ apply: [], index, text: 'é'.repeat(index) }));
  const { code, out } = await replay([...lines, '', '  ']);
  expect(code).toBe(0);
  expect(bodies).toEqual(lines);
  expect(new Set(tokens)).toEqual(new Set(['Bearer secret']));
  expect(['lines', 'accepted', 'duplicates', 'ignored', 'lines refused'].map((name) => counted(out, name))).toEqual([
    30, 60, 30, 90, 0,
  ]);
});

test('a refused line is named with its reason, the others go on, and the exit code says so', async () => {
  answer = (body) =>
    body === 'not json' ? { status: 400, body: { title: 'Bad request', detail: 'The body is not JSON.' } } : TAKEN;
  const { code, out } = await replay(['{"a":1}', '', 'not json', '{"b":2}']);
  expect(code).toBe(1);
  expect(bodies).toEqual(['{"a":1}', 'not json', '{"b":2}']);
  expect(out).toContain('line 3 refused: 400: The body is not JSON.');
  expect(counted(out, 'lines refused')).toBe(1);
  expect(counted(out, 'accepted')).toBe(4);
});

test('a busy service is asked again after the time it names, before the next line', async () => {
  answer = (body, attempt) =>
    body === '{"a":1}' && attempt < 3 ? { status: 503, headers: { 'retry-after': '0' } } : TAKEN;
  const { code } = await replay(['{"a":1}', '{"b":2}']);
  expect(code).toBe(0);
  expect(bodies).toEqual(['{"a":1}', '{"a":1}', '{"a":1}', '{"b":2}']);
});

test('an unknown token ends the replay at the first line', async () => {
  answer = () => ({ status: 401, body: { detail: 'Unknown token.' } });
  const { code, out } = await replay(['{"a":1}', '{"b":2}']);
  expect(code).toBe(1);
  expect(bodies).toHaveLength(1);
  expect(out).toContain('Ended at line 1');
  expect(out).toContain('Unknown token.');
});

test('the token that the service made under DATA_DIR is found; without any the usage is shown', async () => {
  expect((await replay(['{"a":1}'], [])).out).toContain('no token: give --token or CHAINHOOK_AUTH_TOKEN');
  await writeFile(join(dir, 'tokens.json'), JSON.stringify({ chainhook: 'made' }));
  expect((await replay(['{"a":1}'], [])).code).toBe(0);
  expect(tokens).toEqual(['Bearer made']);
});

test('--help shows the usage and is no error', async () => {
  const { code, out } = await replay([], ['--help']);
  expect(code).toBe(0);
  expect(out).toMatch(/^npm run replay -- FILE /);
  expect(bodies).toEqual([]);
});

test('with --concurrency every line still arrives exactly once', async () => {
  const lines = Array.from({ length: 50 }, (_, index) => JSON.stringify({ index }));
  const { code, out } = await replay(lines, ['--token', 'secret', '--concurrency', '8']);
  expect(code).toBe(0);
  expect([...bodies].sort()).toEqual([...lines].sort());
  expect(counted(out, 'lines')).toBe(50);
});
