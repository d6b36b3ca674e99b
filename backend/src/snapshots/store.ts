import { startOfDay, type OpenRange } from '../analyzers/calendar.js';
import { PERIODS, type AnalyticsSnapshot, type Period } from '../contract/snapshots.js';
import type { DocumentStore } from '../log/documents.js';
import { endOf } from './periods.js';
import type { Coverage } from './plan.js';

/**
 * Where snapshots are kept: one document a period and period start, its id the start in ISO 8601, so that ids sort as
 * times do; and how far they are known to be right, so that what was pending at a crash is done at the next start.
 */
export interface Progress {
  /** Log position up to which every snapshot that is stored, and that should be, is right. */
  readonly seq: number;
  readonly covered: Coverage;
}

/** Snapshots read at once: some 10 kB each, a few ms of decoding. */
const PAGE = 100;

export class SnapshotStore {
  constructor(private readonly documents: DocumentStore) {}

  async has(period: Period, startMs: number): Promise<boolean> {
    return (await this.get(period, startMs)) !== undefined;
  }

  /** Of the period that starts at `startMs`. */
  get(period: Period, startMs: number): Promise<AnalyticsSnapshot | undefined> {
    return this.documents.get<AnalyticsSnapshot>(collectionOf(period), idOf(startMs));
  }

  /** Stores all or none, in place of those of the same periods. */
  async put(period: Period, snapshots: readonly AnalyticsSnapshot[]): Promise<void> {
    const documents = snapshots.map((value) => ({ id: value.timestamp, value }));
    await this.documents.putMany(collectionOf(period), documents);
  }

  /** Newest first, of the periods that start in these days. */
  async newest(period: Period, limit: number, range: OpenRange = {}): Promise<AnalyticsSnapshot[]> {
    const options = { limit, reverse: true, ...idsOf(range) };
    return (await this.documents.list<AnalyticsSnapshot>(collectionOf(period), options)).map(({ value }) => value);
  }

  /** End of the last period of which there is a snapshot, in ms; 0 if there is none. */
  async lastEndMs(): Promise<number> {
    const last = await Promise.all(PERIODS.map(async (period) => [period, await this.newest(period, 1)] as const));
    return Math.max(
      0,
      ...last.flatMap(([period, found]) => found.map(({ timestamp }) => endOf(period, Date.parse(timestamp)))),
    );
  }

  /** Oldest first, of the periods that start in these days. */
  async *within(period: Period, range: OpenRange): AsyncGenerator<AnalyticsSnapshot> {
    let ids = idsOf(range);
    for (;;) {
      const page = await this.documents.list<AnalyticsSnapshot>(collectionOf(period), { limit: PAGE, ...ids });
      for (const { value } of page) yield value;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      ids = { ...ids, after: last.id };
    }
  }

  async progress(): Promise<Progress> {
    return (await this.documents.get<Progress>(PROGRESS.collection, PROGRESS.id)) ?? { seq: 0, covered: {} };
  }

  async saveProgress(progress: Progress): Promise<void> {
    await this.documents.put(PROGRESS.collection, PROGRESS.id, progress);
  }
}

const PROGRESS = { collection: 'snapshots', id: 'progress' };

const collectionOf = (period: Period): string => `snapshots-${period}`;

const idOf = (startMs: number): string => new Date(startMs).toISOString();

/** What the ids of periods that start in these days lie between. */
const idsOf = ({ from, to }: OpenRange): { readonly after?: string; readonly before?: string } => ({
  ...(from !== undefined && { after: idOf(startOfDay(from) - 1) }),
  ...(to !== undefined && { before: idOf(startOfDay(to + 1)) }),
});
