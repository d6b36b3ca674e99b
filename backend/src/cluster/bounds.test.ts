import { readConfig } from '../config.js';
import { silenceMs } from './forward.js';
import { FOLLOW_MS, LOOK_MS, RENEWALS } from './member.js';

/**
 * What is promised of a cluster within a time, as the sum of what is waited for at most: no clock is asked. What is left is
 * for the round trips to the database and the folds, which the long runs measure.
 */
const TAKEOVER_MS = 15_000;
const TOLD_MS = 1_000;
/** Of a majority far away, or of an election: the round trips of a claim. */
const CLAIM_MS = 4_000;
/** After which a commit is refused, and a call of the driver on which nothing comes. */
const [LOG_MS, DOCUMENTS_MS] = [8_000, 10_000];

const settings = { MONGODB_URI: 'mongodb://127.0.0.1/passportx', CHAINHOOK_MAX_WAIT_MS: '60000' };
const { cluster, chainhook } = readConfig(settings);
const leaseMs = cluster?.leaseMs ?? Number.NaN;
/** Looks come between two rounds of the loop. */
const lookMs = Math.min(LOOK_MS, leaseMs / RENEWALS) + FOLLOW_MS;

test('a standby takes over within 15 s of the death of a writer that has just renewed its lease', () => {
  expect(leaseMs + lookMs + CLAIM_MS).toBeLessThanOrEqual(TAKEOVER_MS);
});

test('a lease is looked at, and renewed, often enough that one failure costs it nothing', () => {
  expect(2 * (leaseMs / RENEWALS + FOLLOW_MS)).toBeLessThan(leaseMs);
});

test('a reader follows what the writer appends within half of the second in which its viewers are told', () => {
  expect(FOLLOW_MS).toBeLessThanOrEqual(TOLD_MS / 2);
});

test('what the writer tells with its lease, as of a link that is revoked, is looked for within a second', () => {
  // The writer's round, in which it renews with the news, and a look of the reader's.
  expect(FOLLOW_MS + lookMs).toBeLessThanOrEqual(TOLD_MS);
});

test('a writer that is alive is not taken for silent, however long it may let a call wait', () => {
  expect(chainhook.maxWaitMs).toBe(60_000);
  expect(() => readConfig({ ...settings, CHAINHOOK_MAX_WAIT_MS: '60001' })).toThrow('CHAINHOOK_MAX_WAIT_MS');
  expect(silenceMs(chainhook.maxWaitMs)).toBeGreaterThan(chainhook.maxWaitMs + LOG_MS + DOCUMENTS_MS);
});
