import { randomUUID } from 'node:crypto';
import { createConnection } from 'mongoose';
import { pino } from 'pino';
import { blockEntry } from '../../test/support/entries.js';
import { describeWithOwnMongo } from '../../test/support/describeMongo.js';
import { TestMongo } from '../../test/support/mongodb.js';
import { TcpProxy, commandOn } from '../../test/support/tcpProxy.js';
import { LogUnavailableError, StaleWriterError, type EventLog, type LogEntry } from './log.js';
import { Quarantine } from './quarantine.js';
import { openMongo, type MongoOptions, type MongoStore } from './mongo.js';

const logger = pino({ level: 'silent' });
const INSERT_COMMIT = commandOn('insert', 'commits');
const ALWAYS = Number.POSITIVE_INFINITY;
const largeEntry = (height: number, length: number): LogEntry => blockEntry(height, `${height} ${'x'.repeat(length)}`);

/** What is asked for in the turn of a refusal is refused with it. */
const afterRefusal = (): Promise<void> => new Promise(setImmediate);

async function entriesOf(log: EventLog): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const commit of log.read(0)) {
    expect(commit.seq).toBe(entries.length + 1);
    entries.push(...commit.entries);
  }
  expect(entries).toHaveLength(log.head);
  return entries;
}

describeWithOwnMongo('when MongoDB or the way to it fails', () => {
  let server: TestMongo;
  let proxy: TcpProxy;
  let database: string;
  let stores: MongoStore[];
  let terms: number;
  /** As the writer of a new term. */
  const open = async (port = server.port, options: Partial<MongoOptions> = {}): Promise<MongoStore> => {
    const store = await openMongo(server.uri(database, port), { logger, ...options });
    stores.push(store);
    await store.beginTerm((terms += 1));
    return store;
  };
  /** The log as it is in the database: who appended knows what it appended last. */
  const stored = async (): Promise<EventLog> => {
    const store = await openMongo(server.uri(database), { logger });
    stores.push(store);
    return store.log;
  };

  beforeAll(async () => {
    server = await TestMongo.startOwn();
    proxy = await TcpProxy.start(server.port);
  });
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });
  beforeEach(() => {
    database = `test_${randomUUID().slice(0, 8)}`;
    stores = [];
    terms = 0;
  });
  afterEach(async () => {
    proxy.mend();
    await Promise.all(stores.map((store) => store.close()));
    // FerretDB, restarted with more than some twenty of them, answers nothing.
    await server.drop(server.uri(database));
  });

  test.each(['lose', 'cut the answer'] as const)(
    'a commit whose connection breaks (%s) is acknowledged and is in the log once',
    async (fate) => {
      const { log } = await open(proxy.port);
      await log.append([blockEntry(1)]);
      const met = proxy.met;
      proxy.break({ needle: INSERT_COMMIT, fate, times: 1 });
      await expect(log.append([blockEntry(2), blockEntry(3)])).resolves.toEqual({ seq: 2, commitSeq: 2 });
      expect(proxy.met).toBe(met + 1);
      await expect(log.append([blockEntry(4)])).resolves.toEqual({ seq: 4, commitSeq: 4 });
      expect(await entriesOf((await open()).log)).toEqual([1, 2, 3, 4].map((height) => blockEntry(height)));
    },
  );

  test('a commit that never gets through is refused, and the log says so until it takes appends again', async () => {
    const { log } = await open(proxy.port, { giveUpMs: 3_000 });
    proxy.break({ needle: INSERT_COMMIT, fate: 'lose', times: ALWAYS });
    const refused = [log.append([blockEntry(1)]), log.append([blockEntry(2)])];
    await Promise.all(refused.map((append) => expect(append).rejects.toThrow(LogUnavailableError)));
    expect(log.failure).toBeDefined();
    expect(log.head).toBe(0);
    await proxy.quiet();
    proxy.mend();
    await afterRefusal();
    await expect(log.append([blockEntry(3)])).resolves.toEqual({ seq: 1, commitSeq: 1 });
    expect(log.failure).toBeUndefined();
    expect(await entriesOf(await stored())).toEqual([blockEntry(3)]);
  });

  test('a commit that gets through after it was refused ends the appends of this writer; opened anew, it is there once', async () => {
    const { log } = await open(proxy.port, { giveUpMs: 3_000 });
    proxy.break({ needle: INSERT_COMMIT, fate: 'hold', times: ALWAYS });
    await expect(log.append([blockEntry(1)])).rejects.toThrow(LogUnavailableError);
    await proxy.quiet();
    proxy.mend();
    await proxy.release();
    await expect(log.append([blockEntry(2)])).rejects.toThrow(
      new StaleWriterError('a commit of this writer, which was refused, stands at entry 1: the log must be read on'),
    );
    await proxy.release();
    await expect(log.append([blockEntry(3)])).rejects.toThrow(StaleWriterError);
    const { log: anew } = await open();
    await anew.append([blockEntry(4)]);
    expect(await entriesOf(await stored())).toEqual([blockEntry(1), blockEntry(4)]);
  });

  test('a second writer that appends ends the appends of the first, which has overwritten nothing', async () => {
    const first = (await open()).log;
    await first.append([blockEntry(1)]);
    const second = (await open()).log;
    const reign: LogEntry = { kind: 'term', term: 2, writer: 'b', atMs: 1_760_000_000_000 };
    await second.append([reign]);
    const late = [first.append([blockEntry(2)]), first.append([blockEntry(3)])];
    const reason = 'a commit of another writer, of term 2, stands at entry 2: the log must be read on';
    await Promise.all(late.map((append) => expect(append).rejects.toThrow(new StaleWriterError(reason))));
    expect(first.failure).toContain('another writer, of term 2');
    await second.append([blockEntry(4)]);
    expect(await entriesOf(await stored())).toEqual([blockEntry(1), reign, blockEntry(4)]);
    await expect(first.append([blockEntry(5)])).rejects.toThrow(StaleWriterError);
    expect(await (await stored()).commitAt(2)).toMatchObject({ seq: 2, term: 2, entries: [reign] });
  });

  test('a writer that another has followed finds it out when it is asked whether it still is one', async () => {
    const [first, second] = [(await open(proxy.port)).log, (await open()).log];
    await first.append([blockEntry(1)]);
    await first.confirm();
    await expect(second.confirm()).rejects.toThrow(StaleWriterError);
    const third = (await open()).log;
    await third.append([blockEntry(2)]);
    await expect(first.confirm()).rejects.toThrow(/another writer, of term 3, stands at entry 2/);
    await third.confirm();
  });

  test('a writer that cannot ask whether it still is one does not say so', async () => {
    const { log } = await open(proxy.port, { giveUpMs: 3_000 });
    await log.append([blockEntry(1)]);
    proxy.break({ needle: commandOn('find', 'commits'), fate: 'lose', times: ALWAYS });
    await expect(log.confirm()).rejects.toThrow(LogUnavailableError);
    proxy.mend();
    await log.confirm();
  });

  test('a server that says nothing is given up in the time of a commit, and what it kept of it is read on', async () => {
    const store = await open(proxy.port, { giveUpMs: 3_000 });
    const { log } = store;
    await log.append([blockEntry(1)]);
    // Past every timeout of the driver, which would end this with another reason.
    proxy.break({ needle: INSERT_COMMIT, fate: 'keep the answer', times: 1 });
    await expect(log.append([blockEntry(2)])).rejects.toThrow('it was silent for too long');
    await afterRefusal();
    await expect(log.append([blockEntry(3)])).rejects.toThrow(StaleWriterError);
    await store.endTerm();
    const followed: unknown[] = [];
    for await (const { entries } of log.follow()) followed.push(...entries);
    expect(followed).toEqual([blockEntry(2)]);
  });

  test('who reads on after a collision has what the other appended, and may begin a term of its own again', async () => {
    const [first, second] = [await open(), await open()];
    await second.log.append([blockEntry(1), blockEntry(2)]);
    await expect(first.log.append([blockEntry(9)])).rejects.toThrow(StaleWriterError);
    await first.endTerm();
    const followed: unknown[] = [];
    for await (const commit of first.log.follow()) followed.push(commit);
    expect(followed).toMatchObject([{ seq: 1, term: 2, entries: [blockEntry(1), blockEntry(2)] }]);
    await expect(first.log.append([blockEntry(9)])).rejects.toThrow(StaleWriterError);
    await first.beginTerm(3);
    await first.log.append([blockEntry(3)]);
    await expect(second.log.append([blockEntry(4)])).rejects.toThrow(StaleWriterError);
    expect(await entriesOf(await stored())).toEqual([1, 2, 3].map((height) => blockEntry(height)));
  });

  test('a document that a writer of an older term puts late replaces nothing newer and is refused, however large either is', async () => {
    const [first, second] = [await open(), await open()];
    const large = (text: string): string => text.repeat(400_000);
    await first.documents.put('days', 'a', 'old');
    await first.documents.put('days', 'b', large('old'));
    await second.documents.put('days', 'a', 'new');
    await second.documents.put('days', 'b', large('new'));
    const late = [
      () => first.documents.put('days', 'a', 'late'),
      () => first.documents.put('days', 'b', large('late')),
      () =>
        first.documents.putMany('days', [
          { id: 'z', value: 'late' },
          { id: 'a', value: 'late' },
        ]),
      () => first.documents.delete('days', 'a'),
    ];
    for (const write of late) await expect(write()).rejects.toThrow(StaleWriterError);
    expect(await second.documents.get('days', 'a')).toBe('new');
    expect((await second.documents.get('days', 'b')) === large('new')).toBe(true);
    // Of what is put together nothing is kept, however often it is tried.
    await expect(late[2]?.()).rejects.toThrow(StaleWriterError);
    expect(await second.documents.get('days', 'z')).toBeUndefined();
    // Where nobody was before it, it is there as it was promised, until the other has begun to write the log.
    await first.documents.put('days', 'y', 'late');
    expect(await second.documents.get('days', 'y')).toBe('late');
    expect(await first.documents.delete('days', 'x')).toBe(false);
    await second.log.append([{ kind: 'term', term: 2, writer: 'b', atMs: 1_760_000_000_000 }]);
    await expect(first.documents.put('days', 'v', 'too late')).rejects.toThrow(LogUnavailableError);
    await expect(first.documents.delete('days', 'y')).rejects.toThrow(LogUnavailableError);
    await second.documents.put('days', 'w', 'new');
    await first.endTerm();
    await expect(first.documents.put('days', 'c', 1)).rejects.toThrow(StaleWriterError);
  });

  test('a document that was deleted is not brought back by a put from before, of another writer or of the same', async () => {
    const first = await open(proxy.port);
    await first.documents.put('days', 'a', 'old');
    await first.documents.put('days', 'b', 'old');
    const second = await open();
    expect(await second.documents.delete('days', 'a')).toBe(true);
    await expect(first.documents.put('days', 'a', 'late')).rejects.toThrow(StaleWriterError);
    await expect(first.documents.delete('days', 'a')).rejects.toThrow(StaleWriterError);

    // A put whose request is still under way when its writer deletes the document, and one when there is none yet.
    const third = await open(proxy.port);
    for (const id of ['b', 'c']) {
      proxy.break({ needle: commandOn('update', 'documents'), fate: 'hold', times: ALWAYS });
      await expect(third.documents.put('days', id, 'late')).rejects.toThrow(LogUnavailableError);
      await proxy.quiet();
      proxy.mend();
      expect(await third.documents.delete('days', id)).toBe(id === 'b');
      // As often as the driver tried it.
      for (let held = 0; held < 2; held += 1) await proxy.release();
      expect(await third.documents.get('days', id)).toBeUndefined();
    }
    expect(await third.documents.list('days', { limit: 10 })).toEqual([]);
    expect([await third.documents.count('days'), await third.documents.collections()]).toEqual([0, []]);
    await third.documents.put('days', 'a', 'new');
    expect(await third.documents.list('days', { limit: 10 })).toEqual([{ id: 'a', value: 'new' }]);
  });

  test('of what was deleted a stamp is left for a day, and then nothing', async () => {
    const HOUR_MS = 3_600_000;
    let now = 1_760_000_000_000;
    const { documents } = await open(server.port, { clock: () => now });
    const connection = await createConnection(server.uri(database)).asPromise();
    const left = async (): Promise<string[]> => {
      const found = await connection.collection('documents').find().sort({ _id: 1 }).toArray();
      return found.map(({ _id }) => String(_id).replace('days\n', ''));
    };
    for (const id of ['a', 'b', 'kept']) await documents.put('days', id, 1);
    await documents.delete('days', 'a');
    now += 20 * HOUR_MS;
    await documents.delete('days', 'b');
    expect(await left()).toEqual(['a', 'b', 'kept']);
    now += 5 * HOUR_MS;
    await documents.delete('days', 'c');
    expect(await left()).toEqual(['b', 'c', 'kept']);
    await connection.close();
  });

  test('chunks of a put that failed go after a day, and those of what is there stay, also when it was put by an older writer', async () => {
    const HOUR_MS = 3_600_000;
    let now = 1_760_000_000_000;
    const clock = (): number => now;
    const large = (text: string): string => text.repeat(9_000_000);
    const kept = ['kept 1', 'kept 2'];
    const first = (await open(server.port, { clock })).documents;
    for (const id of kept) await first.put('days', id, large('k'));
    const { documents } = await open(proxy.port, { clock });
    const connection = await createConnection(server.uri(database)).asPromise();
    const left = async (): Promise<string[]> => {
      const found = await connection.collection('chunks').find().project({ document: 1 }).toArray();
      return [...new Set(found.map(({ document }) => String(document).replace('days\n', '')))].sort();
    };
    proxy.break({ needle: commandOn('update', 'documents'), fate: 'lose', times: ALWAYS });
    await expect(documents.put('days', 'failed', large('f'))).rejects.toThrow(LogUnavailableError);
    await proxy.quiet();
    proxy.mend();
    now += 20 * HOUR_MS;
    await documents.put('days', 'kept 2', large('n'));
    await documents.delete('days', 'x');
    // Its head may be on its way.
    expect(await left()).toEqual(['failed', ...kept]);
    now += 5 * HOUR_MS;
    await documents.deleteMany('days', ['x']);
    expect(await left()).toEqual(kept);
    now += 48 * HOUR_MS;
    await documents.put('days', 'another', large('a'));
    expect(await left()).toEqual(['another', ...kept]);
    expect((await documents.get('days', 'kept 1')) === large('k')).toBe(true);
    expect((await documents.get('days', 'kept 2')) === large('n')).toBe(true);
    await connection.close();
  });

  test('an item of quarantine that its writer could not remove, as another writes, is there for that one to remove', async () => {
    const first = await open();
    const [former, next] = [first, await open()].map(({ documents }) => new Quarantine(documents, () => 0)) as [
      Quarantine,
      Quarantine,
    ];
    await next.add({ source: 'chainhook', reason: 'odd', input: 'x'.repeat(300_000) });
    const [item] = (await former.list({ limit: 1 })).items;
    if (item === undefined) throw new Error('nothing is in quarantine');
    await expect(former.remove(item.id)).rejects.toThrow(StaleWriterError);
    expect(await next.get(item.id)).toMatchObject({ reason: 'odd', input: item.input });
    expect(await next.remove(item.id)).toBe(true);
    expect(await first.documents.collections()).toEqual([]);
  });

  test('what is counted of the quarantine is what is there, also after a change of which nobody knows whether it was made', async () => {
    const { documents } = await open(proxy.port);
    const quarantine = new Quarantine(documents, () => 0);
    const add = (input: string): Promise<void> => quarantine.add({ source: 'chainhook', reason: 'odd', input });
    await add('first');
    expect(await quarantine.count()).toBe(1);
    proxy.break({ needle: commandOn('update', 'documents'), fate: 'lose', times: 1 });
    await expect(add('second')).rejects.toThrow(LogUnavailableError);
    expect(await quarantine.count()).toBe(2);
    const { items } = await quarantine.list({ limit: 10 });
    expect(items.map(({ input }) => input).sort()).toEqual(['first', 'second']);
    proxy.break({ needle: commandOn('update', 'documents'), fate: 'cut the answer', times: 1 });
    await expect(quarantine.remove(items[0]?.id ?? '')).rejects.toThrow(LogUnavailableError);
    expect(await quarantine.count()).toBe(1);
  });

  test('a put together that arrives after it was settled is not made', async () => {
    const { documents } = await open(proxy.port);
    const both = ['a', 'b'].map((id) => ({ id, value: 'late' }));
    proxy.break({ needle: commandOn('update', 'journal'), fate: 'hold', times: ALWAYS });
    await expect(documents.putMany('days', both)).rejects.toThrow(LogUnavailableError);
    await proxy.quiet();
    proxy.mend();
    await documents.settle();
    // As often as the driver tried it.
    for (let held = 0; held < 2; held += 1) await proxy.release();
    await documents.settle();
    expect(await documents.list('days', { limit: 10 })).toEqual([]);
  });

  test('what is asked of a process whose term is over, or is ending, may be asked of the writer: nothing of it was kept', async () => {
    const { log, documents, endTerm } = await open();
    const written = log.append([blockEntry(1)]);
    const ending = endTerm();
    await expect(log.append([blockEntry(2)])).rejects.toThrow(StaleWriterError);
    await Promise.all([written, ending]);
    await expect(log.append([blockEntry(2)])).rejects.toThrow(StaleWriterError);
    await expect(documents.delete('days', 'a')).rejects.toThrow(StaleWriterError);
    expect(await entriesOf((await open()).log)).toEqual([blockEntry(1)]);
  });

  test('of two that put several documents together, the one whose journal was moved on keeps none', async () => {
    const [first, second] = [await open(), await open()];
    const two = (value: string): { id: string; value: string }[] => ['a', 'b'].map((id) => ({ id, value }));
    await second.documents.putMany('days', two('new'));
    await expect(first.documents.putMany('weeks', two('late'))).rejects.toThrow(StaleWriterError);
    expect(await second.documents.collections()).toEqual(['days']);
  });

  test('calls that are too large together are written apart; one that is too large alone is spread over several commits', async () => {
    const { log } = await open();
    const entries = Array.from({ length: 16 }, (_, i) => largeEntry(i + 1, 1_000_000));
    await Promise.all(entries.map((entry) => log.append([entry])));
    const alone = Array.from({ length: 30 }, (_, i) => largeEntry(i + 17, 1_000_000));
    await expect(log.append(alone)).resolves.toEqual({ seq: 17, commitSeq: 17, furtherCommits: [25, 32, 40] });
    await expect(log.append([largeEntry(47, 13_000_000)])).rejects.toThrow(/one entry has 13\d+ bytes/);
    await afterRefusal();
    await expect(log.append([blockEntry(47)])).resolves.toEqual({ seq: 47, commitSeq: 47 });
    expect(await entriesOf(await stored())).toEqual([...entries, ...alone, blockEntry(47)]);
  });

  test('a call that ends between two of its commits is refused, and what of it stands in the log is read on', async () => {
    const store = await open(proxy.port, { giveUpMs: 3_000 });
    const { log } = store;
    await log.append([blockEntry(1)]);
    const alone = Array.from({ length: 14 }, (_, i) => largeEntry(i + 2, 1_000_000));
    proxy.break({ needle: INSERT_COMMIT, fate: 'lose', times: ALWAYS, after: 1 });
    const refused = [log.append(alone), log.append([blockEntry(9)])];
    await Promise.all(refused.map((append) => expect(append).rejects.toThrow(StaleWriterError)));
    await proxy.quiet();
    proxy.mend();
    expect([log.head, log.failure]).toEqual([1, expect.stringContaining('stands at entry 2')]);
    await store.endTerm();
    const followed: LogEntry[] = [];
    for await (const commit of log.follow()) followed.push(...commit.entries);
    expect(followed).toEqual(alone.slice(0, 7));
    await store.beginTerm((terms += 1));
    await expect(log.append(alone.slice(7))).resolves.toEqual({ seq: 9, commitSeq: 9 });
    expect(await entriesOf(await stored())).toEqual([blockEntry(1), ...alone]);
  });

  test('a database that a newer version made stops the start', async () => {
    await open();
    const connection = await createConnection(server.uri(database)).asPromise();
    await connection.collection('versions').updateOne({}, { $set: { version: 99 } });
    await connection.close();
    await expect(open()).rejects.toThrow('of schema version 99, this service knows up to 2: update the service');
  });

  test('a start that breaks off says so in a line, and what of it arrives late lowers no version', async () => {
    await open();
    for (const needle of [commandOn('find', 'versions'), commandOn('createIndexes', 'chunks')]) {
      proxy.break({ needle, fate: 'lose', times: ALWAYS });
      await expect(open(proxy.port)).rejects.toThrow(LogUnavailableError);
    }
    proxy.break({ needle: commandOn('update', 'versions'), fate: 'hold', times: 1 });
    await expect(open(proxy.port)).rejects.toThrow(LogUnavailableError);
    const connection = await createConnection(server.uri(database)).asPromise();
    const versions = connection.collection('versions');
    await versions.updateOne({}, { $set: { version: 99 } });
    await proxy.release();
    const [stored] = await versions.find().toArray();
    await connection.close();
    expect(stored).toMatchObject({ version: 99 });
  });

  test('a server that is not there is named as such', async () => {
    const { port } = proxy;
    await proxy.stop();
    await expect(open(port)).rejects.toThrow('MongoDB cannot be reached');
    proxy = await TcpProxy.start(server.port);
  });

  describe('while documents are put together', () => {
    const three = ['a', 'b', 'c'].map((id) => ({ id, value: `new ${id}` }));
    const found = ({ documents }: MongoStore): Promise<unknown> => documents.list('days', { limit: 10 });

    test.each([
      ['before they are in the journal', commandOn('update', 'journal'), false],
      ['before any is made', commandOn('update', 'documents'), true],
    ])('%s: after a new start either all of them are there or none', async (_when, needle, areKept) => {
      const store = await open(proxy.port);
      await store.documents.put('days', 'a', 'old');
      proxy.break({ needle, fate: 'lose', times: ALWAYS });
      await expect(store.documents.putMany('days', three)).rejects.toThrow(LogUnavailableError);
      const old = [{ id: 'a', value: 'old' }];
      expect(await found(store)).toEqual(old);
      await proxy.quiet();
      proxy.mend();
      expect(await found(await open())).toEqual(areKept ? three : old);
    });

    test.each([
      ['before that is in the journal', commandOn('update', 'journal'), false],
      ['before any is', commandOn('update', 'documents'), true],
    ])('or deleted together, %s: all of them are there or none', async (_when, needle, areGone) => {
      const store = await open(proxy.port);
      await store.documents.putMany('days', three);
      proxy.break({ needle, fate: 'lose', times: ALWAYS });
      await expect(store.documents.deleteMany('days', ['a', 'b'])).rejects.toThrow(LogUnavailableError);
      expect(await found(store)).toEqual(three);
      await proxy.quiet();
      proxy.mend();
      expect(await found(await open())).toEqual(areGone ? three.slice(2) : three);
    });

    test('the next put of the same process finishes them first', async () => {
      const store = await open(proxy.port);
      proxy.break({ needle: commandOn('update', 'documents'), fate: 'lose', times: 1 });
      await expect(store.documents.putMany('days', three)).rejects.toThrow(LogUnavailableError);
      await store.documents.put('days', 'b', 'newer');
      expect(await found(store)).toEqual(three.map(({ id, value }) => ({ id, value: id === 'b' ? 'newer' : value })));
    });
  });

  test('a server that is killed again and again under load loses nothing acknowledged and leaves no hole', async () => {
    // However long the server takes to be back on a busy machine.
    const { log } = await open(server.port, { giveUpMs: 60_000 });
    const acknowledged = new Map<number, LogEntry>();
    let height = 0;
    let isOver = false;
    const appendOn = async (): Promise<void> => {
      while (!isOver) {
        const entry = blockEntry((height += 1));
        const { seq } = await log.append([entry]);
        acknowledged.set(seq, entry);
      }
    };
    const load = Promise.all(Array.from({ length: 8 }, appendOn));
    for (let kills = 0; kills < 3; kills += 1) {
      const before = acknowledged.size;
      // `load` ends only by failing, which must end this too.
      while (acknowledged.size < before + 50)
        await Promise.race([load, new Promise((resolve) => setTimeout(resolve, 5))]);
      await server.kill();
      await server.restart();
    }
    isOver = true;
    await load;
    const entries = await entriesOf((await open()).log);
    expect(entries).toHaveLength(height);
    for (const [seq, entry] of acknowledged) expect(entries[seq - 1]).toEqual(entry);
  });
});
