/**
 * A process of its own, started under a limit of the size of files (`ulimit -f`), which fails writes like a full disk.
 * Appends what fits, then what does not with more behind it, then what fits again, and prints what came of it as JSON.
 */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { openLmdb } from '../../src/log/lmdb.js';
import { blockEntry } from './entries.js';

const RECOVERS_WITHIN_MS = 10_000;

const outcome = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    (value) => JSON.stringify(value),
    (error: unknown) => (error instanceof Error ? error.name : 'no error'),
  );

async function main(dir: string): Promise<void> {
  // A commit for each call, so that some calls wait behind the one that fails.
  const { log, documents, close } = await openLmdb(dir, { logger: pino({ level: 'silent' }), maxCommitEntries: 1 });
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
  // There is room for what is not too large: the store finds that out by itself.
  for (const deadline = Date.now() + RECOVERS_WITHIN_MS; log.failure !== undefined && Date.now() < deadline;)
    await sleep(50);
  const failureInTheEnd = log.failure ?? 'none';
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
      failureInTheEnd,
    }),
  );
}

void main(process.argv[2] ?? '');
