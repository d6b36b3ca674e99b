import type { StoreChangedError } from '../log/changed.js';
import type { Commit } from '../log/log.js';
import type { WriterWord } from './word.js';

/**
 * Which process writes, as this one sees it, and what it has to do when that changes. With the embedded store there is
 * one process, and it always does.
 */
export interface Membership {
  /** A standby is a reader that becomes the writer when there is none. */
  readonly part: 'writer' | 'standby' | 'reader';
  /** Why the database cannot be followed, for people; undefined while all is well, and in the writer. */
  readonly failure: string | undefined;
  /**
   * Who takes writes: `self`, or the base URL of the process that does. While there is none it waits.
   * @returns undefined when there was none `withinMs`.
   */
  writer(withinMs: number): Promise<'self' | string | undefined>;
  /**
   * Begins to follow, and to write when it is this one's turn.
   * @param url where this process takes what others forward.
   */
  start(url: string, duties: Duties): void;
  /** Gives up what it holds, in order. */
  stop(): Promise<void>;
}

/** What a process does as a member. Calls come one at a time. */
export interface Duties {
  /** Takes in what another process has appended, in the order of the log. */
  follow(commit: Commit): Promise<void>;
  /** Hears what the writer tells, each time that it has changed. */
  hear(word: WriterWord): void;
  /** Does from now on what only the writer does: its term is in the log. */
  reign(): void;
  /** Ceases to. Resolves when nothing of it goes on. */
  abdicate(): Promise<void>;
  /** What is to be told to the others. */
  tell(): WriterWord;
  /** What `tell` gave last has reached them. */
  told(): void;
  /** The database is not to be used any longer: the process is to end. */
  end(reason: StoreChangedError): void;
  /** Whether there are news since then that viewers wait for. */
  readonly hasNews: boolean;
}

/** The only process on its store. */
export class SoleWriter implements Membership {
  readonly part = 'writer';
  readonly failure = undefined;
  #duties: Duties | undefined;

  writer(): Promise<'self'> {
    return Promise.resolve('self');
  }

  start(_url: string, duties: Duties): void {
    this.#duties = duties;
    duties.reign();
  }

  async stop(): Promise<void> {
    await this.#duties?.abdicate();
  }
}
