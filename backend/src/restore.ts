import { existsSync } from 'node:fs';
import { link, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { ConfigError, readConfig } from './config.js';
import { checkBackup, readBackup } from './log/backupFile.js';
import { claimStore } from './log/claim.js';
import { giveToOwner, makeDirectory, syncDirectory } from './log/directory.js';
import { FILE } from './log/lmdbFile.js';
import { LogUnavailableError } from './log/log.js';
import { expectDamagedUnused, expectUnused, fillStore } from './log/records.js';
import { withProgress } from './progress.js';
import { needEmbedded, paths } from './storage.js';
import { removeFile } from './warehouse/databaseFile.js';

/**
 * `npm run restore -- FILE [--force]`: makes `DATA_DIR` hold what a backup holds; the next start rebuilds what is derived.
 * The whole file is checked before anything is touched, and the old log, with `--force`, is replaced in one step when the
 * new one is on disk; a damaged one is kept beside it. Tokens, the key of sessions and what is registered with a node stay as they are.
 */
async function main(): Promise<void> {
  const { file, force } = readArguments();
  const config = readConfig(process.env);
  needEmbedded(config, 'restore without it, then npm run migrate -- --to');
  const { dataDir } = config;
  const where = paths(dataDir);
  const header = await checkBackup(file);
  if (!force && existsSync(dataDir) && (await readdir(dataDir)).length > 0)
    throw new ConfigError(`DATA_DIR ${resolve(dataDir)} is not empty: --force replaces what is in it`);
  await makeDirectory(dataDir, 0o700);
  // Filling takes its time: whoever sees to it that a service runs may start it meanwhile.
  const claim = await claimStore(where.log);
  // Refuses where it is used; a damaged one is replaced as well.
  await isDamaged(where.log);

  const fresh = `${where.log}.restoring`;
  await rm(fresh, { recursive: true, force: true });
  const logger = pino({ level: 'silent' });
  const head = await withProgress('restore', header.seq, (reached) =>
    fillStore(fresh, readBackup(file), { logger, reached }),
  );
  if (head !== header.seq) throw new ConfigError(`${file} ends at entry ${head}, not ${header.seq}`);

  const log = join(where.log, FILE);
  if (await isDamaged(where.log)) {
    await expectDamagedUnused(where.log, fresh);
    // Not in place of one that was kept before: it may hold what no backup does.
    const kept = `${log}.${new Date().toISOString().replaceAll(':', '-')}.damaged`;
    await link(log, kept);
    process.stdout.write(`The log that was there is damaged, and kept as ${kept}\n`);
  }
  // First what belongs to the old log: killed in between, the next start finds a whole log, and rebuilds the rest.
  await rm(where.checkpoint, { force: true });
  await removeFile(where.warehouse);
  giveToOwner(where.log, join(fresh, FILE));
  await rename(join(fresh, FILE), log);
  await syncDirectory(where.log);
  await rm(fresh, { recursive: true });
  await claim.release();
  process.stdout.write(
    `Restored ${head} log entries and the documents of ${header.at}; the next start rebuilds the metrics\n`,
  );
}

/** @throws {ConfigError} when a process has the log open. */
async function isDamaged(dir: string): Promise<boolean> {
  try {
    await expectUnused(dir);
    return false;
  } catch (error) {
    if (error instanceof LogUnavailableError) return true;
    throw error;
  }
}

function readArguments(): { file: string; force: boolean } {
  const { values, positionals } = parseArgs({ options: { force: { type: 'boolean' } }, allowPositionals: true });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new ConfigError('usage: npm run restore -- FILE [--force]');
  return { file, force: values.force ?? false };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
