import type { Logger } from 'pino';
import type { HistoryQuery } from '../alerts/store.js';
import type { DayRange, OpenRange } from '../analyzers/calendar.js';
import type { Callers } from '../cluster/callers.js';
import type {
  ActivityPage,
  Alert,
  AlertChanges,
  AlertHistory,
  AnalyticsSnapshot,
  ChainStatus,
  CommunityMetrics,
  CoreMetrics,
  DeliveryReceipt,
  DistributionMetrics,
  HeadlineItem,
  IssuanceMetrics,
  NewAlert,
  Period,
  PredicateState,
  QuarantineItem,
  QuarantinePage,
  SavedAlert,
  SnapshotMetric,
  Trend,
  UserMetrics,
  WebhookTest,
} from '../contract/index.js';
import type { Boards } from '../boards/boards.js';
import type { Membership } from '../cluster/membership.js';
import type { FactType } from '../events/fact.js';
import type { Entities } from '../query/entities.js';
import type { Exports } from '../query/exports.js';
import type { Queries } from '../query/queries.js';
import type { ReportJobs } from '../report/jobs.js';
import type { Auth } from './auth.js';
import type { WrongTokenLimit } from './limits.js';
import type { SharedBoards } from './sharedBoards.js';

/**
 * What the HTTP calls need of the rest of the service, and nothing more: `main.ts` joins the real parts to these
 * interfaces, a test may join others. Times are ms since the epoch, days are days since the epoch (UTC).
 */

/** The folds; each read is a pure function of what is folded, the range and `now`, and depends on the UTC day of `now`. */
export interface MetricReads {
  issuance(range: DayRange, now: number): IssuanceMetrics;
  community(range: DayRange, now: number): CommunityMetrics;
  users(range: DayRange, now: number): UserMetrics;
  distribution(now: number): DistributionMetrics;
  metrics(): CoreMetrics;
  headline(range: DayRange): HeadlineItem[];
}

export interface AnalyticsService {
  /** Log position that `reads` includes. */
  seq(): number;
  readonly reads: MetricReads;
}

export interface IntakeService {
  /**
   * Takes one payload of a chain node; resolves when it is durable.
   * @throws {BusyError} when the queue stayed full for the whole wait. @throws {LogUnavailableError}
   */
  deliver(body: unknown): Promise<DeliveryReceipt>;
  /** Takes quarantined input again; what is still not understood is counted as `quarantined`. Throws as `deliver`. */
  replay(item: QuarantineItem): Promise<DeliveryReceipt>;
  /** An admin's word that a block which counts is on the winning fork. Undefined: no such block is known. Throws as `deliver`. */
  confirm(hash: string): Promise<DeliveryReceipt | undefined>;
  /** An admin's word that a block, and so what descends from it, is not. Undefined: no such block is known. */
  retract(hash: string): Promise<DeliveryReceipt | undefined>;
}

export interface SnapshotService {
  /** Takes the snapshot of the period that contains `atMs`; `replaced` tells whether there was one already. */
  take(period: Period, atMs: number): Promise<{ readonly snapshot: AnalyticsSnapshot; readonly replaced: boolean }>;
  /** Newest first. */
  list(query: {
    readonly period: Period;
    readonly limit: number;
    readonly range: OpenRange;
  }): Promise<AnalyticsSnapshot[]>;
  trend(query: { readonly metric: SnapshotMetric; readonly period: Period; readonly range: DayRange }): Promise<Trend>;
}

export interface ActivityService {
  /** Newest first. @throws {BadCursorError} when `before` is no cursor of this call. */
  activity(query: {
    readonly limit: number;
    readonly before?: string;
    readonly type?: FactType;
    readonly badge?: string;
    readonly community?: string;
    readonly user?: string;
    readonly range?: OpenRange;
  }): Promise<ActivityPage>;
}

export interface QuarantineService {
  /** Newest first; `before` is the `next` of the page before. */
  list(query: { readonly limit: number; readonly before?: string }): Promise<QuarantinePage>;
  get(id: string): Promise<QuarantineItem | undefined>;
  /** @returns whether there was such an item. */
  remove(id: string): Promise<boolean>;
  /** Items that are kept. */
  count(): Promise<number>;
}

export interface AlertService {
  /** Firing first, then by name. */
  list(): Promise<Alert[]>;
  get(id: string): Promise<Alert | undefined>;
  /** Newest first. @throws {BadCursorError} when `before` is no cursor of this call. */
  history(query: HistoryQuery): Promise<AlertHistory>;
  /** @throws {WrongAlertError} {TooManyAlertsError} */
  create(alert: NewAlert): Promise<SavedAlert>;
  /** Undefined: there is no such alert. @throws {WrongAlertError} */
  change(id: string, changes: AlertChanges): Promise<SavedAlert | undefined>;
  /** @returns whether there was such an alert. */
  remove(id: string): Promise<boolean>;
  /** Undefined: there is no such alert. @throws {WrongAlertError} */
  test(id: string): Promise<WebhookTest | undefined>;
  /** Counts of now; of failed webhooks since the start. */
  readonly figures: {
    readonly alerts: number;
    readonly firing: number;
    readonly pendingWebhooks: number;
    readonly failedWebhooks: number;
  };
}

/** What `/metrics` shows, read at each scrape. Counts are since the start of the process. */
export interface Figures {
  /** Log position of the last durable entry. */
  readonly head: number;
  /** Log position that the analyzers include. */
  readonly folded: number;
  /** Log position up to which every stored snapshot is right. */
  readonly snapshots: number;
  readonly batches: number;
  /** Deliveries that wait for the store. */
  readonly queued: number;
  readonly socketClients: number;
}

export interface Services {
  readonly auth: Auth;
  /** Shared by calls and sockets. */
  readonly wrongTokens: WrongTokenLimit;
  readonly callers: Callers;
  readonly boards: Boards;
  readonly sharedBoards: SharedBoards;
  /** Who takes the calls that change something. */
  readonly membership: Pick<Membership, 'part' | 'writer'>;
  readonly analytics: AnalyticsService;
  readonly intake: IntakeService;
  readonly snapshots: SnapshotService;
  readonly activity: ActivityService;
  readonly queries: Pick<Queries, 'query' | 'statistics'>;
  readonly entities: Pick<Entities, keyof Entities>;
  readonly exports: Pick<Exports, keyof Exports>;
  readonly alerts: AlertService;
  readonly reports: Pick<ReportJobs, 'create' | 'get' | 'file'>;
  readonly quarantine: QuarantineService;
  /** How the chain side stands now. */
  chainStatus(): Omit<ChainStatus, 'predicates'>;
  /** What the chain node says of our predicates; empty when none is configured. */
  predicates(): Promise<PredicateState[]>;
  /** Ready: the log is open and the folds are within one batch of it. */
  readiness(): { readonly ready: boolean; readonly reasons: readonly string[] };
  /** Why viewers are not answered by this process at present; undefined while they are. */
  refusal(): string | undefined;
  figures(): Figures;
  readonly clock: () => number;
  readonly logger: Logger;
}
