import { GRACE_MS, Readiness, type ReadinessParts } from './readiness.js';

/** A process of a cluster that follows, whose log has 10,000 entries, in batches of 50. */
describe('a process that follows another', () => {
  let now: number;
  let parts: { -readonly [Part in keyof ReadinessParts]: ReadinessParts[Part] };
  let readiness: Readiness;
  const follows = { part: 'reader', failure: undefined } as const;
  beforeEach(() => {
    now = 0;
    parts = {
      log: { failure: undefined },
      membership: follows,
      processor: { position: 10_000, waiting: 0 },
      head: () => 10_000,
      batchSize: 50,
      started: () => true,
      stopwatch: () => now,
    };
    readiness = new Readiness(parts);
  });

  test('tells viewers nothing while it folds the log, be it for the first time or anew', () => {
    parts.started = () => false;
    parts.processor = { position: 4_000, waiting: 0 };
    expect(readiness.refusal()).toBe('the log is being folded; 6000 entries are not folded yet');
    parts.started = () => true;
    expect(readiness.refusal()).toBe('6000 entries are not folded yet');
    parts.processor = { position: 9_000, waiting: 0 };
    expect([readiness.now().ready, readiness.refusal()]).toEqual([true, undefined]);
  });

  test.each<[string, Partial<ReadinessParts>]>([
    ['1001 entries are not folded yet', { head: () => 11_001 }],
    ['the log cannot be followed: it is away', { membership: { part: 'standby', failure: 'it is away' } }],
  ])('goes on for a while when %s, then turns viewers away until it has caught up', (reason, trouble) => {
    expect(readiness.refusal()).toBeUndefined();
    const before = { ...parts };
    Object.assign(parts, trouble);
    now += GRACE_MS - 1;
    expect([readiness.now().reasons, readiness.refusal()]).toEqual([[reason], undefined]);
    now += 1;
    expect(readiness.refusal()).toBe(reason);
    Object.assign(parts, before);
    expect(readiness.refusal()).toBeUndefined();
  });

  test('answers viewers whatever its state once it writes, as one that has a store to itself does', () => {
    parts.started = () => false;
    parts.membership = { part: 'writer', failure: undefined };
    expect([readiness.now().ready, readiness.refusal()]).toEqual([false, undefined]);
  });
});
