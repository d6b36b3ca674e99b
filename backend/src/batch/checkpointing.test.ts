import { pino } from 'pino';
import { mint } from '../../test/support/madeFacts.js';
import { Aggregator } from '../analyzers/aggregator.js';
import { BlockIndex } from '../chain/blocks.js';
import type { LogEntry } from '../log/log.js';
import { Checkpointing, entriesBetween } from './checkpointing.js';

describe('checkpoints', () => {
  let lines: string[];
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  const entry: LogEntry = { kind: 'fact', fact: mint('1') };
  let now: number;
  beforeEach(() => {
    lines = [];
    now = 0;
  });

  /** Folds that reach a position by one commit, and a file whose writes end when told. */
  function harness(starting = false) {
    const blocks = new BlockIndex();
    const begun: { readonly seq: number; readonly end: (error?: Error) => void }[] = [];
    const file = {
      save: () =>
        new Promise<void>((resolve, reject) =>
          begun.push({ seq: blocks.seq, end: (error) => (error === undefined ? resolve() : reject(error)) }),
        ),
    };
    const checkpoints = new Checkpointing(file, { aggregator: new Aggregator(), blocks }, logger, () => now);
    const foldTo = (seq: number): Promise<void> | undefined => {
      blocks.record({ seq, term: 0, entries: [entry] });
      return checkpoints.folded(starting);
    };
    return { checkpoints, foldTo, begun };
  }
  const turn = (): Promise<void> => new Promise(setImmediate);

  it('are begun when one is due, and never two at a time', async () => {
    const { foldTo, begun } = harness();
    void foldTo(99_999);
    void foldTo(100_000);
    void foldTo(350_000);
    expect(begun.map(({ seq }) => seq)).toEqual([100_000]);
    begun[0]?.end();
    await turn();
    void foldTo(350_001);
    expect(begun.map(({ seq }) => seq)).toEqual([100_000, 350_001]);
  });

  it('tell when the one that is under way has ended, however it ends', async () => {
    const { foldTo, begun } = harness(true);
    expect(foldTo(99_999)).toBeUndefined();
    for (const [seq, error] of [
      [100_000, undefined],
      [250_000, new Error('no room')],
    ] as const) {
      const told: number[] = [];
      for (const more of [0, 1]) void foldTo(seq + more)?.then(() => told.push(more));
      await turn();
      expect(told).toEqual([]);
      begun.at(-1)?.end(error);
      await turn();
      expect(told).toEqual([0, 1]);
    }
    expect(begun).toHaveLength(2);
  });

  it('are begun after five minutes of fewer entries, but not of few', async () => {
    const { foldTo, begun } = harness();
    void foldTo(20_000);
    now = 299_999;
    void foldTo(20_001);
    expect(begun).toEqual([]);
    now = 300_000;
    void foldTo(20_002);
    expect(begun.map(({ seq }) => seq)).toEqual([20_002]);
    begun[0]?.end();
    await turn();
    now = 600_000;
    void foldTo(40_001);
    void foldTo(40_002);
    expect(begun.map(({ seq }) => seq)).toEqual([20_002, 40_002]);
  });

  it('end with one of all that is folded, after the one under way', async () => {
    const { checkpoints, foldTo, begun } = harness();
    void foldTo(100_000);
    void foldTo(100_001);
    const closed = checkpoints.close();
    await turn();
    expect(begun).toHaveLength(1);
    begun[0]?.end();
    await turn();
    expect(begun.map(({ seq }) => seq)).toEqual([100_000, 100_001]);
    begun[1]?.end();
    await closed;
    await checkpoints.close();
    expect(begun).toHaveLength(2);
  });

  it('that fail are told, and tried again when as many entries have come, or at the end', async () => {
    const { checkpoints, foldTo, begun } = harness();
    void foldTo(100_000);
    begun[0]?.end(new Error('the disk is full'));
    await turn();
    expect(lines.join('')).toMatch(/the disk is full.*checkpoint could not be written/);
    void foldTo(199_999);
    expect(begun).toHaveLength(1);
    void foldTo(200_000);
    begun[1]?.end(new Error('still'));
    await turn();
    expect(lines).toHaveLength(1);
    const closed = checkpoints.close();
    await turn();
    expect(begun).toHaveLength(3);
    begun[2]?.end();
    await closed;
    expect(lines.slice(1).join('')).toMatch(/checkpoint is written again/);
  });

  it('of a long log come more seldom, but never so seldom that a start takes long', () => {
    expect([0, 1_000_000, 5_000_000, 10_000_000, 100_000_000].map((saved) => entriesBetween(saved))).toEqual([
      100_000, 100_000, 100_000, 150_000, 250_000,
    ]);
  });

  it('come more seldom while a long log is folded at a start', async () => {
    const { foldTo, begun } = harness(true);
    for (let seq = 10_000; seq <= 1_000_000; seq += 10_000) {
      void foldTo(seq);
      begun.at(-1)?.end();
      await turn();
    }
    expect(begun.map(({ seq }) => seq)).toEqual([100_000, 200_000, 300_000, 450_000, 680_000]);
  });
});
