import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The load generator: so many requests under way at a time, over connections that stay open. It shares the two cores with
 * what it asks, and it is the same one for the service and for its rivals. Of an answer it counts the bytes: to decode them
 * would take the time of those who answer.
 */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string | Buffer;
  /** Asks for a compressed answer, as every browser does. */
  readonly gzip?: boolean;
}

/** Between two calls that are refused because what they need is not ready. */
const ASK_AGAIN_MS = 1_000;
/** Longest wait for an answer: no call of the benchmark takes a tenth of it. */
const ANSWER_WITHIN_MS = 120_000;

/** A call was answered otherwise than it has to be. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(
    readonly status: number | undefined,
    message: string,
  ) {
    super(message);
  }
}

export class Load {
  readonly #agent: Agent;

  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly connections: number,
    private readonly answerWithinMs = ANSWER_WITHIN_MS,
  ) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /**
   * @returns the bytes of the answer's body.
   * @throws {RefusedError} unless it is answered with 200, and as it was asked to be; {Error} when no answer comes
   */
  ask({ method, path, body, gzip = false }: Call): Promise<number> {
    const headers = {
      authorization: `Bearer ${this.token}`,
      ...(gzip && { 'accept-encoding': 'gzip' }),
      ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    };
    return new Promise((resolve, reject) => {
      const asked = request(this.url + path, { method, headers, agent: this.#agent }, (response) => {
        const isFine = response.statusCode === 200 && (response.headers['content-encoding'] === 'gzip') === gzip;
        const refusal: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (!isFine) refusal.push(chunk);
        });
        response.on('error', reject);
        response.on('end', () => {
          if (isFine) return resolve(bytes);
          const said = Buffer.concat(refusal).toString().slice(0, 300);
          const encoding = response.headers['content-encoding'] ?? 'identity';
          reject(
            new RefusedError(
              response.statusCode,
              `${method} ${path} answered ${response.statusCode} (${encoding}): ${said}`,
            ),
          );
        });
      });
      asked.on('error', reject);
      const late = setTimeout(() => {
        reject(new Error(`${method} ${path} was not answered within ${this.answerWithinMs / 1_000} s`));
        asked.destroy();
      }, this.answerWithinMs);
      asked.on('close', () => clearTimeout(late));
      asked.end(body);
    });
  }

  /**
   * Asks again as long as the answer is 503: what it needs is still being made. @returns how often it was refused
   * @throws {Error} when that goes on for `withinMs`
   */
  async askUntilReady(call: Call, withinMs: number): Promise<number> {
    const until = performance.now() + withinMs;
    for (let refused = 0; ; refused += 1) {
      try {
        await this.ask(call);
        return refused;
      } catch (error) {
        if (!(error instanceof RefusedError && error.status === 503)) throw error;
        if (performance.now() > until)
          throw new Error(`still refused after ${withinMs / 1_000} s: ${error.message}`, { cause: error });
      }
      await sleep(ASK_AGAIN_MS);
    }
  }

  /** Makes the calls in order, `connections` at a time, as long as `next` gives one. */
  async run(next: () => Call | undefined): Promise<LoadTimes> {
    const eachMs: number[] = [];
    const startedAt = performance.now();
    const work = async (): Promise<void> => {
      for (let call = next(); call !== undefined; call = next()) {
        const askedAt = performance.now();
        await this.ask(call);
        eachMs.push(performance.now() - askedAt);
      }
    };
    await Promise.all(Array.from({ length: this.connections }, work));
    return { eachMs, seconds: (performance.now() - startedAt) / 1_000 };
  }

  close(): void {
    this.#agent.destroy();
  }
}

export interface LoadTimes {
  /** From the request to the last byte of the answer, in ms. */
  readonly eachMs: readonly number[];
  /** Of the run as a whole. */
  readonly seconds: number;
}

/** Gives each of `calls` once. */
export function oneAfterTheOther(calls: readonly Call[]): () => Call | undefined {
  let next = 0;
  return () => calls[next++];
}

/** Gives the same call for so long. */
export function forSeconds(seconds: number, call: Call): () => Call | undefined {
  const until = performance.now() + 1_000 * seconds;
  return () => (performance.now() < until ? call : undefined);
}

/** A delivery as a chain node posts it. */
export const delivery = (body: string | Buffer): Call => ({ method: 'POST', path: '/api/chainhook/events', body });
