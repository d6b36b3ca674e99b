import type { Commit } from './log.js';

/**
 * The commits that were appended last, as they were given: the folds and the read model follow the log closely, and need
 * not decode what was encoded a moment ago. Commits never change, so what is kept is never wrong.
 */

/** Entries kept, some 10 MB; a commit of more is not kept at all. */
const MAX_ENTRIES = 20_000;

/** What is older, in ms, was read by all who follow closely; it goes with the next commit. */
const MAX_AGE = 5_000;

export class RecentCommits {
  /** In the order of the log. */
  readonly #commits = new Map<number, { readonly commit: Commit; readonly since: number }>();
  #entries = 0;

  /** Takes a commit that is durable. */
  add(commit: Commit): void {
    const now = performance.now();
    this.#commits.set(commit.seq, { commit, since: now });
    this.#entries += commit.entries.length;
    for (const [seq, { commit: oldest, since }] of this.#commits) {
      if (this.#entries <= MAX_ENTRIES && now - since <= MAX_AGE) return;
      this.#commits.delete(seq);
      this.#entries -= oldest.entries.length;
    }
  }

  /** The commit that begins at `seq`, if it is among them. */
  get(seq: number): Commit | undefined {
    return this.#commits.get(seq)?.commit;
  }

  clear(): void {
    this.#commits.clear();
    this.#entries = 0;
  }
}
