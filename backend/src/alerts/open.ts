import type { Logger } from 'pino';
import type { AlertNotice, HeadlineMetric } from '../contract/index.js';
import type { DocumentStore } from '../log/documents.js';
import type { EventLog } from '../log/log.js';
import type { Queries } from '../query/queries.js';
import type { SnapshotStore } from '../snapshots/store.js';
import type { ReadModel } from '../warehouse/readModel.js';
import { latestFactMs, latestUserMs } from '../warehouse/latestFacts.js';
import { Alerts } from './alerts.js';
import { hourCount } from './hourCounts.js';
import { LatestFacts } from './latestFacts.js';
import { ReadBeside } from './readBeside.js';
import type { ReadingSources } from './readings.js';
import { AlertStore } from './store.js';

/** Joins the alerts to the parts of the service that they read. */
export interface AlertParts extends Pick<ReadingSources, 'reads' | 'chainStatus'> {
  readonly documents: DocumentStore;
  readonly warehouse: ReadModel;
  readonly queries: Pick<Queries, 'take'>;
  readonly log: EventLog;
  readonly snapshotStore: Pick<SnapshotStore, 'get'>;
  readonly quarantine: { count(): Promise<number> };
  readonly onNotice: (notice: AlertNotice) => void;
  readonly allowPrivateWebhooks: boolean;
  readonly clock: () => number;
  readonly logger: Logger;
}

export async function openAlerts(parts: AlertParts): Promise<Alerts> {
  const { documents, warehouse, queries, log, snapshotStore, quarantine, reads, chainStatus, ...rest } = parts;
  const beside = { onRead: () => void alerts.evaluate(), clock: rest.clock, logger: rest.logger };
  const hours = new ReadBeside({
    ...beside,
    read: (metric: HeadlineMetric, count: number, nowMs: number) =>
      queries.take((connection) => hourCount(connection, metric, count, nowMs)),
  });
  const newestUser = new ReadBeside({ ...beside, read: () => queries.take(latestUserMs) });
  const alerts = await Alerts.open({
    ...rest,
    store: new AlertStore(documents),
    sources: {
      reads,
      chainStatus,
      quarantined: () => quarantine.count(),
      snapshot: async (period, startMs) => (await snapshotStore.get(period, startMs))?.metrics,
      hourCount: (metric, count) => hours.latest(metric, count),
      latestUserMs: () => newestUser.latest(),
    },
    latest: new LatestFacts(async (type) => {
      await warehouse.catchUp(log);
      return latestFactMs(warehouse, [type]);
    }),
  });
  return alerts;
}
