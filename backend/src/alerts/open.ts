import type { Logger } from 'pino';
import type { AlertNotice } from '../contract/index.js';
import type { DocumentStore } from '../log/documents.js';
import type { EventLog } from '../log/log.js';
import type { Queries } from '../query/queries.js';
import type { SnapshotStore } from '../snapshots/store.js';
import type { ReadModel } from '../warehouse/readModel.js';
import { latestFactMs } from '../warehouse/latestFacts.js';
import { Alerts } from './alerts.js';
import { hourCount, HourCounts } from './hourCounts.js';
import { LatestFacts } from './latestFacts.js';
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
  const hours = new HourCounts({
    read: (...asked) => queries.take((connection) => hourCount(connection, ...asked)),
    onRead: () => void alerts.evaluate(),
    clock: rest.clock,
    logger: rest.logger,
  });
  const alerts = await Alerts.open({
    ...rest,
    store: new AlertStore(documents),
    sources: {
      reads,
      chainStatus,
      quarantined: () => quarantine.count(),
      snapshot: async (period, startMs) => (await snapshotStore.get(period, startMs))?.metrics,
      hourCount: (metric, count) => hours.latest(metric, count),
    },
    latest: new LatestFacts(async (type) => {
      await warehouse.catchUp(log);
      return latestFactMs(warehouse, [type]);
    }),
  });
  return alerts;
}
