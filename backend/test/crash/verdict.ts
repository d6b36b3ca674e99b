import { setTimeout as sleep } from 'node:timers/promises';
import { PERIODS, type Aggregated, type AnalyticsSnapshot, type ChainStatus } from '../../src/contract/index.js';
import type { Delivery } from '../generators/chains.js';
import { saidIn } from '../properties/service.js';
import { textOf } from '../properties/comparison.js';
import { chainAfter } from '../reference/chain.js';
import type { Fact } from '../reference/facts.js';
import { reference } from '../reference/metrics.js';
import { snapshot } from '../reference/snapshot.js';
import { TOKENS, type TestService } from '../support/service.js';

/**
 * Holds all that a running service answers against the reference: the four parts, metrics and headline, the snapshots that
 * it is asked for and those of ended periods, and the blocks in doubt. What is not right yet (folds and snapshots follow
 * the log) is asked for again; what stays wrong is told.
 */
const PATIENCE_MS = 30_000;
const ENDED_PERIODS = 5;
const PARTS = ['issuance', 'community', 'users', 'distribution', 'metrics', 'headline'] as const;

/** @param moves what an honest node told, in order @returns where the service differs, empty if nowhere */
export async function differences(service: TestService, moves: readonly Delivery[]): Promise<string[]> {
  const { canonical, unproven } = chainAfter(moves);
  const blocks = new Map(moves.flatMap(({ apply }) => apply.map((block) => [block.hash, block] as const)));
  const facts = saidIn([...blocks.values()].filter(({ hash }) => canonical.has(hash)));
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = [
      ...(await metricsThatDiffer(service, facts)),
      ...(await snapshotsThatDiffer(service, facts)),
      ...(await statusThatDiffers(service, unproven)),
    ];
    if (found.length === 0 || Date.now() > deadline) return found;
    await sleep(200);
  }
}

async function metricsThatDiffer(service: TestService, facts: readonly Fact[]): Promise<string[]> {
  const told = await service.read<Aggregated>('/api/analytics/aggregated');
  const expected = reference(facts, Date.parse(told.timestamp));
  return PARTS.flatMap((part) => differing(part, told[part], expected[part]));
}

async function snapshotsThatDiffer(service: TestService, facts: readonly Fact[]): Promise<string[]> {
  const found: string[] = [];
  for (const period of PERIODS) {
    await takeSnapshot(service, period);
    const query = `period=${period}&limit=${ENDED_PERIODS + 1}`;
    for (const taken of await service.read<AnalyticsSnapshot[]>(`/api/analytics/snapshots?${query}`)) {
      const { timestamp, takenAt, metrics, distribution, trends } = taken;
      const wanted = snapshot(facts, period, Date.parse(timestamp), Date.parse(takenAt));
      const told = { timestamp, period, metrics, distribution, trends };
      found.push(...differing(`${period} snapshot of ${timestamp}`, told, wanted));
    }
  }
  return found;
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

async function statusThatDiffers(service: TestService, unproven: ReadonlySet<string>): Promise<string[]> {
  const status = await service.read<ChainStatus>('/api/chain/status');
  return differing('unproven', status.unproven.map(({ hash }) => hash).sort(), [...unproven].sort());
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
