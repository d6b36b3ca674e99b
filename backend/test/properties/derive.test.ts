import fc from 'fast-check';
import { derive } from '../../src/batch/derive.js';
import { BlockIndex } from '../../src/chain/blocks.js';
import type { Change, Fact } from '../../src/events/fact.js';
import { canonicalIn, logsAround } from '../generators/logs.js';
import { withStore } from './store.js';

/**
 * From the log to the changes that the folds see: whatever the log says of blocks and in whatever order, the facts that
 * have joined and not left are those of the blocks whose last entry is canonical.
 */
const NOW = Date.UTC(2026, 11, 31);

function join(present: Map<string, Fact>, { fact, weight }: Change): void {
  if (present.has(fact.id) === (weight === 1)) throw new Error(`${fact.id} ${weight === 1 ? 'joins' : 'leaves'} twice`);
  if (weight === 1) present.set(fact.id, fact);
  else present.delete(fact.id);
}

const byId = (facts: Iterable<Fact>): Fact[] => [...facts].sort((a, b) => (a.id < b.id ? -1 : 1));

describe('changes derived from the log', () => {
  it('leave exactly the facts of canonical blocks, none twice, also when read again from a checkpoint', async () => {
    await fc.assert(
      fc.asyncProperty(logsAround(NOW), fc.nat(100), (commits, percent) =>
        withStore(async ({ log }) => {
          for (const entries of commits) await log.append(entries);
          const present = new Map<string, Fact>();
          const checkpointAt = Math.floor((commits.length * percent) / 100);
          let blocks = new BlockIndex();
          let read = 0;
          for await (const commit of log.read(0)) {
            if (read === checkpointAt) blocks = BlockIndex.load(structuredClone(blocks.dump()));
            for (const change of (await derive(commit, blocks, log)).changes) join(present, change);
            read += 1;
            const sofar = commits.slice(0, read).flat();
            expect(byId(present.values())).toEqual(byId(canonicalIn(sofar)));
          }
        }),
      ),
      { numRuns: 200 },
    );
  });
});
