import type { ChainStatus } from '../contract/index.js';
import type { IntakeStatus } from './intake.js';

/** How the chain side stands, as `/api/chain/status` tells it. `now` in ms since the epoch. */
export function chainStatus(status: IntakeStatus, now: number): Omit<ChainStatus, 'predicates'> {
  const iso = (ms: number): string => new Date(ms).toISOString();
  const { tip, lastDeliveryAtMs, reorgs, unproven } = status;
  return {
    tip: tip && { height: tip.height, hash: tip.hash, at: iso(tip.atMs) },
    lastDeliveryAt: lastDeliveryAtMs === null ? null : iso(lastDeliveryAtMs),
    lagMs: tip && Math.max(0, now - tip.atMs),
    stalled: false,
    reorgs: {
      count: reorgs.count,
      deepest: reorgs.deepest,
      last: reorgs.last && {
        at: iso(reorgs.last.atMs),
        rolledBack: [...reorgs.last.rolledBack],
        applied: [...reorgs.last.applied],
      },
    },
    unproven: unproven.map(({ height, hash, atMs, reason }) => ({ height, hash, at: iso(atMs), reason })),
  };
}
