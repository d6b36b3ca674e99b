/**
 * A process of its own that appends one block after another to the log in the directory it is given, and prints the
 * `seq` of each only after it was acknowledged. It never ends by itself.
 */
import { pino } from 'pino';
import { openLmdb } from '../../src/log/lmdb.js';
import { blockEntry } from './entries.js';

async function main(dir: string): Promise<never> {
  const { log } = await openLmdb(dir, { logger: pino({ level: 'silent' }) });
  for (;;) {
    const { seq } = await log.append([blockEntry(log.head + 1), blockEntry(log.head + 2)]);
    process.stdout.write(`${seq + 1}\n`);
  }
}

void main(process.argv[2] ?? '');
