import { setTimeout as sleep } from 'node:timers/promises';
import {
  PERIODS,
  type Aggregated,
  type AnalyticsSnapshot,
  type ChainStatus,
  type Period,
  type QueryAnswer,
} from '../../src/contract/index.js';
import type { Delivery } from '../generators/chains.js';
import { saidIn } from '../properties/service.js';
import { textOf } from '../properties/comparison.js';
import { chainAfter } from '../reference/chain.js';
import { badgeSummaries, communitySummaries, issuerSummaries, userSummaries } from '../reference/entities.js';
import type { Fact } from '../reference/facts.js';
import { reference } from '../reference/metrics.js';
import { query } from '../reference/query.js';
import { snapshot } from '../reference/snapshot.js';
import type { BlockDescription } from '../support/payloads.js';
import { TOKENS, type TestService } from '../support/service.js';

/**
 * Holds all that a running service answers against the reference: the four parts, metrics and headline, lists and queries,
 * the snapshots that it is asked for and those of ended periods, and the blocks in doubt. Folds and snapshots follow the
 * log: they are compared once the service says that they are there, and so nothing is asked for twice until it is right.
 */
/** Far longer than two passes of snapshots with their rest take on a busy machine. */
const PATIENCE_MS = 180_000;
const ENDED_PERIODS = 5;
const PARTS = ['issuance', 'community', 'users', 'distribution', 'metrics', 'headline'] as const;

/** @param moves what an honest node told, in order @returns where the service differs, empty if nowhere */
export async function differences(service: TestService, moves: readonly Delivery[]): Promise<string[]> {
  const { canonical, unproven } = chainAfter(moves);
  const blocks = new Map(moves.flatMap(({ apply }) => apply.map((block) => [block.hash, block] as const)));
  const counting = [...blocks.values()].filter(({ hash }) => canonical.has(hash));
  const facts = saidIn(counting);
  for (;;) {
    const behind = await whenFollowed(service);
    const hour = hourOf(Date.now());
    const found = [
      ...behind,
      ...(await metricsThatDiffer(service, facts)),
      ...(await listsThatDiffer(service, facts)),
      ...(await queriesThatDiffer(service, facts)),
      ...(await snapshotsThatDiffer(service, facts)),
      ...(await statusThatDiffers(service, counting, unproven)),
    ];
    // A period that ends in between is taken only then.
    if (found.length === 0 || hour === hourOf(Date.now())) return found;
  }
}

const hourOf = (ms: number): number => Math.floor(ms / 3_600_000);

/** Waits until folds and snapshots say that they include all of the log. @returns what does not, if it never did */
async function whenFollowed(service: TestService): Promise<string[]> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const told = await (await fetch(`${service.url}/metrics`)).text();
    const positions = ['log_head', 'folded', 'snapshots_seq'].map((name) => {
      const found = new RegExp(`^passportx_${name} (\\d+)$`, 'm').exec(told);
      return `${name} ${found?.[1] ?? 'absent'}`;
    });
    if (new Set(positions.map((position) => position.split(' ')[1])).size === 1) return [];
    if (Date.now() > deadline) return [`after ${PATIENCE_MS} ms: ${positions.join(', ')}`];
    await sleep(100);
  }
}

async function metricsThatDiffer(service: TestService, facts: readonly Fact[]): Promise<string[]> {
  const told = await service.read<Aggregated>('/api/analytics/aggregated');
  const expected = reference(facts, Date.parse(told.timestamp));
  return PARTS.flatMap((part) => differing(part, told[part], expected[part]));
}

/** The lists, read from tables that are derived when they are asked for; their orders are tested elsewhere. */
const LISTS: Readonly<Record<string, { readonly id: string; readonly wanted: Summaries }>> = {
  badges: { id: 'badgeId', wanted: badgeSummaries },
  communities: { id: 'communityId', wanted: communitySummaries },
  users: { id: 'principal', wanted: userSummaries },
  issuers: { id: 'issuer', wanted: issuerSummaries },
};
type Summaries = (facts: readonly Fact[], nowMs: number) => readonly object[];
interface ListPage {
  readonly timestamp: string;
  readonly items: readonly object[];
  readonly next: string | null;
}

async function listsThatDiffer(service: TestService, facts: readonly Fact[]): Promise<string[]> {
  const found: string[] = [];
  for (const [list, { id, wanted }] of Object.entries(LISTS)) {
    const told: object[] = [];
    let timestamp = '';
    for (let after: string | null = ''; after !== null;) {
      const page: ListPage = await service.read<ListPage>(`/api/${list}?limit=200${after && `&after=${after}`}`);
      told.push(...page.items);
      ({ timestamp, next: after } = page);
    }
    const byId = (items: readonly object[]): unknown =>
      Object.fromEntries(items.map((item) => [(item as Record<string, string>)[id], item]));
    found.push(...differing(`list of ${list}`, byId(told), byId(wanted(facts, Date.parse(timestamp)))));
  }
  return found;
}

/** Grouped so that folds cannot answer. */
const QUESTIONS = [
  { metric: 'badgesIssued', groupBy: 'badge', interval: 'hour' },
  { metric: 'totalMembers', groupBy: 'community', interval: 'day' },
] as const;
const GROUPS = 20;

async function queriesThatDiffer(service: TestService, facts: readonly Fact[]): Promise<string[]> {
  const found: string[] = [];
  for (const { metric, groupBy, interval } of QUESTIONS) {
    const [from, to] = [6, 0].map((days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10));
    const asked = `metric=${metric}&groupBy=${groupBy}&interval=${interval}&from=${from}&to=${to}&limit=${GROUPS}`;
    const { timestamp: _, seq: _seq, ...told } = await service.read<QueryAnswer>(`/api/analytics/query?${asked}`);
    const range = { from: told.from, to: told.to };
    const wanted = query(facts, { metric, groupBy, interval, range, limit: GROUPS, filters: {}, compare: 'none' });
    found.push(...differing(`${metric} by ${groupBy}`, told, wanted));
  }
  return found;
}

async function snapshotsThatDiffer(service: TestService, facts: readonly Fact[]): Promise<string[]> {
  const found: string[] = [];
  for (const period of PERIODS) {
    await takeSnapshot(service, period);
    const query = `period=${period}&limit=${ENDED_PERIODS + 1}`;
    const newestFirst = await service.read<AnalyticsSnapshot[]>(`/api/analytics/snapshots?${query}`);
    found.push(...missing(period, newestFirst));
    for (const taken of newestFirst) {
      const { timestamp, takenAt, metrics, distribution, trends } = taken;
      const wanted = snapshot(facts, period, Date.parse(timestamp), Date.parse(takenAt));
      const told = { timestamp, period, metrics, distribution, trends };
      found.push(...differing(`${period} snapshot of ${timestamp}`, told, wanted));
    }
  }
  return found;
}

const PERIOD_MS = { hourly: 3_600_000, daily: 86_400_000, weekly: 7 * 86_400_000 } as const;

/** Between the snapshots of two periods are those of all periods between. */
function missing(period: Period, newestFirst: readonly AnalyticsSnapshot[]): string[] {
  const starts = newestFirst.map(({ timestamp }) => Date.parse(timestamp));
  return starts
    .filter((start, index) => index > 0 && (starts[index - 1] ?? 0) - start !== PERIOD_MS[period])
    .map((start) => `no ${period} snapshot follows that of ${new Date(start).toISOString()}`);
}

/** Asks for the snapshot of the open period. */
export async function takeSnapshot(service: TestService, period: string): Promise<void> {
  const response = await fetch(`${service.url}/api/analytics/snapshot`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKENS.admin}`, 'content-type': 'application/json' },
    body: JSON.stringify({ period }),
  });
  if (!response.ok) throw new Error(`the ${period} snapshot was answered ${response.status}: ${await response.text()}`);
}

async function statusThatDiffers(
  service: TestService,
  counting: readonly BlockDescription[],
  unproven: ReadonlySet<string>,
): Promise<string[]> {
  const status = await service.read<ChainStatus>('/api/chain/status');
  const highest = counting.toSorted((a, b) => b.height - a.height)[0];
  return [
    ...differing('tip', status.tip?.hash, highest?.hash),
    ...differing('unproven', status.unproven.map(({ hash }) => hash).sort(), [...unproven].sort()),
  ];
}

/** The first line that differs is enough to know where to look. */
function differing(name: string, told: unknown, wanted: unknown): string[] {
  const [toldText, wantedText] = [textOf(told), textOf(wanted)];
  if (toldText === wantedText) return [];
  const wantedLines = wantedText.split('\n');
  const toldLines = toldText.split('\n');
  const index = wantedLines.findIndex((line, i) => line !== toldLines[i]);
  const context = wantedLines.slice(Math.max(0, index - 2), index).map((line) => line.trim());
  return [`${name}: after ${context.join(' ')} told ${toldLines[index]?.trim()}, not ${wantedLines[index]?.trim()}`];
}
