import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { differences } from './crash/verdict.js';
import { storyOf } from './crash/story.js';
import type { Delivery } from './generators/chains.js';
import { formOf } from './properties/service.js';
import { describeWithOwnMongo } from './support/describeMongo.js';
import { TestMongo } from './support/mongodb.js';
import { DEPLOYER, payload } from './support/payloads.js';
import { TestService, TOKENS } from './support/service.js';

/** A store that moves from its directory into MongoDB and back, by the built command, with the built service at each end. */
jest.setTimeout(400_000);

describeWithOwnMongo('moving house', () => {
  let server: TestMongo;
  let uri: string;
  let embedded: TestService;
  let elsewhere: string;
  beforeAll(async () => {
    server = await TestMongo.startOwn();
    uri = server.uri('moved');
    embedded = await TestService.start({ env: { STACKS_DEPLOYER: DEPLOYER, ANALYTICS_BATCH_TIMEOUT_MS: '20' } });
    elsewhere = await mkdtemp(join(tmpdir(), 'passportx-moved-'));
  });
  afterAll(async () => {
    await embedded.stop();
    await rm(elsewhere, { recursive: true });
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
    expect(await migrate(embedded.dataDir, '--to', uri)).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^process \d+ uses .*: stop it first\n$/) as string,
    });
    await embedded.kill('SIGTERM');
    expect(await migrate(embedded.dataDir, '--to', uri)).toMatchObject({ code: 0, errors: '' });

    // What came since follows: the copy begins where the one before ended.
    await embedded.restart();
    await tell(embedded, moves.slice(half));
    expect(await differences(embedded, moves)).toEqual([]);
    await embedded.kill('SIGTERM');
    const { code, output } = await migrate(embedded.dataDir, '--to', uri);
    expect(code).toBe(0);
    expect(output).toMatch(/log entries; every metric is the same in both\n$/);

    const moved = await TestService.start({ env: { MONGODB_URI: uri, STACKS_DEPLOYER: DEPLOYER } });
    try {
      expect(await differences(moved, moves)).toEqual([]);
      expect(await quarantined(moved)).toBe(1);
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
    expect(await quarantined(embedded)).toBe(1);
    await embedded.kill('SIGTERM');

    // The first store knows nothing of the term that was begun in MongoDB, and goes another way.
    await embedded.restart();
    await tell(embedded, [{ ...moves[0], rollback: moves[0]?.apply ?? [], apply: [] }]);
    await embedded.kill('SIGTERM');
    const { errors } = await migrate(embedded.dataDir, '--to', uri);
    expect(errors).toMatch(/it holds another log|they are not of one log/);
  });
});

async function quarantined(service: TestService): Promise<number> {
  const headers = { authorization: `Bearer ${TOKENS.admin}` };
  const response = await fetch(`${service.url}/api/quarantine`, { headers });
  return ((await response.json()) as { items: unknown[] }).items.length;
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
