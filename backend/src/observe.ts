import type { Intake } from './chain/intake.js';
import { startObserver, type Observer, type ObserverOptions } from './chain/observer.js';
import { NO_SCANS, type Scans } from './chain/scans.js';
import { reachableUrlOf } from './cluster/address.js';
import type { Config } from './config.js';
import type { DocumentStore } from './log/documents.js';
import { paths } from './storage.js';

/** Joins the observer of a node to the settings, the intake and the store. */
export interface ObserveParts extends Pick<ObserverOptions, 'token' | 'portOpen' | 'logger'> {
  readonly config: Config;
  readonly intake: Pick<Intake, 'beginRescan' | 'endRescan' | 'isRescanning' | 'status'>;
  readonly documents: Pick<DocumentStore, 'get' | 'put'>;
}

/** How often the registered predicates are looked at: a node gives one up within seconds of failed deliveries. */
const PREDICATE_CHECK_MS = 5_000;

/** Registers with the configured node; undefined when there is none. */
export function observe({ config, token, portOpen, intake, documents, logger }: ObserveParts): Observer | undefined {
  const { nodeUrl, observerPort, externalUrl, startBlock, rewindBlocks } = config.chainhook;
  if (nodeUrl === undefined) return undefined;
  return startObserver({
    nodeUrl,
    externalUrl: externalUrl ?? reachableUrlOf(config.host, observerPort),
    startBlock,
    rewindBlocks,
    portOpen,
    token,
    network: config.network,
    deployer: config.deployer,
    host: config.host,
    port: observerPort,
    stateDir: paths(config.dataDir).predicates,
    intake: {
      beginRescan: (from, isOver) => intake.beginRescan(from, isOver),
      endRescan: () => intake.endRescan(),
      isRescanning: () => intake.isRescanning(),
      tipHeight: () => intake.status().tip?.height,
    },
    scans: {
      load: async () => (await documents.get<Scans>('predicates', 'reach')) ?? NO_SCANS,
      save: (scans) => documents.put('predicates', 'reach', scans),
    },
    registered: {
      load: async () => (await documents.get<string[]>('predicates', 'registered')) ?? [],
      save: (uuids) => documents.put('predicates', 'registered', uuids),
    },
    logger,
    intervalMs: PREDICATE_CHECK_MS,
  });
}
