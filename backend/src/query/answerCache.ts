import NodeCache from 'node-cache';
import type { CacheStatistics } from '../contract/index.js';

/**
 * Answers by question, each good for a version of what it looks at: a batch of today leaves the answers of last month
 * where they are. Equal questions at one time are computed once. Bounded in number and in characters, the oldest go first.
 */
export interface Kept {
  /** The answer as JSON, without its stamps; never an empty object. */
  readonly body: string;
  /** When it was computed, ms since the epoch. */
  readonly atMs: number;
  /** Log position that it was computed at. */
  readonly seq: number;
}

export const MAX_ANSWERS = 500;
export const MAX_CHARACTERS = 16 * 1024 * 1024;

export class AnswerCache {
  readonly #cache = new NodeCache({ useClones: false, checkperiod: 0 });
  /** Version and length of what is kept, the oldest first. */
  readonly #kept = new Map<string, { readonly version: string; readonly characters: number }>();
  readonly #computing = new Map<string, Promise<Kept>>();
  #characters = 0;

  /** @param ttlMs longest time that an answer is kept; 0 keeps none. */
  constructor(private readonly ttlMs: number) {
    this.#cache.on('del', (key: string) => this.#forget(key));
  }

  async get(question: string, version: string, compute: () => Promise<Kept>): Promise<Kept & { fresh: boolean }> {
    if (this.#kept.get(question)?.version !== version) this.#cache.del(question);
    const kept = this.#cache.get<Kept>(question);
    if (kept !== undefined) return { ...kept, fresh: false };
    const key = `${version} ${question}`;
    const running = this.#computing.get(key) ?? this.#compute(key, question, version, compute);
    return { ...(await running), fresh: true };
  }

  statistics(): CacheStatistics {
    const { hits, misses } = this.#cache.getStats();
    return { hits, misses, hitRate: hits === 0 ? 0 : Math.round((100 * hits) / (hits + misses)) / 100 };
  }

  #compute(key: string, question: string, version: string, compute: () => Promise<Kept>): Promise<Kept> {
    const running = compute()
      .then((answer) => {
        this.#keep(question, version, answer);
        return answer;
      })
      .finally(() => this.#computing.delete(key));
    this.#computing.set(key, running);
    return running;
  }

  #keep(question: string, version: string, answer: Kept): void {
    const { length: characters } = answer.body;
    if (this.ttlMs === 0 || characters > MAX_CHARACTERS) return;
    this.#cache.del(question);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size < MAX_ANSWERS && this.#characters + characters <= MAX_CHARACTERS) break;
      this.#cache.del(oldest);
    }
    this.#cache.set(question, answer, this.ttlMs / 1000);
    this.#kept.set(question, { version, characters });
    this.#characters += characters;
  }

  /** Node-cache also tells of what ran out of its time, when it is asked for. */
  #forget(question: string): void {
    this.#characters -= this.#kept.get(question)?.characters ?? 0;
    this.#kept.delete(question);
  }
}
