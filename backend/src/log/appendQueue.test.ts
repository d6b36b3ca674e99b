import { setImmediate as turn } from 'node:timers/promises';
import { pino } from 'pino';
import { blockEntry } from '../../test/support/entries.js';
import { AppendQueue, DEFAULT_APPEND_LIMITS } from './appendQueue.js';
import { LogUnavailableError, type LogEntry } from './log.js';

/** What the queue itself promises of refusals; the rest is in the contract of the logs, which append through it. */
describe('when a group could not be written', () => {
  const written: LogEntry[] = [];
  let full = false;
  const queue = new AppendQueue(0, DEFAULT_APPEND_LIMITS, pino({ level: 'silent' }), async (take) => {
    const entries = take(1);
    await turn();
    if (full) throw new Error('the disk is full');
    written.push(...entries);
    return [];
  });
  beforeEach(() => {
    full = true;
    written.length = 0;
  });

  it('nothing is taken before all who were refused can have heard of it: it may build on what was lost', async () => {
    const lost = queue.append([blockEntry(1)]);
    // Before any of its own hops: as a decision that was being made when the refusal came.
    const built = lost.catch(() => {
      full = false;
      return queue.append([blockEntry(2)]);
    });
    await expect(lost).rejects.toThrow(LogUnavailableError);
    await expect(built).rejects.toThrow('the disk is full');
    expect(written).toEqual([]);
  });

  it('what is asked for afterwards is taken', async () => {
    await expect(queue.append([blockEntry(1)])).rejects.toThrow('the disk is full');
    full = false;
    await turn();
    const { head } = queue;
    expect(await queue.append([blockEntry(2)])).toEqual({ seq: head + 1, commitSeq: head + 1 });
    expect(written).toEqual([blockEntry(2)]);
  });
});
