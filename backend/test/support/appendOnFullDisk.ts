/**
 * A process of its own, started under a limit of the size of files (`ulimit -f`), which fails writes like a full disk.
 * Appends what fits, then what does not with more behind it, then what fits again, and in the end, with the limit lifted,
 * what did not; prints what came of it as JSON.
 */
import { execFileSync } from 'node:child_process';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { openLmdb } from '../../src/log/lmdb.js';
import { blockEntry } from './entries.js';

const RECOVERS_WITHIN_MS = 30_000;
/** A store that failed is asked after a second whether it takes writes, and again after two more. */
const ASKED_AFTER_MS = 4_000;

const outcome = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    (value) => JSON.stringify(value),
    (error: unknown) => (error instanceof Error ? error.name : 'no error'),
  );

async function main(dir: string): Promise<void> {
  // A commit for each call, so that some calls wait behind the one that fails.
  const lines: string[] = [];
  const logger = pino({}, { write: (line) => void lines.push((JSON.parse(line) as { msg: string }).msg) });
  const { log, documents, close } = await openLmdb(dir, { logger, maxCommitEntries: 1 });
  const before = await outcome(log.append([blockEntry(1)]));
  const tooLarge = 'x'.repeat(16_000_000);
  const refused = await Promise.all([
    outcome(log.append([blockEntry(2, tooLarge)])),
    outcome(log.append([blockEntry(3)])),
    outcome(log.append([blockEntry(4)])),
  ]);
  const headAfterRefusal = log.head;
  const failure = log.failure ?? 'none';
  await turn();
  const again = await outcome(log.append([blockEntry(5)]));
  const putMany = await outcome(
    documents.putMany<unknown>('a', [
      { id: 'small', value: 1 },
      { id: 'large', value: tooLarge },
    ]),
  );
  const documentsLeft = await documents.count('a');
  const heights: unknown[] = [];
  for await (const commit of log.read(0))
    heights.push(...commit.entries.map((entry) => entry.kind === 'block' && entry.height));
  await turn();
  const last = await outcome(log.append([blockEntry(6)]));
  // There is room for a probe, but not for what was refused, and would be again.
  await sleep(ASKED_AFTER_MS);
  const failureWhenAsked = log.failure ?? 'none';
  execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=unlimited:']);
  for (const deadline = Date.now() + RECOVERS_WITHIN_MS; log.failure !== undefined && Date.now() < deadline;)
    await sleep(50);
  const failureInTheEnd = log.failure ?? 'none';
  const large = await outcome(log.append([blockEntry(7, tooLarge)]));
  await close();
  process.stdout.write(
    JSON.stringify({
      before,
      refused,
      headAfterRefusal,
      failure,
      again,
      putMany,
      documentsLeft,
      heights,
      last,
      failureWhenAsked,
      failureInTheEnd,
      large,
      lines,
    }),
  );
}

void main(process.argv[2] ?? '');
