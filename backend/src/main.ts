import { fileURLToPath } from 'node:url';
import { pino, type Logger } from 'pino';
import { ConfigError, readConfig, type Config } from './config.js';
import { StoreChangedError } from './log/changed.js';
import { LogFormatError } from './log/fieldReader.js';
import { LogUnavailableError } from './log/log.js';
import { StoreMovingError } from './log/moving.js';
import { createService } from './service.js';
import { makeDataDir } from './storage.js';

/**
 * The process around the service: settings from the environment, one line for what stops the start, SIGTERM and SIGINT
 * for an orderly end. A failure that nobody caught ends the process loudly; the next start finds everything in the log.
 */
const FRONTEND = fileURLToPath(new URL('../../frontend/out', import.meta.url));
/** An orderly end folds what waits and writes the checkpoint; after this long the process ends without. */
const SHUTDOWN_MS = 9_000;

/** What whoever runs the service can see to: it says so in a line. */
const STOPS = [ConfigError, LogUnavailableError, LogFormatError, StoreChangedError, StoreMovingError];

function logOf({ logLevel }: Pick<Config, 'logLevel'>): Logger {
  return pino({
    level: logLevel,
    // The time as a person reads it; tokens never reach a log line, these paths are the belt to that brace.
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['req.headers.authorization', 'req.headers.cookie', 'token', '*.token'],
  });
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const logger = logOf(config);
  await makeDataDir(config.dataDir);
  let ending = false;
  let listening = false;
  const end = (signal: NodeJS.Signals): void => {
    if (ending) return;
    ending = true;
    logger.info({ signal }, 'ending');
    setTimeout(() => {
      // Before it listened it took nothing in.
      if (!listening) process.exit(0);
      logger.error({ afterMs: SHUTDOWN_MS }, 'ended before everything was written; the log has it');
      process.exit(1);
    }, SHUTDOWN_MS).unref();
    starting
      .then((service) => service.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ err: error }, 'could not end in order');
          process.exit(1);
        },
      );
  };
  // Before a start that may take long.
  process.on('SIGTERM', end);
  process.on('SIGINT', end);

  const starting = createService({ config, logger, frontendDir: FRONTEND, onEnd: fail('cannot go on') }).then(
    async (service) => {
      if (ending) return service;
      listening = true;
      const { url } = await service.listen();
      logger.info({ url }, 'listening');
      return service;
    },
  );
  await starting;
}

/** Ends the process with what it is that it could not do. */
function fail(what: string): (error: unknown) => never {
  return (error) => {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (STOPS.some((kind) => error instanceof kind)) process.stderr.write(`${(error as Error).message}\n`);
    else if (syscall === 'listen')
      process.stderr.write(`HOST and PORT cannot be listened on: ${code ?? String(error)}\n`);
    else logOf({ logLevel: 'fatal' }).fatal({ err: error }, what);
    process.exit(1);
  };
}

main().catch(fail('could not start'));
