import type { Logger } from 'pino';
import type { AlertNotice } from '../contract/index.js';
import type { DocumentStore } from '../log/documents.js';
import type { EventLog } from '../log/log.js';
import type { SnapshotStore } from '../snapshots/store.js';
import type { ReadModel } from '../warehouse/readModel.js';
import { latestFactMs } from '../warehouse/latestFacts.js';
import { Alerts } from './alerts.js';
import { LatestFacts } from './latestFacts.js';
import type { ReadingSources } from './readings.js';
import { AlertStore } from './store.js';

/** Joins the alerts to the parts of the service that they read. */
export interface AlertParts extends Pick<ReadingSources, 'reads' | 'chainStatus'> {
  readonly documents: DocumentStore;
  readonly warehouse: ReadModel;
  readonly log: EventLog;
  readonly snapshotStore: Pick<SnapshotStore, 'get'>;
  readonly quarantine: { count(): Promise<number> };
  readonly onNotice: (notice: AlertNotice) => void;
  readonly allowPrivateWebhooks: boolean;
  readonly clock: () => number;
  readonly logger: Logger;
}

export function openAlerts(parts: AlertParts): Promise<Alerts> {
  const { documents, warehouse, log, snapshotStore, quarantine, reads, chainStatus, ...rest } = parts;
  return Alerts.open({
    ...rest,
    store: new AlertStore(documents),
    sources: {
      reads,
      chainStatus,
      quarantined: () => quarantine.count(),
      daySnapshot: async (startMs) => (await snapshotStore.get('daily', startMs))?.metrics,
    },
    latest: new LatestFacts(async (type) => {
      await warehouse.catchUp(log);
      return latestFactMs(warehouse, [type]);
    }),
  });
}
