import type { IntakeStatus } from './intake.js';
import { chainStatus } from './status.js';

const NOTHING: IntakeStatus = {
  tip: null,
  lastDeliveryAtMs: null,
  reorgs: { count: 0, deepest: 0, last: null },
  unproven: [],
  unprovenCount: 0,
  queued: 0,
};
const AT_100: IntakeStatus = { ...NOTHING, tip: { height: 100, hash: '0x1', atMs: 0 }, lastDeliveryAtMs: 50_000 };
const basis = { startedAtMs: 20_000, nodeTip: 101, stallMs: 10_000 };

test.each([
  ['a delivery less than the limit ago', AT_100, 59_999, basis, false],
  ['none for as long as the limit, and the node has a higher block', AT_100, 60_000, basis, true],
  ['the node has no higher block', AT_100, 99_000, { ...basis, nodeTip: 100 }, false],
  ['no node tells of its blocks', AT_100, 99_000, { ...basis, nodeTip: undefined }, false],
  ['no delivery yet, the process has just started', NOTHING, 29_999, basis, false],
  ['no delivery since the start, which is the limit ago', NOTHING, 30_000, basis, true],
])('stalled or not: %s', (_, status, now, basisOf, stalled) => {
  expect(chainStatus(status, now, basisOf).stalled).toBe(stalled);
});
