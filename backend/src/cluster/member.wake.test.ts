import { pino } from 'pino';
import type { MemberOptions } from './member.js';
import { Member } from './member.js';
import type { Duties } from './membership.js';

/** A poll that never comes: a pause ends when it is broken off, and not before. */
jest.mock('node:timers/promises', () => ({
  setTimeout: (_ms: number, _value: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('broken off')))),
}));

test('a reader that is told by a change stream follows at once, and not at the next poll', async () => {
  let appended: () => void = () => undefined;
  let rounds = 0;
  let toFollow: number[] = [];
  const store = {
    log: {
      head: 0,
      watch: (onAppended: () => void) => {
        appended = onAppended;
        return () => Promise.resolve();
      },
      follow: () => {
        rounds += 1;
        return toFollow.splice(0).map((seq) => ({ seq, term: 1, entries: [] }));
      },
    },
    documents: { get: () => Promise.resolve(undefined) },
    leases: { look: () => Promise.resolve(undefined) },
    needSame: () => Promise.resolve(),
  } as unknown as MemberOptions['store'];
  const followed: number[] = [];
  const duties = {
    follow: ({ seq }: { seq: number }) => Promise.resolve(void followed.push(seq)),
  } as unknown as Duties;
  const logger = pino({ level: 'silent' });
  const member = new Member({ store, role: 'reader', leaseMs: 10_000, clock: () => 0, logger });
  member.start('', duties);
  await turns();
  expect([rounds, followed]).toEqual([1, []]);

  toFollow = [1];
  appended();
  await turns();
  expect(followed).toEqual([1]);
  // Also while a round is under way: it may have looked already.
  appended();
  appended();
  toFollow = [2];
  await turns();
  expect(followed).toEqual([1, 2]);
  const before = rounds;
  await turns();
  expect(rounds).toBe(before);
  await member.stop();
});

/** Until all that waits for nothing has been done. */
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
};
