import { CHAINHOOKS_BASE_URL } from '@hirosystems/chainhooks-client';
import { ConfigError } from '../backend/src/config.js';
import { onHosted } from './hosted.js';
import { onNode } from './node.js';
import { USAGE, UsageError, readSettings } from './settings.js';

/**
 * `npm run chainhooks:register | status | remove`. Ends with 1 when something is not as the command wants it, or could
 * not be done; with 2 when it was called wrongly.
 */
const RETRY_MS = 1_000;

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const { command, target } = readSettings(process.argv.slice(2), process.env);
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  const isWell =
    target.kind === 'node'
      ? await onNode(command, target, write, RETRY_MS)
      : await onHosted(command, target, write, CHAINHOOKS_BASE_URL[target.network]);
  return isWell ? 0 : 1;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(error instanceof UsageError ? `${message}\n\n${USAGE}\n` : `${message}\n`);
    process.exitCode = error instanceof UsageError || error instanceof ConfigError ? 2 : 1;
  },
);
