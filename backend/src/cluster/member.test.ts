import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { StoreChangedError } from '../log/changed.js';
import type { Claim, Lease } from '../log/leases.js';
import { LogUnavailableError } from '../log/log.js';
import { Member, type MemberOptions } from './member.js';
import type { Duties } from './membership.js';

/** A process whose database, a stand-in here, answers when it is asked about the lease, or does not. */
describe('a writer that cannot renew its lease', () => {
  const LEASE_MS = 1_000;
  let member: Member;
  let database: 'answers' | 'is silent' | 'is away' | 'says that another has it';
  /** Seqs that were followed. */
  let followed: number[];
  /** How many things were told to the others, and reached them. */
  let reached: number;
  /** Whether there is something that was not told. */
  let hasNews: boolean;
  /** Ends what the writer did; by itself unless a test waits. */
  let cease: (() => void) | undefined;
  /** Answers the renewal that waits in silence. */
  let answer: (isOurs: boolean) => void;
  let taken: number[];
  /** How often the lease was looked at, and renewed. */
  let looks: number;
  let renewals: number;
  let done: string[];
  let said: string[];
  /** Whether it holds a part of a store that is being copied into it. */
  let isPart: boolean;
  /** Thrown by whoever is to take what another process appended. */
  let untaken: Error | undefined;
  /** Whether what others have appended comes faster than it is followed. */
  let isEndless: boolean;
  /** Thrown when the database is asked whether it is the one that was opened. */
  let changed: Error | undefined;
  let ended: Error[];
  beforeEach(async () => {
    said = [];
    untaken = changed = undefined;
    ended = [];
    isEndless = false;
    isPart = false;
    database = 'answers';
    answer = () => undefined;
    taken = [];
    looks = renewals = 0;
    done = [];
    followed = [];
    reached = 0;
    hasNews = false;
    cease = undefined;
    member = new Member({
      store: store(),
      role: 'writer',
      leaseMs: LEASE_MS,
      clock: () => 0,
      logger: pino({ base: null, timestamp: false }, { write: (line: string) => void said.push(line) }),
    });
    member.start('http://here', duties());
    await until(() => member.part === 'writer');
  });
  afterEach(async () => {
    isEndless = false;
    database = 'answers';
    answer(true);
    cease?.();
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

  test('follows the next writer while what it did itself has not ended, and writes again only then', async () => {
    cease = () => undefined;
    database = 'says that another has it';
    await until(() => followed.length > 0);
    expect(done).toEqual(['reign', 'end of term']);
    database = 'answers';
    await sleep(2 * LEASE_MS);
    expect(taken).toEqual([1]);
    cease();
    cease = undefined;
    await until(() => member.part === 'writer');
    expect([taken, done]).toEqual([
      [1, 2],
      ['reign', 'end of term', 'abdicate', 'reign'],
    ]);
  });

  test('that ends in order gives its lease back last, when it writes no more and what it did has ended', async () => {
    await member.stop();
    // The next writer takes it at its next look, instead of when it has run out.
    expect([done[0], done.slice(1, 3).sort(), done.slice(3)]).toEqual([
      'reign',
      ['abdicate', 'end of term'],
      ['released 1'],
    ]);
  });

  test('that ends in order tells first what it has not told yet', async () => {
    const before = reached;
    hasNews = true;
    await member.stop();
    expect([reached, done.at(-1)]).toEqual([before + 1, 'released 1']);
  });

  test('takes neither the log nor the lease of a database that holds a part of a store, and says so once', async () => {
    isPart = true;
    database = 'says that another has it';
    await until(() => member.failure?.includes('npm run migrate') === true);
    // It may have followed before it looked.
    const seen = followed.length;
    database = 'answers';
    await sleep(2 * LEASE_MS);
    expect([member.part, taken, followed.length]).toEqual(['standby', [1], seen]);
    expect(said.filter((line) => line.includes('the database is not whole'))).toHaveLength(1);
    isPart = false;
    await until(() => member.part === 'writer');
    expect([taken, member.failure]).toEqual([[1, 2], undefined]);
  });

  test('that follows another is not ready while the database says nothing, long before that is given up', async () => {
    database = 'says that another has it';
    cease = () => undefined;
    await until(() => followed.length > 0 && member.failure === undefined);
    database = 'is silent';
    await until(() => member.failure === 'MongoDB has not answered for 3 s');
    database = 'says that another has it';
    answer(true);
    await until(() => member.failure === undefined);
    expect([member.part, taken]).toEqual(['standby', [1]]);
  });

  test('that is far behind looks at the lease in time, and takes it only at the end of the log', async () => {
    isEndless = true;
    database = 'says that another has it';
    await until(() => looks > 0 && followed.length > 0);
    database = 'answers';
    const before = looks;
    await until(() => looks > before + 2);
    expect([member.part, taken]).toEqual(['standby', [1]]);
    isEndless = false;
    await until(() => member.part === 'writer');
    expect(taken).toEqual([1, 2]);
  });

  test.each([
    ['writes', 'answers'],
    ['follows another', 'says that another has it'],
  ] as const)('ends when it %s and its database is not the one any longer that it opened', async (_does, state) => {
    // Whoever follows does not write again meanwhile.
    cease = state === 'answers' ? undefined : () => undefined;
    database = state;
    await until(() => (state === 'answers' ? member.part === 'writer' : followed.length > 0));
    changed = new StoreChangedError('of a newer version');
    await until(() => ended.length > 0);
    // At once, though its lease has not run out.
    expect(member.part).toBe('standby');
    const before = [followed.length, renewals];
    await sleep(2 * LEASE_MS);
    expect([ended, taken, followed.length, renewals]).toEqual([[changed], [1], ...before]);
  });

  test('takes for told only what was renewed with', async () => {
    expect(reached).toBe(1);
    database = 'is away';
    await until(() => member.part === 'standby');
    expect(reached).toBe(1);
    database = 'answers';
    await until(() => member.part === 'writer');
    expect(reached).toBe(2);
  });

  test('says once whether it is the database that does not answer, or what is in it that cannot be taken', async () => {
    const failures = (): unknown[] =>
      said
        .map((line) => JSON.parse(line) as { level: number; msg: string; reason?: string; err?: { message: string } })
        .filter(({ msg }) => / does not answer|cannot be taken|is followed again/.test(msg))
        .map(({ msg, reason, err }) => [msg, reason ?? err?.message]);
    untaken = new Error('no such fold');
    database = 'says that another has it';
    await until(() => failures().length === 1);
    await until(() => member.failure === 'no such fold');
    database = 'is away';
    await until(() => failures().length === 2);
    untaken = undefined;
    database = 'answers';
    await until(() => failures().length === 3);
    expect(failures()).toEqual([
      ['what is in the database cannot be taken: it is tried again', 'no such fold'],
      ['MongoDB does not answer: it is asked on', 'it is away'],
      ['the database is followed again', undefined],
    ]);
  });

  function store(): MemberOptions['store'] {
    let lease: Lease | undefined;
    const ask = <T>(value: () => T): Promise<T> =>
      database === 'is away' ? Promise.reject(new LogUnavailableError('it is away')) : Promise.resolve(value());
    const part = {
      log: {
        ...{ head: 0, lastTerm: 0 },
        watch: () => () => Promise.resolve(),
        // What others have appended, in their reign alone.
        follow: async function* (mayGoOn: () => boolean) {
          while (isEndless || database === 'says that another has it') {
            yield { seq: 2, term: 2, entries: [] };
            if (!isEndless || !mayGoOn()) return;
            await sleep(1);
          }
        },
        append: () => Promise.resolve({ seq: 1, commitSeq: 1 }),
      },
      documents: { get: () => ask(() => (isPart ? true : undefined)) },
      leases: {
        look: async () => {
          looks += 1;
          if (database === 'is silent') await new Promise((resolve) => (answer = resolve));
          return ask(() => lease);
        },
        take: (_seen: unknown, term: number, { holder, url, word }: Claim) =>
          ask(() => {
            taken.push(term);
            lease = { term, holder, url, word, renewedAt: new Date(0), isFree: false };
            return true;
          }),
        renew: () => {
          renewals += 1;
          return database === 'is silent'
            ? new Promise<boolean>((resolve) => (answer = resolve))
            : ask(() => database !== 'says that another has it');
        },
        release: (term: number) => ask(() => void done.push(`released ${term}`)),
      },
      needSame: () => (changed === undefined ? Promise.resolve() : Promise.reject(changed)),
      beginTerm: () => Promise.resolve(),
      endTerm: () => Promise.resolve(void done.push('end of term')),
    };
    return part as unknown as MemberOptions['store'];
  }

  function duties(): Duties {
    return {
      follow: ({ seq }) => (untaken === undefined ? Promise.resolve(void followed.push(seq)) : Promise.reject(untaken)),
      hear: () => undefined,
      reign: () => void done.push('reign'),
      abdicate: async () => {
        if (cease !== undefined) await new Promise<void>((resolve) => (cease = resolve));
        done.push('abdicate');
      },
      end: (reason) => void ended.push(reason),
      told: () => {
        reached += 1;
        hasNews = false;
      },
      tell: () => ({}) as ReturnType<Duties['tell']>,
      get hasNews() {
        return hasNews;
      },
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
