import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { AlertsOfTheWriter } from './alerts/ofTheWriter.js';
import { openAlerts } from './alerts/open.js';
import { AlertStore } from './alerts/store.js';
import { StoredAlerts } from './alerts/stored.js';
import { dayOf } from './analyzers/calendar.js';
import { Auth } from './api/auth.js';
import { makeDrain } from './api/draining.js';
import { expressClasses } from './api/expressClasses.js';
import { mayView, mayWatch } from './api/guard.js';
import { WrongTokenLimit } from './api/limits.js';
import { openPayloadPort, type PayloadPort } from './api/payloadPort.js';
import { answerOf, notUpToDate } from './api/problem.js';
import { createApi } from './api/server.js';
import { SharedBoards } from './api/sharedBoards.js';
import { Boards } from './boards/boards.js';
import type { Services } from './api/services.js';
import { Checkpointing } from './batch/checkpointing.js';
import { BatchProcessor, type FoldedBatch } from './batch/processor.js';
import { Gate } from './chain/gate.js';
import { chainStatus } from './chain/status.js';
import { reachableUrlOf, urlOf } from './cluster/address.js';
import { Callers } from './cluster/callers.js';
import type { Config } from './config.js';
import type { ActivityItem, BatchUpdate } from './contract/index.js';
import { MemberDuties } from './duties.js';
import { activityItem, activitySource } from './events/activityItem.js';
import type { Change } from './events/fact.js';
import { Quarantine } from './log/quarantine.js';
import { observe } from './observe.js';
import { openDerived } from './opening.js';
import { Entities } from './query/entities.js';
import { Exports, type FindActivity } from './query/exports.js';
import { Queries } from './query/queries.js';
import { Readiness } from './readiness.js';
import { Hub } from './realtime/hub.js';
import { batchUpdate } from './realtime/update.js';
import { filteredFigures } from './report/filteredFigures.js';
import { ReportJobs } from './report/jobs.js';
import { loadTokens } from './secrets.js';
import { SnapshotScheduler } from './snapshots/scheduler.js';
import { Snapshots } from './snapshots/snapshot.js';
import { SnapshotStore } from './snapshots/store.js';
import { openStore } from './store.js';
import {
  activity,
  countActivity,
  foldedNames,
  isNarrowed,
  type ActivityQuery,
  type FoldedNames,
} from './warehouse/activity.js';
import { Current } from './warehouse/current.js';
import { Following } from './warehouse/following.js';

/**
 * Joins the parts: store → intake → batches → folds → viewers, warehouse and snapshots. The one place that knows them
 * all. It starts to listen as soon as the log is open, so that deliveries are taken while the folds catch up.
 */
export interface ServiceOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** The exported dashboard. */
  readonly frontendDir: string;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** Told of what the service cannot go on with: the process is to end, without more being written. */
  readonly onEnd?: (reason: unknown) => void;
}

export interface Service {
  /** Starts to take requests. @returns the address, with the port that was free if the configured one is 0. */
  listen(): Promise<{ url: string; port: number }>;
  /** Stops taking requests, folds what waits, writes the checkpoint and closes the stores. */
  close(): Promise<void>;
}

/** Pages of the activity read at once: DuckDB uses every core for one already. */
const MAX_PAGES = 4;
const MAX_PAGE_WAIT_MS = 10_000;
/** Sockets of viewers (`Hub`), and some for calls beside them; one more is closed at once. */
const MAX_CONNECTIONS = 12_000;
/**
 * The checkpoint waits no longer for the end of what the process does as a member: of a database that is away each call
 * takes 5 s, and the whole end has 9.
 */
const MEMBERSHIP_END_MS = 2_000;
/** A process that must not go on waits no longer for its read model: an abort of the thread is the lesser evil. */
const WAREHOUSE_END_MS = 2_000;
const TIMEOUTS = {
  /** For a request with its body: 40 MB at 3 Mbit/s. A body that stops coming gives its place to others then. */
  requestTimeout: 120_000,
  /** For the headers, at most 16 kB in Node. */
  headersTimeout: 30_000,
};
/** Default range of the headline: 30 UTC days, today included. */
const HEADLINE_DAYS = 30;

export async function createService({
  config,
  logger,
  frontendDir,
  clock = Date.now,
  onEnd = (reason) =>
    setImmediate(() => {
      throw reason;
    }),
}: ServiceOptions): Promise<Service> {
  await mkdir(config.dataDir, { recursive: true });
  const store = await openStore(config, { logger, clock });
  const { log, documents, membership } = store;
  const quarantine = new Quarantine(documents, clock);
  const { bodyLimitBytes, maxPending, maxWaitMs } = config.chainhook;
  const limits = { maxPending, maxWaitMs };
  const { checkpoint, folds, intake, warehouse } = await openDerived(config, {
    ...{ log, logger },
    intake: { quarantine, deployer: config.deployer, clock, limits },
  });
  const { aggregator } = folds;
  // JSON is parsed on one thread: more of the largest bodies in memory would gain nothing.
  const gate = new Gate({ ...limits, maxBytes: 2 * bodyLimitBytes });
  const pages = new Gate({ maxPending: MAX_PAGES, maxWaitMs: MAX_PAGE_WAIT_MS });
  // After the stores: a second process on this directory has ended by now, and made and printed nothing.
  const { tokens, made } = loadTokens(config, logger);
  for (const [role, token] of Object.entries(made))
    process.stdout.write(`Made the ${role} token, kept in ${join(config.dataDir, 'tokens.json')}: ${token}\n`);
  const snapshotStore = new SnapshotStore(documents);
  const sources = { warehouse, log, store: snapshotStore, clock };
  const snapshots = new Snapshots(sources);

  const sessionSecret = await store.sessionKey();
  const auth = new Auth({ tokens, sessionSecret, publicDashboard: config.publicDashboard, clock });
  const boards = new Boards(documents, clock);

  const headlineRange = (now: number): { from: number; to: number } => {
    const to = dayOf(now);
    return { from: to - HEADLINE_DAYS + 1, to };
  };
  const figures = (): Pick<BatchUpdate, 'metrics' | 'headline'> => ({
    metrics: aggregator.metrics(),
    headline: aggregator.headline(headlineRange(clock())),
  });
  const names = (): FoldedNames => foldedNames(aggregator, folds.blocks, processor.position);
  const describe = ({ fact, weight }: Change): ActivityItem =>
    activityItem(activitySource(fact), names(), weight === -1);

  let batches = 0;
  const checkpoints = new Checkpointing(checkpoint, folds, logger, () => performance.now());
  const following = new Following({ warehouse, log, logger });
  let started = false;
  let ending = false;
  const onBatch = async (batch: FoldedBatch): Promise<void> => {
    batches += 1;
    duties.touched(batch.changes, batch.seq);
    hub.batch(batchUpdate(batch, clock(), figures(), describe));
    for (const reorg of batch.reorgs) hub.reorg({ ...reorg, at: new Date(clock()).toISOString() });
    // While the log is folded at a start, the read model would take what the folds need.
    if (started) following.grown();
    await alerts.folded(batch.changes);
    const written = checkpoints.folded(!started);
    if (!started) await written;
  };
  const processor = new BatchProcessor(log, folds.blocks, aggregator, folds.blocks.seq, {
    size: config.batchSize,
    timeoutMs: config.batchTimeoutMs,
    stopwatch: () => performance.now(),
    logger,
    onBatch,
    onRejected: async ({ fact }, error) => {
      // Every process meets it; the writer keeps it.
      if (membership.part !== 'writer') return;
      await quarantine.add({ source: 'fold', reason: `could not be folded: ${String(error)}`, input: fact });
    },
  });
  intake.onCommitted(({ entries }) =>
    processor.committed(entries.filter(({ kind }) => kind === 'fact').length, entries.length),
  );
  snapshots.onRecorded((recorded) => {
    duties.recorded(recorded);
    hub.snapshot(recorded);
  });

  const current = new Current(warehouse, log);
  const queries = new Queries({
    folds: aggregator,
    current,
    position: () => processor.position,
    ttlMs: config.cacheTtlMs,
    clock,
  });
  // Ended in the middle of what it does, the thread of DuckDB would abort the process; but what it does may take long.
  const end = (reason: unknown): void => {
    const closed = warehouse.close().catch(() => undefined);
    void Promise.race([closed, sleep(WAREHOUSE_END_MS, undefined, { ref: false })]).then(() => onEnd(reason));
  };
  let nowFolded: () => void = () => undefined;
  const duties = new MemberDuties({
    intake,
    quarantine,
    log,
    onAppended: () => processor.followed(),
    onSnapshot: (recorded) => hub.snapshot(recorded),
    onNotice: (notice) => hub.alert(notice),
    onAlerts: () => hub.alertsChanged(),
    onBoards: () => hub.boards.recheck(),
    onEnd: end,
    scheduler: () => new SnapshotScheduler({ ...sources, snapshots, logger }),
    observer: () =>
      payloadPort &&
      observe({ ...{ config, intake, documents, logger }, token: tokens.chainhook, portOpen: payloadPort.opened }),
    logger,
    reignAlerts: () => alerts.reign(),
    beginAlerts: async () => (config.analyticsEnabled ? alerts.begin() : undefined),
    endAlerts: () => alerts.end(),
    seenByAlerts: () => alerts.seen,
    firing: () => alerts.figures.firing,
    folded: new Promise((resolve) => (nowFolded = resolve)),
  });
  const readiness = new Readiness({
    ...{ log, membership, processor, batchSize: config.batchSize },
    head: () => duties.head(),
    started: () => started,
    stopwatch: () => performance.now(),
  });
  const startedAtMs = clock();
  const chain = (): ReturnType<typeof chainStatus> =>
    chainStatus(duties.intakeStatus(), clock(), {
      startedAtMs,
      nodeTip: duties.nodeTip(),
      stallMs: config.chainhook.stallMs,
    });
  const alerts = await AlertsOfTheWriter.open({
    make: () =>
      openAlerts({
        ...{ documents, warehouse, queries, log, snapshotStore, quarantine, clock, logger },
        reads: aggregator,
        chainStatus: chain,
        onNotice: (notice) => {
          duties.noticed(notice);
          hub.alert(notice);
        },
        allowPrivateWebhooks: config.alertsPrivateWebhooks,
      }),
    stored: new StoredAlerts({ store: new AlertStore(documents), seen: () => duties.seenByAlerts(), clock }),
    writes: () => membership.part === 'writer',
  });
  const reports = new ReportJobs({
    figures: ({ range, filters }) => {
      if (Object.keys(filters).length > 0) return filteredFigures(queries, { range, filters }, clock);
      const now = clock();
      return {
        ...{ kind: 'whole', range, seq: processor.position, atMs: now },
        issuance: aggregator.issuance(range, now),
        community: aggregator.community(range, now),
        users: aggregator.users(range, now),
        distribution: aggregator.distribution(now),
        metrics: aggregator.metrics(),
        headline: aggregator.headline(range),
      };
    },
    seq: () => processor.position,
    clock,
    logger,
  });
  // A viewer asks right after an update is pushed: the read model must not answer with less than that told.
  const onActivity = <T>(query: ActivityQuery, read: (known: FoldedNames) => Promise<T>): Promise<T> =>
    pages.run(async () => {
      const known = names();
      await (isNarrowed(query) ? current.broughtTo(known.seq) : current.readTo(known.seq));
      return read(known);
    });
  const findActivity: FindActivity = (query) =>
    onActivity(query, async (known) => ({
      items: (await activity(current, query, known)).items,
      total: await countActivity(current, query, known),
    }));
  const services: Services = {
    auth,
    wrongTokens: new WrongTokenLimit(),
    callers: new Callers(sessionSecret, config.trustedProxies),
    membership,
    boards,
    sharedBoards: new SharedBoards({ boards, sessionSecret, clock }),
    analytics: { seq: () => processor.position, reads: aggregator },
    intake,
    snapshots,
    activity: {
      activity: (query) => onActivity(query, (known) => activity(current, query, known)),
    },
    queries,
    entities: new Entities(queries, clock),
    exports: new Exports(queries, findActivity, clock),
    alerts,
    reports,
    quarantine,
    chainStatus: chain,
    predicates: () => Promise.resolve(duties.predicates()),
    readiness: () => readiness.now(),
    refusal: () => readiness.refusal(),
    figures: () => ({
      head: duties.head(),
      folded: processor.position,
      snapshots: duties.snapshotsSeq(),
      batches,
      queued: intake.status().queued + gate.waiting,
      socketClients: hub.clients,
    }),
    clock,
    logger,
  };

  const app = createApi(
    {
      analyticsEnabled: config.analyticsEnabled,
      bodyLimitBytes,
      gate,
      maxWaitMs,
      cacheTtlMs: config.cacheTtlMs,
      corsOrigins: config.corsOrigins,
      dashboardDirectory: frontendDir,
    },
    services,
  );
  const http = { ...TIMEOUTS, ...expressClasses(app) };
  const server = createServer(http, app);
  server.maxConnections = MAX_CONNECTIONS;
  const guarded = { ...services, corsOrigins: config.corsOrigins };
  const hub = new Hub(server, {
    corsOrigins: config.corsOrigins,
    mayView: async (handshake) => config.analyticsEnabled && mayView(guarded, handshake),
    mayWatch: async (handshake) => (config.analyticsEnabled ? mayWatch(guarded, handshake) : undefined),
    standing: (boardId) => boards.standing(boardId),
    pulse: () => {
      const { lastDeliveryAt: heardAt, stalled } = chain();
      return { heardAt, stalled, firing: duties.firing() };
    },
    refusal: () => {
      const reason = readiness.refusal();
      return reason === undefined ? undefined : answerOf(notUpToDate(reason));
    },
    current: () => ({ seq: processor.position, ...figures() }),
    clock,
    logger,
  });
  boards.onEvent((event) => {
    duties.boardChanged();
    hub.boards.tell(event);
  });
  const drain = makeDrain(server);
  let payloadPort: PayloadPort | undefined;

  return {
    async listen() {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(config.port, config.host, resolve);
      });
      const { port } = server.address() as AddressInfo;
      const { host, chainhook } = config;
      if (chainhook.nodeUrl !== undefined)
        payloadPort = openPayloadPort(app, { host, port: chainhook.observerPort, http, logger });
      readiness.start();
      membership.start(config.cluster?.advertisedUrl ?? reachableUrlOf(config.host, port), duties);
      processor.start().then(
        () => {
          // It may have been stopped in the middle.
          if (ending) return;
          started = true;
          following.grown();
          // While a long log is folded checkpoints are seldom; and at the end there may not be the time to write one.
          void checkpoints.folded();
          nowFolded();
        },
        // It would take in what it never shows. What the log says cannot be read, or this is a bug: the process ends.
        end,
      );
      return { port, url: urlOf(config.host, port) };
    },
    async close() {
      ending = true;
      readiness.stop();
      drain();
      following.end();
      // First: whoever waits for it to read a long log is not waited for.
      const readModelClosed = warehouse.close();
      // Told where it is waited for: before that, a failure must not end the process without a checkpoint.
      readModelClosed.catch(() => undefined);
      await hub.close();
      // What is still appended or followed meanwhile is folded at the next start.
      const left = membership.stop();
      await Promise.race([left, sleep(MEMBERSHIP_END_MS, undefined, { ref: false })]);
      await payloadPort?.close();
      await processor.stop();
      await reports.stop();
      await checkpoints.close();
      await left;
      await readModelClosed;
      await store.close();
    },
  };
}
