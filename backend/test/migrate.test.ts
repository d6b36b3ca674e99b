import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection, mongo } from 'mongoose';
import { pino } from 'pino';
import type { QuarantineItem, QuarantinePage } from '../src/contract/index.js';
import { decodeCommit, encodeCommit } from '../src/log/codec.js';
import { openMongo } from '../src/log/mongo.js';
import { until, writes } from './cluster/cluster.js';
import { differences } from './crash/verdict.js';
import { storyOf } from './crash/story.js';
import type { Delivery } from './generators/chains.js';
import { formOf } from './properties/service.js';
import { describeWithOwnMongo } from './support/describeMongo.js';
import { blockEntry } from './support/entries.js';
import { TestMongo } from './support/mongodb.js';
import { DEPLOYER, payload } from './support/payloads.js';
import { TestService, TOKENS } from './support/service.js';
import { commandOn, TcpProxy } from './support/tcpProxy.js';

const { Binary } = mongo;
type Binary = mongo.Binary;
const logger = pino({ level: 'silent' });

/** A store that moves from its directory into MongoDB and back, by the built command, with the built service at each end. */
jest.setTimeout(400_000);

describeWithOwnMongo('moving house', () => {
  let server: TestMongo;
  let uri: string;
  let embedded: TestService;
  let elsewhere: string;
  let proxy: TcpProxy;
  beforeAll(async () => {
    server = await TestMongo.startOwn();
    uri = server.uri('moved');
    proxy = await TcpProxy.start(server.port);
    embedded = await TestService.start({ env: { STACKS_DEPLOYER: DEPLOYER, ANALYTICS_BATCH_TIMEOUT_MS: '20' } });
    elsewhere = await mkdtemp(join(tmpdir(), 'passportx-moved-'));
  });
  afterAll(async () => {
    await embedded.stop();
    await rm(elsewhere, { recursive: true });
    await proxy.stop();
    await server.stop();
  });

  const moves = storyOf(20_261_126, 12, Date.now(), 6 * 3600).map(({ move }) => move);
  const tell = async (service: TestService, told: readonly Delivery[]): Promise<void> => {
    for (const move of told)
      expect((await service.deliver(payload(formOf({ ...move, form: 'raw' }), move))).status).toBe(200);
  };

  it('takes everything along, both ways, goes on where it was broken off, and mixes no two logs', async () => {
    const half = Math.floor(moves.length / 2);
    await tell(embedded, moves.slice(0, half));
    expect((await embedded.deliver({ odd: true })).status).toBe(200);
    const cookie = await signIn(embedded);
    expect(await migrate(embedded.dataDir, '--to', uri)).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^process \d+ uses .*: stop it first\n$/) as string,
    });
    await embedded.kill('SIGTERM');
    expect(await migrate(embedded.dataDir, '--to', uri)).toMatchObject({ code: 0, errors: '' });

    // What came since follows: the copy begins where the one before ended. What was dropped since goes, too.
    await embedded.restart();
    await tell(embedded, moves.slice(half));
    expect((await embedded.deliver({ odd: 2 })).status).toBe(200);
    const [, older] = await quarantined(embedded);
    await drop(embedded, older?.id);
    expect(await differences(embedded, moves)).toEqual([]);
    await embedded.kill('SIGTERM');
    // It is broken off in the middle of the log, then in the middle of the documents; each goes on where it was.
    const [commits, put] = [commandOn('insert', 'commits'), commandOn('update', 'documents')];
    const commitsThere = [await counted(uri, 'commits')];
    for (const [needle, after] of [
      [commits, 2],
      [put, 0],
    ] as const) {
      proxy.break({ needle, fate: 'lose', times: Number.POSITIVE_INFINITY, after });
      expect((await migrate(embedded.dataDir, '--to', server.uri('moved', proxy.port))).code).toBe(1);
      proxy.mend();
      commitsThere.push(await counted(uri, 'commits'));
    }
    const [before = 0, begun = 0, copied = 0] = commitsThere;
    expect([begun - before, copied > begun]).toEqual([2, true]);
    const { code, output } = await migrate(embedded.dataDir, '--to', uri);
    expect(code).toBe(0);
    expect(output).toMatch(/^log +\[.*\] 100 % {2}\d+\/\d+ entries[^]*\ndocuments +\[.*\] 100 %/m);
    expect(output).toMatch(/log entries; every metric is the same in both\n$/);
    // What is there already is not written again, log or document: only that it is being copied is.
    proxy.break({ needle: put, fate: 'lose', times: Number.POSITIVE_INFINITY, after: 1 });
    expect(await migrate(embedded.dataDir, '--to', server.uri('moved', proxy.port))).toMatchObject({ code: 0 });
    expect(await counted(uri, 'commits')).toBe(copied);
    proxy.mend();

    const moved = await TestService.start({ env: { MONGODB_URI: uri, STACKS_DEPLOYER: DEPLOYER } });
    try {
      expect(await differences(moved, moves)).toEqual([]);
      expect(await isSignedIn(moved, cookie)).toBe(true);
      expect((await quarantined(moved)).map(({ input }) => input)).toEqual([{ odd: 2 }]);
      expect(await migrate(elsewhere, '--from', uri)).toMatchObject({
        code: 1,
        errors: expect.stringMatching(/^the process at http:\/\/127\.0\.0\.1:\d+ writes to this database/) as string,
      });
      await moved.kill('SIGTERM');
    } finally {
      await moved.stop();
    }
    expect(await migrate(elsewhere, '--from', uri)).toMatchObject({ code: 0, errors: '' });
    await embedded.restart({ DATA_DIR: elsewhere });
    expect(await differences(embedded, moves)).toEqual([]);
    expect(await isSignedIn(embedded, cookie)).toBe(true);
    expect(await quarantined(embedded)).toHaveLength(1);
    await embedded.kill('SIGTERM');

    // A copy that is not the same is told from one that is.
    await falsify(uri);
    expect(await migrate(elsewhere, '--from', uri)).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^the metrics of the two logs differ: .*issuance\.totalBadgesIssued/) as string,
    });

    // The first store knows nothing of the term that was begun in MongoDB, and goes another way.
    await embedded.restart();
    await tell(embedded, [{ ...moves[0], rollback: moves[0]?.apply ?? [], apply: [] }]);
    await embedded.kill('SIGTERM');
    const { errors } = await migrate(embedded.dataDir, '--to', uri);
    expect(errors).toMatch(/it holds another log|they are not of one log/);
  });

  it('what waits beside a copy that was broken off serves and takes nothing of it, until it was completed', async () => {
    const database = server.uri('waited');
    await embedded.kill('SIGTERM');
    const source = await TestService.start({ env: { STACKS_DEPLOYER: DEPLOYER } });
    const { dataDir } = source;
    const told = moves.slice(0, 4);
    await tell(source, told);
    expect((await source.deliver({ odd: true })).status).toBe(200);
    await source.kill('SIGTERM');
    // A standby and a reader from before there was anything: nobody can take the lease meanwhile.
    const { leases, close } = await openMongo(database, { logger });
    const claim = { holder: 'test', url: 'http://127.0.0.1:1', lengthMs: 3_600_000, word: '' };
    expect(await leases.take(undefined, 1, claim)).toBe(true);
    const env = { MONGODB_URI: database, STACKS_DEPLOYER: DEPLOYER };
    const [standby, reader] = await Promise.all([
      TestService.start({ env }),
      TestService.start({ env: { ...env, ANALYTICS_ROLE: 'reader' } }),
    ]);
    try {
      standby.pause();
      await leases.release(1, claim);
      proxy.break({
        needle: commandOn('update', 'documents'),
        fate: 'lose',
        times: Number.POSITIVE_INFINITY,
        after: 1,
      });
      expect((await migrate(dataDir, '--to', server.uri('waited', proxy.port))).code).toBe(1);
      proxy.mend();
      standby.wake();
      const refusal = 'run the same npm run migrate again';
      for (const waiting of [standby, reader])
        await until('it to say that the copy is not whole', async () =>
          (await (await fetch(`${waiting.url}/health/ready`)).text()).includes(refusal),
        );
      expect(await writes(standby)).toBe(false);
      await expect(embedded.restart(env)).rejects.toThrow(refusal);
      expect(await migrate(elsewhere, '--from', database)).toMatchObject({
        code: 1,
        errors: expect.stringContaining(refusal) as string,
      });
      expect(await migrate(dataDir, '--to', database)).toMatchObject({ code: 0, errors: '' });
      await until('the standby to write', () => writes(standby));
      const reign = await termOfTheLease(database);
      // More than the takes that it would have without what the log tells.
      expect(reign).toBeGreaterThan(3);
      for (const waiting of [standby, reader]) {
        await until('it to be ready', async () => (await fetch(`${waiting.url}/health/ready`)).ok);
        expect(await differences(waiting, told)).toEqual([]);
        expect(waiting.output.split('the database is not whole')).toHaveLength(2);
      }
      await standby.kill('SIGTERM');

      // The same holds of the way back.
      const back = await mkdtemp(join(tmpdir(), 'passportx-moved-'));
      proxy.break({ needle: commandOn('find', 'documents'), fate: 'lose', times: Number.POSITIVE_INFINITY, after: 8 });
      expect((await migrate(back, '--from', server.uri('waited', proxy.port))).code).toBe(1);
      proxy.mend();
      await expect(embedded.restart({ DATA_DIR: back })).rejects.toThrow(refusal);
      expect(await migrate(back, '--to', server.uri('another'))).toMatchObject({ code: 1 });
      expect(await migrate(back, '--from', database)).toMatchObject({ code: 0, errors: '' });
      await embedded.restart({ DATA_DIR: back });
      expect(await differences(embedded, told)).toEqual([]);
      await embedded.kill('SIGTERM');
      // A cluster whose database knows no lease goes on with the terms that the log tells of.
      expect(await migrate(back, '--to', server.uri('another'))).toMatchObject({ code: 0, errors: '' });
      expect(await termOfTheLease(server.uri('another'))).toBeGreaterThan(reign);
      await rm(back, { recursive: true });
    } finally {
      await Promise.all([standby.stop(), reader.stop(), source.stop(), close()]);
    }
  });
});

const headers = { authorization: `Bearer ${TOKENS.admin}` };

async function counted(databaseUri: string, collection: string): Promise<number> {
  const connection = await createConnection(databaseUri).asPromise();
  const count = await connection.collection(collection).countDocuments();
  await connection.close();
  return count;
}

async function termOfTheLease(databaseUri: string): Promise<number> {
  const { leases, close } = await openMongo(databaseUri, { logger });
  const lease = await leases.look();
  await close();
  return lease?.term ?? 0;
}

/** @returns the cookie of a session. */
async function signIn(service: TestService): Promise<string> {
  const response = await fetch(`${service.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: TOKENS.viewer }),
  });
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

async function isSignedIn(service: TestService, cookie: string): Promise<boolean> {
  return (await fetch(`${service.url}/api/analytics/aggregated`, { headers: { cookie } })).ok;
}

/** Newest first. */
async function quarantined(service: TestService): Promise<readonly QuarantineItem[]> {
  const response = await fetch(`${service.url}/api/quarantine`, { headers });
  return ((await response.json()) as QuarantinePage).items;
}

async function drop(service: TestService, id: string | undefined): Promise<void> {
  const { status } = await fetch(`${service.url}/api/quarantine/${id}`, { method: 'DELETE', headers });
  expect(status).toBe(204);
}

/** Leaves the mints out of the log in MongoDB, as a copy that went wrong could. */
async function falsify(databaseUri: string): Promise<void> {
  const connection = await createConnection(databaseUri).asPromise();
  const commits = connection.collection<{ _id: number; term: number; entries: Binary }>('commits');
  for await (const { _id, term, entries } of commits.find()) {
    const { entries: all } = decodeCommit(_id, entries.buffer);
    const others = all.map((entry) =>
      entry.kind === 'fact' && entry.fact.type === 'badge_issued' ? blockEntry(1) : entry,
    );
    await commits.updateOne({ _id }, { $set: { entries: new Binary(encodeCommit(term, others)) } });
  }
  await connection.close();
}

function migrate(dataDir: string, ...args: string[]): Promise<{ code: number | null; output: string; errors: string }> {
  const script = join(__dirname, '../dist/migrate.js');
  const child = spawn(process.execPath, [script, ...args], { env: { PATH: process.env['PATH'], DATA_DIR: dataDir } });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output, errors })));
}
