import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import type { Claim, Lease } from '../log/leases.js';
import { LogUnavailableError } from '../log/log.js';
import { Member, type MemberOptions } from './member.js';
import type { Duties } from './membership.js';

/** A process whose database, a stand-in here, answers when it is asked about the lease, or does not. */
describe('a writer that cannot renew its lease', () => {
  const LEASE_MS = 1_000;
  let member: Member;
  let database: 'answers' | 'is silent' | 'is away';
  /** Answers the renewal that waits in silence. */
  let answer: (isOurs: boolean) => void;
  let taken: number[];
  let done: string[];
  beforeEach(async () => {
    database = 'answers';
    answer = () => undefined;
    taken = [];
    done = [];
    member = new Member({
      store: store(),
      role: 'writer',
      leaseMs: LEASE_MS,
      clock: () => 0,
      logger: pino({ level: 'silent' }),
    });
    member.start('http://here', duties());
    await until(() => member.part === 'writer');
  });
  afterEach(async () => {
    database = 'answers';
    answer(true);
    await member.stop();
  });

  test('does not serve once it has run out, and does again when it turns out that nobody took it', async () => {
    database = 'is silent';
    await until(() => member.part === 'standby');
    expect(await member.writer(0)).toBeUndefined();
    expect(member.failure).toBe('the lease of this writer ran out unrenewed');
    const waiting = member.writer(60_000);
    database = 'answers';
    answer(true);
    expect(await waiting).toBe('self');
    expect([member.part, member.failure, taken, done]).toEqual(['writer', undefined, [1], ['reign']]);
  });

  test('gives up its term once it has run out, and begins another when it can', async () => {
    database = 'is away';
    await until(() => done.length === 3);
    expect(done).toEqual(['reign', 'abdicate', 'end of term']);
    expect([member.part, member.failure]).toEqual(['standby', 'it is away']);
    expect(await member.writer(0)).toBeUndefined();
    database = 'answers';
    expect(await member.writer(60_000)).toBe('self');
    expect(taken).toEqual([1, 2]);
  });

  function store(): MemberOptions['store'] {
    let lease: Lease | undefined;
    const ask = <T>(value: () => T): Promise<T> =>
      database === 'is away' ? Promise.reject(new LogUnavailableError('it is away')) : Promise.resolve(value());
    const part = {
      log: {
        ...{ head: 0, lastTerm: 0 },
        watch: () => () => Promise.resolve(),
        // Nothing that others have appended.
        follow: () => [],
        append: () => Promise.resolve({ seq: 1, commitSeq: 1 }),
      },
      leases: {
        look: () => ask(() => lease),
        take: (_seen: unknown, term: number, { holder, url, word }: Claim) =>
          ask(() => {
            taken.push(term);
            lease = { term, holder, url, word, renewedAt: new Date(0), isFree: false };
            return true;
          }),
        renew: () =>
          database === 'is silent' ? new Promise<boolean>((resolve) => (answer = resolve)) : ask(() => true),
        release: () => Promise.resolve(),
      },
      beginTerm: () => Promise.resolve(),
      endTerm: () => Promise.resolve(void done.push('end of term')),
    };
    return part as unknown as MemberOptions['store'];
  }

  function duties(): Duties {
    return {
      follow: () => Promise.resolve(),
      hear: () => undefined,
      reign: () => void done.push('reign'),
      abdicate: () => Promise.resolve(void done.push('abdicate')),
      tell: () => ({}) as ReturnType<Duties['tell']>,
      hasNews: false,
    };
  }
});

async function until(isSo: () => boolean): Promise<void> {
  const giveUpAtMs = Date.now() + 30_000;
  while (!isSo()) {
    if (Date.now() > giveUpAtMs) throw new Error(`it did not come to this: ${String(isSo)}`);
    await sleep(10);
  }
}
