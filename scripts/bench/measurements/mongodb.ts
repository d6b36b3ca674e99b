import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as ContractsModule from '../../../backend/src/chain/contracts.js';
import type * as DecodeModule from '../../../backend/src/chain/decode.js';
import type * as PayloadModule from '../../../backend/src/chain/payload.js';
import type { EventLog, LogEntry } from '../../../backend/src/log/log.js';
import type * as MongoModule from '../../../backend/src/log/mongo.js';
import { hasMongo, TestMongo } from '../../../backend/test/support/mongodb.js';
import { warnings } from '../../../backend/test/support/warnings.js';
import { DEPLOYER } from '../../chain/accounts.js';
import { percentile, type Row } from '../arithmetic.js';
import { built } from '../built.js';
import { SEED } from '../makeLog.js';
import type { Measurement } from '../measurement.js';
import { withLog } from '../openLog.js';
import { BenchChain, payloadText } from '../workload/chain.js';

/** Entries of a commit when little comes, and of one that is as large as they are made. */
const SMALL = 50;
const LARGE = 5_000;
/** One of a snapshot's size. */
const DOCUMENT = { metrics: 'x'.repeat(4_000) };

/**
 * What the store costs that several processes share: a commit on MongoDB beside the same on LMDB, one after the other, and
 * what of a document's write is the question whether the log still is this writer's. Medians, as the machine may be busy.
 * The server is that of the tests: on FerretDB, which writes to SQLite, only the processor time is near MongoDB's.
 */
export const mongodb: Measurement = {
  name: 'mongodb',
  what: 'a commit on MongoDB beside LMDB, and of a document put there the read that confirms it; needs a server',
  fullOnly: true,
  optional: true,
  async run({ quick }) {
    if (!hasMongo) {
      process.stderr.write('mongodb: there is no server here (scripts/ci/mongodb.sh builds one)\n');
      return [];
    }
    const { openMongo } = await built<typeof MongoModule>('log/mongo.js');
    const server = await TestMongo.start();
    const uri = server.uri(`bench_${process.pid}`);
    const dir = await mkdtemp(join(tmpdir(), 'passportx-bench-'));
    try {
      const store = await openMongo(uri, { logger: warnings });
      await store.beginTerm(1);
      // First, in a log that is empty: FerretDB reads all of it to find one commit.
      const puts: number[] = [];
      const confirms: number[] = [];
      for (let n = 0; n < (quick ? 100 : 500); n += 1) {
        puts.push((await spent(() => store.documents.put('bench', `n${n % 10}`, DOCUMENT))).ms);
        confirms.push((await spent(() => store.log.confirm())).ms);
      }
      const small = await groups(SMALL, quick ? 60 : 300);
      const large = await groups(LARGE, quick ? 6 : 20);
      const [few, many] = await withLog(dir, async (lmdb) => [
        await beside(store.log, lmdb, small),
        await beside(store.log, lmdb, large),
      ]);
      await store.close();
      return [
        row('append-50', `a commit of ${SMALL} events on MongoDB`, 'ms', few.ms, 5),
        row('append-5000', `a commit of ${LARGE} events on MongoDB`, 'ms', many.ms, 5),
        row(
          'processor',
          'processor time of an event of it, in the writer',
          'µs',
          [perEvent(many.us[0]), perEvent(many.us[1])],
          2,
        ),
        {
          id: 'mongodb.confirm',
          what: 'the read that confirms a document put on MongoDB',
          value: percentile(confirms, 0.5),
          unit: 'ms',
          beside: { what: 'the whole put', value: percentile(puts, 0.5) },
          aim: { atMost: 0.5 },
        },
      ];
    } finally {
      await server.drop(uri);
      await server.stop();
      await rm(dir, { recursive: true });
    }
  },
};

const perEvent = (us: number): number => us / LARGE;

/** Medians: on MongoDB, and on LMDB. */
type Both = readonly [number, number];

const row = (id: string, what: string, unit: string, [value, lmdb]: Both, atMost: number): Row => ({
  id: `mongodb.${id}`,
  what,
  value,
  unit,
  beside: { what: 'on LMDB', value: lmdb },
  aim: { atMost },
});

/** Real facts of the bench's chain, `count` times `size` of them. */
async function groups(size: number, count: number): Promise<LogEntry[][]> {
  const { parsePayload } = await built<typeof PayloadModule>('chain/payload.js');
  const { decodeBlock } = await built<typeof DecodeModule>('chain/decode.js');
  const { contractsOf } = await built<typeof ContractsModule>('chain/contracts.js');
  const ours = contractsOf(DEPLOYER);
  const chain = new BenchChain(SEED, size * count, Date.now());
  const made: LogEntry[] = [];
  while (made.length < size * count) {
    const payload = parsePayload(JSON.parse(payloadText(chain.next())));
    const blocks = payload.understood ? payload.apply : [];
    for (const block of blocks) for (const fact of decodeBlock(block, ours).facts) made.push({ kind: 'fact', fact });
  }
  return Array.from({ length: count }, (_, n) => made.slice(n * size, (n + 1) * size));
}

/** Appends each to both, in turns: what else the machine does meets either. */
async function beside(
  mongo: EventLog,
  lmdb: EventLog,
  all: readonly LogEntry[][],
): Promise<{ readonly ms: Both; readonly us: Both }> {
  const spentOn = { mongo: [] as Spent[], lmdb: [] as Spent[] };
  for (const entries of all) {
    spentOn.lmdb.push(await spent(() => lmdb.append(entries)));
    spentOn.mongo.push(await spent(() => mongo.append(entries)));
  }
  const medians = (kind: keyof Spent): Both => [
    percentile(
      spentOn.mongo.map((each) => each[kind]),
      0.5,
    ),
    percentile(
      spentOn.lmdb.map((each) => each[kind]),
      0.5,
    ),
  ];
  return { ms: medians('ms'), us: medians('us') };
}

interface Spent {
  readonly ms: number;
  /** Processor time of all threads of this process. */
  readonly us: number;
}

async function spent(work: () => Promise<unknown>): Promise<Spent> {
  const [before, startedAt] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { ms: performance.now() - startedAt, us: user + system };
}
