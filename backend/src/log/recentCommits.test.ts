import { mint } from '../../test/support/madeFacts.js';
import type { Commit } from './log.js';
import { RecentCommits } from './recentCommits.js';

const commit = (seq: number, entries: number): Commit => ({
  seq,
  term: 0,
  entries: Array.from({ length: entries }, (_, index) => ({ kind: 'fact', fact: mint(String(seq + index)) })),
});

describe('the commits appended last', () => {
  const kept = (recent: RecentCommits, seqs: readonly number[]): number[] =>
    seqs.filter((seq) => recent.get(seq)?.seq === seq);

  it('are kept up to 20,000 entries, the oldest given up first', () => {
    const recent = new RecentCommits();
    recent.add(commit(1, 9_000));
    recent.add(commit(9_001, 11_000));
    expect(kept(recent, [1, 2, 9_001])).toEqual([1, 9_001]);
    recent.add(commit(20_001, 1));
    expect(kept(recent, [1, 9_001, 20_001])).toEqual([9_001, 20_001]);
  });

  it('do not hold one that is larger than all that may be kept', () => {
    const recent = new RecentCommits();
    recent.add(commit(1, 5));
    recent.add(commit(6, 20_001));
    recent.add(commit(20_007, 5));
    expect(kept(recent, [1, 6, 20_007])).toEqual([20_007]);
  });

  it('are given up when they are older than five seconds, with the next commit', () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(0);
    try {
      const recent = new RecentCommits();
      recent.add(commit(1, 5));
      now.mockReturnValue(5_000);
      recent.add(commit(6, 5));
      expect(kept(recent, [1, 6])).toEqual([1, 6]);
      now.mockReturnValue(5_001);
      recent.add(commit(11, 5));
      expect(kept(recent, [1, 6, 11])).toEqual([6, 11]);
    } finally {
      now.mockRestore();
    }
  });
});
