import { EventEmitter } from 'node:events';
import { pino } from 'pino';
import { blockEntry } from '../../test/support/entries.js';
import { DEFAULT_APPEND_LIMITS } from './appendQueue.js';
import { encodeCommit } from './codec.js';
import { MongoLog } from './mongoLog.js';

/** A collection with change streams, in place of a server that has them: those of the tests have none. */
class Stream extends EventEmitter {
  closed = 0;

  close(): Promise<void> {
    this.closed += 1;
    return Promise.reject(new Error('it was closed by the server'));
  }
}

const found = <T>(value: T) => {
  const query = { sort: () => query, select: () => query, lean: () => Promise.resolve(value) };
  return query;
};

test('a change wakes whoever watches; a stream that fails wakes nobody, and the log is followed without it', async () => {
  const stream = new Stream();
  const record = encodeCommit(1, [blockEntry(1)]);
  const commits = {
    findOne: () => found(null),
    findById: (_id: number) => found(_id === 1 ? { _id, term: 1, nonce: '', count: 1, entries: record } : null),
    watch: () => stream,
  };
  const log = await MongoLog.open(commits as unknown as Parameters<typeof MongoLog.open>[0], {
    ...{ limits: DEFAULT_APPEND_LIMITS, giveUpMs: 1_000, maxRecordBytes: 1_000 },
    logger: pino({ level: 'silent' }),
  });
  let woken = 0;
  const unwatch = log.watch(() => (woken += 1));
  stream.emit('change', { documentKey: { _id: 1 } });
  expect(woken).toBe(1);
  stream.emit('error', new Error('the change stream is not supported'));
  await new Promise(setImmediate);
  expect([woken, stream.closed]).toEqual([1, 1]);
  const followed: unknown[] = [];
  for await (const { entries } of log.follow()) followed.push(...entries);
  expect(followed).toEqual([blockEntry(1)]);
  await unwatch();
});
