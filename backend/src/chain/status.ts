import type { ChainStatus } from '../contract/index.js';
import type { Reorg } from './blocks.js';
import type { IntakeStatus } from './intake.js';

/** What tells a chain that stands still from one that is cut off from us. */
export interface StallBasis {
  /** When this process began to take deliveries, in ms. */
  readonly startedAtMs: number;
  /** Height of the newest block that the node tells of; undefined when no node does. */
  readonly nodeTip: number | undefined;
  /** `CHAINHOOK_STALL_MS` */
  readonly stallMs: number;
}

/** How the chain side stands, as `/api/chain/status` tells it. `now` in ms since the epoch. */
export function chainStatus(status: IntakeStatus, now: number, basis: StallBasis): Omit<ChainStatus, 'predicates'> {
  const { tip, lastDeliveryAtMs, reorgs, unproven, unprovenCount } = status;
  return {
    tip: tip && { height: tip.height, hash: tip.hash, at: iso(tip.atMs) },
    lastDeliveryAt: lastDeliveryAtMs === null ? null : iso(lastDeliveryAtMs),
    lagMs: tip && Math.max(0, now - tip.atMs),
    stalled: isStalled(status, now, basis),
    reorgs: {
      count: reorgs.count,
      deepest: reorgs.deepest,
      last: reorgs.last && lastReorg(reorgs.last),
    },
    unproven: unproven.map(({ height, hash, atMs, reason }) => ({ height, hash, at: iso(atMs), reason })),
    unprovenCount,
  };
}

const lastReorg = ({ atMs, ...moved }: Reorg) => ({ at: iso(atMs), ...moved });

const iso = (ms: number): string => new Date(ms).toISOString();

/** Whether nothing was delivered for `stallMs` while the node has a block higher than the highest that counts here. */
function isStalled(
  { tip, lastDeliveryAtMs }: IntakeStatus,
  now: number,
  { startedAtMs, nodeTip, stallMs }: StallBasis,
): boolean {
  const silentMs = now - Math.max(startedAtMs, lastDeliveryAtMs ?? 0);
  return silentMs >= stallMs && nodeTip !== undefined && nodeTip > (tip?.height ?? 0);
}
