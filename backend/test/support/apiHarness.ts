import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Express } from 'express';
import { pino } from 'pino';
import { Auth, type Role } from '../../src/api/auth.js';
import { expressClasses } from '../../src/api/expressClasses.js';
import { WrongTokenLimit } from '../../src/api/limits.js';
import { createApi, type ApiOptions } from '../../src/api/server.js';
import { isoDate } from '../../src/analyzers/calendar.js';
import type { MetricReads, Services } from '../../src/api/services.js';
import { SharedBoards } from '../../src/api/sharedBoards.js';
import { Boards } from '../../src/boards/boards.js';
import { Gate } from '../../src/chain/gate.js';
import { Callers } from '../../src/cluster/callers.js';
import { SoleWriter } from '../../src/cluster/membership.js';
import type { Alert, AnalyticsSnapshot, DeliveryReceipt, QuarantineItem, ReportJob } from '../../src/contract/index.js';
import { openLmdb } from '../../src/log/lmdb.js';
import { plainEntities } from './plainEntities.js';

/**
 * The API on a port of its own, joined to small in-memory parts that keep what they are told (boards are kept in LMDB, as
 * ever). What they answer is plain and valid; a test that needs another answer hands in that part.
 */
export const TOKENS: Readonly<Record<Role, string>> = {
  chainhook: 'token-of-the-node',
  write: 'token-of-the-app',
  viewer: 'token-of-a-viewer',
  admin: 'token-of-an-admin',
};

/** A Saturday noon. */
export const NOW = Date.parse('2026-02-14T12:00:00Z');

export const NOTHING: DeliveryReceipt = {
  accepted: 0,
  duplicates: 0,
  ignored: 0,
  quarantined: 0,
  applied: 0,
  rolledBack: 0,
};

export interface Api {
  readonly app: Express;
  readonly url: string;
  readonly auth: Auth;
  /** Lines that were logged. */
  readonly logged: string[];
  readonly services: Services;
  /** A request with a role's token (none: no token). */
  call(path: string, init?: RequestInit & { as?: Role | undefined }): Promise<Response>;
  /** A POST of JSON. */
  post(path: string, body: unknown, as?: Role): Promise<Response>;
}

/** What the tests of a file started; it ends with them, also when they fail. */
const started: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(started.map((close) => close()));
});

export async function startApi(
  parts: Partial<Services> = {},
  options: Partial<ApiOptions> = {},
  authOptions: { publicDashboard?: boolean } = {},
): Promise<Api> {
  const empty = mkdtempSync(join(tmpdir(), 'api-'));
  const kept = mkdtempSync(join(tmpdir(), 'api-kept-'));
  const clock = parts.clock ?? (() => NOW);
  const logged: string[] = [];
  const sessionSecret = 'a secret of 32 bytes for the test';
  const auth = new Auth({
    tokens: TOKENS,
    sessionSecret,
    publicDashboard: false,
    ...authOptions,
    clock,
  });
  const logger = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const store = await openLmdb(kept, { logger });
  const boards = new Boards(store.documents, clock);
  const sharedBoards = new SharedBoards({ boards, sessionSecret, clock });
  const wrongTokens = new WrongTokenLimit();
  const callers = new Callers(sessionSecret);
  const services: Services = {
    ...plainParts(),
    auth,
    wrongTokens,
    callers,
    boards,
    sharedBoards,
    clock,
    logger,
    ...parts,
  };
  const app = createApi(
    {
      analyticsEnabled: true,
      bodyLimitBytes: 64 * 1024,
      gate: new Gate({ maxPending: 64, maxWaitMs: 10_000 }),
      maxWaitMs: 10_000,
      cacheTtlMs: 60_000,
      corsOrigins: [],
      dashboardDirectory: empty,
      ...options,
    },
    services,
  );
  const server = createServer(expressClasses(app), app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  started.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await store.close();
    for (const directory of [empty, kept]) rmSync(directory, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const call: Api['call'] = (path, { as, headers, ...init } = {}) =>
    fetch(url + path, {
      redirect: 'manual',
      ...init,
      headers: { ...(as && { authorization: `Bearer ${TOKENS[as]}` }), ...(headers as Record<string, string>) },
    });
  return {
    app,
    url,
    auth,
    logged,
    services,
    call,
    post: (path, body, as) =>
      call(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        as,
      }),
  };
}

function plainParts(): Omit<
  Services,
  'auth' | 'wrongTokens' | 'callers' | 'boards' | 'sharedBoards' | 'clock' | 'logger'
> {
  return {
    membership: new SoleWriter(),
    analytics: { seq: () => 7, reads: plainReads },
    intake: {
      deliver: async () => ({ ...NOTHING, accepted: 1, applied: 1 }),
      replay: async () => NOTHING,
      confirm: async (hash) => (hash === '0xb1' ? NOTHING : undefined),
      retract: async (hash) => (hash === '0xb1' ? { ...NOTHING, rolledBack: 1 } : undefined),
    },
    chainStatus: () => ({
      tip: { height: 10, hash: '0xb1', at: new Date(NOW).toISOString() },
      lastDeliveryAt: new Date(NOW).toISOString(),
      lagMs: 1500,
      stalled: false,
      reorgs: { count: 0, deepest: 0, last: null },
      unproven: [],
      unprovenCount: 0,
    }),
    snapshots: {
      take: async (period, atMs) => ({ snapshot: plainSnapshot(period, atMs), replaced: false }),
      list: async ({ period, limit }) => Array.from({ length: Math.min(limit, 2) }, () => plainSnapshot(period, NOW)),
      trend: async ({ metric, period, range: { from, to } }) => ({
        ...{ metric, period, trend: [{ date: isoDate(from), value: to - from + 1 }] },
      }),
    },
    activity: { activity: async () => ({ items: [], next: null }) },
    queries: { query: async () => PLAIN_ANSWER, statistics: () => ({ hits: 0, misses: 0, hitRate: 0 }) },
    entities: plainEntities,
    reports: {
      create: () => plainReport,
      get: (id) => (id === plainReport.id ? plainReport : undefined),
      file: (id) => (id === plainReport.id ? Buffer.from('%PDF-1.7') : undefined),
    },
    exports: {
      list: async (_list, _query, format) => ({
        content: format === 'parquet' ? Buffer.from('file') : 'file',
        rows: 1,
        total: 1,
      }),
      series: async () => ({ content: 'file', rows: 1, total: 1 }),
      page: async () => Buffer.from('file'),
      activity: async () => ({ content: 'file', rows: 1, total: 1 }),
    },
    alerts: {
      list: async () => [plainAlert],
      get: async (id) => (id === plainAlert.id ? plainAlert : undefined),
      history: async () => ({ items: [], next: null }),
      create: async () => ({ alert: plainAlert, webhookSecret: null }),
      change: async (id) => (id === plainAlert.id ? { alert: plainAlert, webhookSecret: null } : undefined),
      remove: async (id) => id === plainAlert.id,
      test: async (id) => (id === plainAlert.id ? { delivered: true, error: null } : undefined),
      figures: { alerts: 1, firing: 0, pendingWebhooks: 0, failedWebhooks: 0 },
    },
    quarantine: plainQuarantine([]),
    predicates: async () => [{ name: 'badges', uuid: 'u-1', status: 'streaming', lastBlock: 10 }],
    readiness: () => ({ ready: true, reasons: [] }),
    refusal: () => undefined,
    figures: () => ({ head: 9, folded: 7, snapshots: 5, batches: 3, queued: 0, socketClients: 2 }),
  };
}

const PLAIN_ANSWER = JSON.stringify({
  timestamp: new Date(NOW).toISOString(),
  seq: 7,
  metric: 'badgesIssued',
  kind: 'flow',
  from: '2026-02-14',
  to: '2026-02-14',
  interval: 'day',
  groupBy: 'none',
  compare: 'none',
  filters: {},
  buckets: ['2026-02-14'],
  total: 3,
  values: [3],
  previous: null,
  groups: 0,
  series: [],
  other: null,
});
const plainReport: ReportJob = {
  ...{
    id: 'a',
    from: '2026-01-16',
    to: '2026-02-14',
    filters: {},
    status: 'done',
    progress: 100,
    step: 'Done',
    seq: 7,
  },
  ...{ createdAt: new Date(NOW).toISOString(), expiresAt: new Date(NOW).toISOString(), file: '/api/reports/a/file' },
};

const plainAlert: Alert = {
  ...{ id: 'a', name: 'Many badges', metric: 'badgesIssued', window: 'today', days: 7, hours: 1 },
  ...{ condition: 'above', threshold: 10, clearAt: null, forSeconds: 0, clearForSeconds: 300 },
  ...{ enabled: true, silencedUntil: null, quietHours: [], webhook: { host: 'hooks.example' } },
  ...{ createdAt: new Date(NOW).toISOString(), phase: 'ok', since: null, silenced: false },
  ...{ value: 3, evaluatedAt: new Date(NOW).toISOString(), message: 'Badges issued today: 3' },
};

/** Items, newest first. */
export function plainQuarantine(kept: QuarantineItem[]): Services['quarantine'] {
  return {
    list: async ({ limit }) => ({ items: kept.slice(0, limit), next: null }),
    get: async (id) => kept.find((item) => item.id === id),
    remove: async (id) => {
      const index = kept.findIndex((item) => item.id === id);
      if (index >= 0) kept.splice(index, 1);
      return index >= 0;
    },
    count: async () => kept.length,
  };
}

/** Metrics of a service that has seen nothing; the range shows in the length of the day series. */
const plainReads: MetricReads = {
  issuance: ({ from, to }) => ({
    totalBadgesIssued: 0,
    totalBadgesRevoked: 0,
    activeBadges: 0,
    badgesIssuedToday: 0,
    badgesIssuedThisWeek: 0,
    badgesIssuedThisMonth: 0,
    dailyIssuance: Array.from({ length: to - from + 1 }, (_, index) => ({
      date: new Date((from + index) * 86_400_000).toISOString().slice(0, 10),
      count: 0,
    })),
    weeklyIssuance: [],
    monthlyIssuance: [],
    byCategory: {},
    byLevel: {},
    byIssuer: {},
    topBadges: [],
  }),
  community: () => ({
    totalCommunities: 0,
    activeCommunities: 0,
    newCommunitiesToday: 0,
    newCommunitiesThisWeek: 0,
    newCommunitiesThisMonth: 0,
    totalMembers: 0,
    averageMembersPerCommunity: 0,
    mostActiveCommunities: [],
    growthTrend: [],
    memberGrowthTrend: [],
  }),
  users: () => ({
    totalUsers: 0,
    newUsersToday: 0,
    newUsersThisWeek: 0,
    newUsersThisMonth: 0,
    dailyNewUsers: [],
    weeklyNewUsers: [],
    monthlyNewUsers: [],
    activeUsersToday: 0,
    activeUsersThisWeek: 0,
    activeUsersThisMonth: 0,
    dailyActiveUsers: [],
    retentionRate: 0,
    retentionCohorts: [],
    averageBadgesPerUser: 0,
    userEngagement: { usersWithBadges: 0, usersWithMultipleBadges: 0, usersWithNoBadges: 0 },
    peakHour: 0,
    hourlyIssuance: Array.from({ length: 24 }, () => 0),
    weeklyGrowth: null,
    monthlyGrowth: null,
  }),
  distribution: () => ({
    byCategory: [],
    byLevel: [],
    topBadges: [],
    trendingBadges: [],
    mostAwardedByCategory: {},
    badgesByIssuer: [],
  }),
  metrics: () => ({
    totalBadgesIssued: 0,
    totalUsers: 0,
    totalCommunities: 0,
    averageBadgesPerUser: 0,
    engagementRate: 0,
  }),
  headline: () => [{ metric: 'badgesIssued', value: 0, previous: 0, change: null }],
};

function plainSnapshot(period: AnalyticsSnapshot['period'], atMs: number): AnalyticsSnapshot {
  return {
    timestamp: new Date(atMs).toISOString(),
    period,
    seq: 7,
    takenAt: new Date(atMs).toISOString(),
    metrics: {
      totalBadgesIssued: 0,
      badgesIssuedThisPeriod: 0,
      totalUsers: 0,
      newUsersThisPeriod: 0,
      activeUsersThisPeriod: 0,
      retentionRate: 0,
      totalCommunities: 0,
      newCommunitiesThisPeriod: 0,
      averageBadgesPerUser: 0,
      engagementRate: 0,
      averageBadgesPerCommunity: 0,
    },
    distribution: { badgesByCategory: [], badgesByLevel: [], topBadges: [], topCommunities: [] },
    trends: { dailyIssuance: [], dailyNewUsers: [], dailyActiveUsers: [] },
  };
}
