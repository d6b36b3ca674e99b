import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { BatchUpdate } from '../../backend/src/contract/index.js';
import { Cluster, connected, until, writes } from '../../backend/test/cluster/cluster.js';
import { TestMongo } from '../../backend/test/support/mongodb.js';
import { badgeMinted, block, payload, tx } from '../../backend/test/support/payloads.js';
import { TOKENS, type TestService } from '../../backend/test/support/service.js';
import { Random } from '../demo/random.js';
import type { Mode } from './mode.js';

/** What is promised, in ms: the viewers of a reader hear of an event so long after those of the writer. */
const WITHIN_MS = 1_000;
/** Between two deliveries, at most: a reader looks every 250 ms, and is to be met anywhere in between. */
const REST_MS = 500;

/** Delivers block after block, and notes when a viewer at the writer and one at a reader are told. */
export const pushes: Mode = {
  of: 'deliveries of which a viewer at the writer and one at a reader are told (some 0.6 s each)',
  async run(count, seed) {
    const mongo = await TestMongo.startOwn();
    const cluster = new Cluster(mongo.uri('pushes'), undefined);
    const random = new Random(seed);
    const viewers: Viewer[] = [];
    const behindMs: number[] = [];
    const sinceAnswerMs: number[] = [];
    try {
      const writer = await cluster.join('writer');
      await until('a writer', () => writes(writer));
      const reader = await cluster.join('reader');
      for (const member of [writer, reader]) viewers.push(await Viewer.at(member));
      const [atWriter, atReader] = viewers as [Viewer, Viewer];
      for (let height = 1; height <= count; height += 1) {
        await sleep(random.whole(0, REST_MS));
        const minted = payload('raw', { apply: [block(height, [tx(`mint ${height}`, [badgeMinted(height)])])] });
        const told = Promise.all([atWriter.told(height), atReader.told(height)]);
        const { status } = await writer.deliver(minted);
        if (status !== 200) throw new Error(`block ${height} was answered ${status}`);
        const answeredMs = performance.now();
        const [first, second] = await told;
        behindMs.push(second - first);
        sinceAnswerMs.push(second - answeredMs);
      }
    } finally {
      for (const viewer of viewers) viewer.close();
      await cluster.stop();
      await mongo.stop();
    }
    process.stdout.write(
      `${count} deliveries; a viewer at a reader told after one at the writer by ${spread(behindMs)}; after the answer by ${spread(sinceAnswerMs)}\n`,
    );
    return behindMs.every((ms) => ms <= WITHIN_MS);
  },
};

/** One that counts the badges of which it is told. */
class Viewer {
  #badges = 0;
  #atMs = 0;
  #waiting: () => void = () => undefined;

  static async at(member: TestService): Promise<Viewer> {
    const socket = io(member.url, { auth: { token: TOKENS.viewer }, transports: ['websocket'], reconnection: false });
    const viewer = new Viewer(socket);
    await connected(socket);
    return viewer;
  }

  private constructor(private readonly socket: Socket) {
    socket.on('analytics:batch-update', ({ metrics }: BatchUpdate) => {
      this.#badges = metrics.totalBadgesIssued;
      this.#atMs = performance.now();
      this.#waiting();
    });
  }

  /** When it was told of so many. */
  async told(badges: number): Promise<number> {
    while (this.#badges < badges) await new Promise<void>((resolve) => (this.#waiting = resolve));
    return this.#atMs;
  }

  close(): void {
    this.socket.close();
  }
}

function spread(ms: readonly number[]): string {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  return `${at(0.5)} ms (p50), ${at(0.99)} ms (p99), ${at(1)} ms at most`;
}
