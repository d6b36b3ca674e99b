import TestSequencer from '@jest/test-sequencer';

/**
 * The order of the test files: those that take longest first, so that no worker is left with a long one while the others
 * have nothing more to do. jest knows how long files took only where it ran before; a fresh checkout is told here. Only
 * the time of a run depends on this list, not what it proves.
 */
const LONGEST = [
  'backend/test/crash/crash.test.ts',
  'backend/test/cluster/cluster.test.ts',
  'frontend/test/pages.test.ts',
  'backend/test/crash/damage.test.ts',
  'backend/test/simulation/simulation.test.ts',
  'frontend/test/states.test.ts',
  'backend/test/backup.test.ts',
  'frontend/test/narrowing.test.ts',
  'backend/test/cluster/large.test.ts',
  'backend/test/migrate.test.ts',
  'backend/test/cluster/viewers.test.ts',
  'frontend/test/overview.test.ts',
  'frontend/test/boards.test.ts',
  'backend/test/crash/shutdown.test.ts',
  'backend/test/badInput/badInput.test.ts',
  'backend/test/overload/slowClients.test.ts',
  'backend/src/log/mongoFaults.test.ts',
  'backend/test/predicateCare.test.ts',
  'backend/test/alerts/alerts.test.ts',
  'backend/test/properties/snapshots.test.ts',
  'frontend/test/alerts.test.ts',
  'backend/test/properties/metrics.test.ts',
  'backend/test/crash/rescan.test.ts',
  'backend/test/claims.test.ts',
  'backend/test/overload/overload.test.ts',
  'backend/test/reorgs/scenarios.test.ts',
  'backend/test/alerts/hours.test.ts',
  'backend/src/log/lmdb.test.ts',
  'backend/src/snapshots/scheduler.test.ts',
  'backend/src/log/mongo.test.ts',
  'backend/src/chain/intake.durability.test.ts',
  'backend/src/warehouse/duckdb.test.ts',
  'backend/test/crash/fullDisk.test.ts',
  'scripts/demo/demo.test.ts',
];

/** Place in the list; behind all of it for one that is not named. */
const placeOf = ({ path }) => {
  const place = LONGEST.findIndex((name) => path.endsWith(name));
  return place === -1 ? LONGEST.length : place;
};

export default class LongestFirst extends TestSequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => placeOf(one) - placeOf(other));
  }
}
