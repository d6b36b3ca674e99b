import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { pino } from 'pino';
import { Aggregator } from './analyzers/aggregator.js';
import { dayOf } from './analyzers/calendar.js';
import { BatchProcessor } from './batch/processor.js';
import { BlockIndex } from './chain/blocks.js';
import { ConfigError, readConfig } from './config.js';
import { claimStore } from './log/claim.js';
import {
  copyDocuments,
  copyLog,
  countDocuments,
  differingDocuments,
  greatestTermIn,
  needSameStore,
  type Parts,
} from './log/copyStore.js';
import { openLmdb } from './log/lmdb.js';
import { FILE } from './log/lmdbFile.js';
import type { EventLog } from './log/log.js';
import { openMongo, type MongoStore } from './log/mongo.js';
import { beginMove, endMove, needWhole } from './log/moving.js';
import { expectUnused } from './log/records.js';
import { withProgress } from './progress.js';
import { keepSessionKey, keptSessionKey, SESSION_KEY } from './secrets.js';
import { makeDataDir, paths } from './storage.js';

/**
 * `npm run migrate -- --to mongodb://…` copies the embedded store of `DATA_DIR` into a MongoDB database, `--from` copies it
 * back. No service may write to either meanwhile. A copy that was broken off goes on where it was; in the end the metrics
 * are folded from both logs and compared, every one, and the documents with each other. Until they were found the same no
 * service opens the target, or writes to it. The source stays as it is; the target becomes what it is: of a document that
 * was deleted at the source since an earlier copy none is left. The key of sessions goes along where the target has none,
 * so that sessions and opened links go on.
 */
const USAGE = 'usage: npm run migrate -- --to mongodb://HOST/DATABASE (or --from)';
/** The lease keeps writers out, and outlives a copy that was killed by so long. */
const LEASE_MS = 30_000;
/** The headline's range is of these days. */
const HEADLINE_DAYS = 30;
/** Of documents that differ. */
const DOCUMENTS_NAMED = 5;
const logger = pino({ level: 'silent' });

async function main(): Promise<void> {
  const { uri, isTo } = readArguments();
  // The address comes from the command, whatever the environment says.
  const { dataDir } = readConfig({ ...process.env, MONGODB_URI: uri, ANALYTICS_ROLE: 'writer' });
  const dir = paths(dataDir).log;
  if (isTo && !existsSync(join(dir, FILE))) throw new ConfigError(`DATA_DIR holds no log: there is nothing in ${dir}`);
  await makeDataDir(dataDir);
  const claim = await claimStore(dir);
  await expectUnused(dir);
  const embedded = await openLmdb(dir, { logger });
  const mongo = await openMongo(uri, { logger });
  try {
    const [from, to] = isTo ? [embedded, mongo] : [mongo, embedded];
    const release = await holdLease(mongo, isTo ? await greatestTermIn(from) : 0);
    try {
      await needWhole(from.documents);
      await needSameStore(from, to);
      await beginMove(to.documents);
      await withProgress('log', from.log.head, (reached) => copyLog(from, to, reached));
      await withProgress('documents', await countDocuments(from), (copied) => copyDocuments(from, to, copied));
      // Both are read as they are stored, not as they were given to be.
      embedded.forget();
      mongo.log.forget();
      await verify(from, to);
      // Should a writer that was stopped past its lease have gone on meanwhile, what it wrote is in neither.
      await mongo.log.confirm();
      const keepsSessions = await copySessionKey(mongo, dataDir, isTo);
      await endMove(to.documents);
      if (!keepsSessions)
        process.stdout.write('the target has a session key of its own: who was signed in signs in again\n');
      process.stdout.write(`${to.log.head} log entries; every metric is the same in both\n`);
    } finally {
      // Where it cannot be, it runs out.
      await release().catch(() => undefined);
    }
  } finally {
    await mongo.close();
    await embedded.close();
    await claim.release();
  }
}

/** @returns false when the target has another, which stays. */
async function copySessionKey(mongo: MongoStore, dataDir: string, isTo: boolean): Promise<boolean> {
  const key = isTo ? keptSessionKey(dataDir) : await mongo.keptKey(SESSION_KEY);
  if (key === undefined) return true;
  return (isTo ? await mongo.keepKey(SESSION_KEY, key) : keepSessionKey(dataDir, key)).equals(key);
}

/**
 * Keeps services from writing, and begins a term, greater than any that the copied entries tell of: as the log is read,
 * terms never fall. @throws {ConfigError} while one writes. @returns how to end that
 */
async function holdLease(
  { leases, log, beginTerm, endTerm }: MongoStore,
  toldTerm: number,
): Promise<() => Promise<void>> {
  const lease = await leases.look();
  if (lease !== undefined && !lease.isFree)
    throw new ConfigError(`the process at ${lease.url} writes to this database: stop it, or wait ${LEASE_MS / 1000} s`);
  const term = Math.max(lease?.term ?? 0, log.lastTerm, toldTerm) + 1;
  // Nothing listens there: who forwards calls to the writer is refused at once, and no other server is shown their tokens.
  const claim = { holder: randomUUID(), url: 'http://127.0.0.1:1', lengthMs: LEASE_MS, word: '' };
  if (!(await leases.take(lease, term, claim))) throw new ConfigError('another process has just begun to write');
  // Should a renewal fail, a service may begin to write: what is appended here then collides with it, and ends.
  const renewing = setInterval(() => void leases.renew(term, claim).catch(() => undefined), LEASE_MS / 5);
  // What the writer before has appended since the log was opened.
  const appended = log.follow();
  while ((await appended.next()).done !== true);
  await beginTerm(term);
  return async () => {
    clearInterval(renewing);
    await endTerm();
    await leases.release(term, claim);
  };
}

/** @throws {Error} that names the metrics, or the documents, which differ. */
async function verify(from: Parts, to: Parts): Promise<void> {
  const [source, target] = [from.log, to.log];
  if (source.head !== target.head) throw new Error(`the source has ${source.head} entries, the target ${target.head}`);
  const now = Date.now();
  const expected = await metricsOf('source', source, now);
  const found = await metricsOf('target', target, now);
  const differing = Object.keys(expected).filter((name) => !isDeepStrictEqual(expected[name], found[name]));
  if (differing.length > 0) throw new Error(`the metrics of the two logs differ: ${differing.join(', ')}`);
  const documents = await differingDocuments(from, to);
  if (documents.length > 0)
    throw new Error(`${documents.length} documents differ: ${documents.slice(0, DOCUMENTS_NAMED).join(', ')}`);
}

async function metricsOf(name: string, log: EventLog, now: number): Promise<Record<string, unknown>> {
  const aggregator = new Aggregator();
  // A log that does not answer is asked until it does: whoever waits for it is told.
  const folding = pino({ level: 'error' }, { write: (line) => void process.stderr.write(`${name}: ${line}`) });
  await withProgress(name, log.head, async (reached) => {
    const processor = new BatchProcessor(log, new BlockIndex(), aggregator, 0, {
      size: 1,
      timeoutMs: 1,
      stopwatch: () => performance.now(),
      logger: folding,
      onBatch: ({ seq }) => reached(seq),
      onRejected: () => undefined,
    });
    await processor.start();
  });
  const range = { from: dayOf(now) - HEADLINE_DAYS + 1, to: dayOf(now) };
  const parts = {
    issuance: aggregator.issuance(range, now),
    community: aggregator.community(range, now),
    users: aggregator.users(range, now),
    distribution: aggregator.distribution(now),
    metrics: aggregator.metrics(),
    headline: aggregator.headline(range),
  };
  return Object.fromEntries(
    Object.entries(parts).flatMap(([part, values]) =>
      Object.entries(values).map(([metric, value]): [string, unknown] => [`${part}.${metric}`, value]),
    ),
  );
}

function readArguments(): { uri: string; isTo: boolean } {
  const { values } = parseArgs({ options: { to: { type: 'string' }, from: { type: 'string' } } });
  const { to, from } = values;
  if ((to === undefined) === (from === undefined)) throw new ConfigError(USAGE);
  return { uri: to ?? from ?? '', isTo: to !== undefined };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
