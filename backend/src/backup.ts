import { resolve } from 'node:path';
import { ConfigError, readConfig } from './config.js';
import { writeBackup } from './log/backupFile.js';
import { freezeStore } from './log/records.js';
import { withProgress } from './progress.js';
import { needEmbedded, paths } from './storage.js';

/**
 * `npm run backup -- [FILE]`: the log and the documents (snapshots, quarantine) as they are now, in one file. The service
 * may run meanwhile: the file holds every delivery that was acknowledged before the command began. Everything else is
 * derived from it. Tokens and the key of sessions are not in it.
 */
async function main(): Promise<void> {
  const [file, ...more] = process.argv.slice(2);
  if (more.length > 0) throw new ConfigError('usage: npm run backup -- [FILE]');
  const config = readConfig(process.env);
  needEmbedded(config, 'use mongodump');
  const { dataDir } = config;
  const at = new Date().toISOString();
  const path = resolve(file ?? `passportx-${at.replaceAll(/[:.]/g, '-')}.backup`);
  const store = freezeStore(paths(dataDir).log);
  try {
    await withProgress('backup', store.head, (reached) =>
      writeBackup(path, { seq: store.head, at }, counted(store.records(), reached)),
    );
  } finally {
    await store.close();
  }
  process.stdout.write(
    `${path}: ${store.head} log entries and the documents; tokens are not in it, keep them elsewhere\n`,
  );
}

function* counted<T extends { table: string; key: unknown }>(
  records: Iterable<T>,
  reached: (seq: number) => void,
): Generator<T> {
  for (const record of records) {
    if (record.table === 'commits') reached(record.key as number);
    yield record;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
