import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { Aggregated } from '../../src/contract/index.js';
import { openLmdb } from '../../src/log/lmdb.js';
import { paths } from '../../src/storage.js';
import { textOf } from '../properties/comparison.js';
import type { Fact } from '../reference/facts.js';
import { reference } from '../reference/metrics.js';
import type { TestService } from '../support/service.js';
import type { Outcome } from './attack.js';
import { listSetAside } from './setAsideInputs.js';

/**
 * Ends the service and holds what it told against its log: each fact that was told to be accepted stands in it once, what
 * was right counts, and the metrics are what the reference makes of the facts that count. What it told to have set aside
 * is listed, each input once, and counted.
 */
const PATIENCE_MS = 90_000;
/** Characters. What was delivered is listed beside its reason, which tells a little of it. */
const MAX_REASON = 300;
const PARTS = ['issuance', 'community', 'users', 'distribution', 'metrics', 'headline'] as const;

/** @returns what does not hold; empty if everything does */
export async function judge(service: TestService, outcomes: readonly Outcome[]): Promise<string[]> {
  await folded(service);
  const told = await service.read<Aggregated>('/api/analytics/aggregated');
  const listed = await listSetAside(service);
  await service.kill('SIGTERM');
  const { facts, ids, canonical } = await readLog(service.dataDir);
  const counting = facts.filter(({ chain }) => chain !== undefined && canonical.get(chain.blockHash) === true);
  const badges = new Set(counting.flatMap((fact) => (fact.type === 'badge_issued' ? [fact.props.badgeId] : [])));
  const expected = reference(counting, Date.parse(told.timestamp));

  const accepted = outcomes.reduce((sum, { receipt }) => sum + receipt.accepted, 0);
  const lost = outcomes.flatMap(({ witnesses }) => witnesses).filter((id) => !badges.has(id));
  const { items, distinct, longestReason, counted } = listed;
  const unlisted = outcomes
    .flatMap(({ setAside }) => setAside)
    .filter(({ digests }) => !digests.some((digest) => listed.digests.has(digest)))
    .map(({ name }) => name);
  return [
    ...outcomes.flatMap(({ complaints }) => complaints),
    ...(facts.length === ids.size ? [] : [`${facts.length - ids.size} facts stand in the log twice`]),
    ...(facts.length === accepted ? [] : [`${accepted} facts were told to be accepted, the log has ${facts.length}`]),
    ...(lost.length === 0 ? [] : [`${lost.length} badges of good payloads do not count: ${lost.slice(0, 3).join()}`]),
    ...(unlisted.length === 0 ? [] : [`${unlisted.length} set aside and not listed: ${unlisted.slice(0, 3).join()}`]),
    ...(items === distinct ? [] : [`${items} items are set aside, of ${distinct} different inputs`]),
    ...(items === counted ? [] : [`${items} items are listed as set aside, ${counted} are counted`]),
    ...(longestReason <= MAX_REASON ? [] : [`a reason of ${longestReason} characters is listed`]),
    ...PARTS.filter((part) => textOf(told[part]) !== textOf(expected[part])).map((part) => `${part} is wrong`),
  ];
}

/** Resolves when the metrics include all that is in the log. */
export async function folded(service: TestService): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  const lag = async (): Promise<string | undefined> =>
    /^passportx_fold_lag (\d+)$/m.exec(await (await fetch(`${service.url}/metrics`)).text())?.[1];
  while ((await lag()) !== '0') {
    if (Date.now() > deadline) throw new Error(`the log was not folded within ${PATIENCE_MS} ms`);
    await sleep(100);
  }
}

async function readLog(dataDir: string) {
  const facts: Fact[] = [];
  const ids = new Set<string>();
  /** Whether a block counts, by its hash. */
  const canonical = new Map<string, boolean>();
  const { log, close } = await openLmdb(paths(dataDir).log, { logger: pino({ level: 'silent' }) });
  for await (const { entries } of log.read(0)) {
    for (const entry of entries) {
      if (entry.kind === 'block') canonical.set(entry.hash, entry.canonical);
      if (entry.kind !== 'fact') continue;
      facts.push(entry.fact);
      ids.add(entry.fact.id);
    }
  }
  await close();
  return { facts, ids, canonical };
}
