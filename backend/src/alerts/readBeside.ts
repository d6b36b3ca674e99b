import type { Logger } from 'pino';

/**
 * What only the read model knows, asked for beside the batches and not in them: they are told what was read last, a few
 * seconds ago at most. Nothing is known until the first answer, nor after one that failed.
 */
export interface ReadBesideOptions<Asked extends readonly unknown[], Found> {
  readonly read: (...asked: [...Asked, nowMs: number]) => Promise<Found>;
  /** Something else is known now. */
  readonly onRead: () => void;
  readonly clock: () => number;
  readonly logger: Logger;
}

/** How old an answer may be before it is asked for again. */
export const FRESH_MS = 2_000;
/** What nobody has asked for so long is forgotten. */
const FORGET_MS = 60_000;

interface Kept<Found> {
  found: Found | undefined;
  readMs: number;
  askedMs: number;
  reading: boolean;
}

export class ReadBeside<Asked extends readonly unknown[], Found> {
  readonly #kept = new Map<string, Kept<Found>>();

  constructor(private readonly options: ReadBesideOptions<Asked, Found>) {}

  /** What was read last; undefined when it is not known (yet). */
  latest(...asked: Asked): Found | undefined {
    const now = this.options.clock();
    for (const [key, { askedMs }] of this.#kept) if (now - askedMs > FORGET_MS) this.#kept.delete(key);
    const key = asked.join(' ');
    const kept = this.#kept.get(key) ?? { found: undefined, readMs: -Infinity, askedMs: now, reading: false };
    this.#kept.set(key, kept);
    kept.askedMs = now;
    if (!kept.reading && now - kept.readMs >= FRESH_MS) void this.#read(kept, asked);
    return kept.found;
  }

  /** Never throws. */
  async #read(kept: Kept<Found>, asked: Asked): Promise<void> {
    const { read, onRead, clock, logger } = this.options;
    kept.reading = true;
    try {
      kept.found = await read(...asked, clock());
    } catch (error) {
      logger.warn({ err: error, asked }, 'what an alert asks of the read model could not be read');
      kept.found = undefined;
    }
    kept.reading = false;
    kept.readMs = clock();
    onRead();
  }
}
