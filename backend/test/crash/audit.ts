import type { ActivityItem, ActivityPage } from '../../src/contract/index.js';
import type { Fact } from '../reference/facts.js';
import type { TestService } from '../support/service.js';

/**
 * Holds the events that were acknowledged against those that the service tells of, whether they count or their block was
 * orphaned: what it does not tell was lost, what it tells more often than it was printed was counted twice.
 */
export async function audit(
  service: TestService,
  acknowledged: readonly Fact[],
): Promise<{ lost: number; doubleCounted: number }> {
  const printed = new Map<string, number>();
  const told = new Map<string, number>();
  for (const fact of acknowledged) increase(printed, nameOfFact(fact));
  for await (const item of everything(service)) if (COUNTED.has(item.type)) increase(told, nameOfItem(item));
  return { lost: surplus(printed, told), doubleCounted: surplus(told, printed) };
}

/** The types of which the reference makes facts. */
const COUNTED: ReadonlySet<string> = new Set<Fact['type']>([
  'badge_issued',
  'badge_revoked',
  'badge_updated',
  'template_created',
  'community_created',
  'community_deactivated',
  'community_transferred',
  'member_added',
]);

async function* everything(service: TestService): AsyncGenerator<ActivityItem> {
  let before = '';
  for (;;) {
    const { items, next } = await service.read<ActivityPage>(`/api/analytics/activity?limit=200${before}`);
    yield* items;
    if (next === null) return;
    before = `&before=${encodeURIComponent(next)}`;
  }
}

/** Equal prints have equal names, and are told apart by how many there are. */
const nameOfItem = ({ type, at, height, txId, badgeId, communityId }: ActivityItem): string =>
  [type, at, height, txId, badgeId ?? communityId].join(' ');

function nameOfFact({ type, atMs, chain, props }: Fact): string {
  const { badgeId, communityId } = props as { badgeId?: string; communityId?: string };
  return [type, new Date(atMs).toISOString(), chain?.height, chain?.txId, badgeId ?? communityId].join(' ');
}

const increase = (counts: Map<string, number>, name: string): void =>
  void counts.set(name, (counts.get(name) ?? 0) + 1);

/** How much more there is in `some` than in `others`. */
function surplus(some: ReadonlyMap<string, number>, others: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [name, count] of some) sum += Math.max(0, count - (others.get(name) ?? 0));
  return sum;
}
