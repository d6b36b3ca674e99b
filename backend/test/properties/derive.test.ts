import fc from 'fast-check';
import { derive } from '../../src/batch/derive.js';
import { BlockIndex } from '../../src/chain/blocks.js';
import type { Change, Fact } from '../../src/events/fact.js';
import type { LogEntry } from '../../src/log/log.js';
import { factsAround } from '../generators/facts.js';
import { withStore } from './store.js';

/**
 * From the log to the changes that the folds see: whatever the log says of blocks and in whatever order, the facts that
 * have joined and not left are those of the blocks whose last entry is canonical.
 */
const NOW = Date.UTC(2026, 11, 31);
const HASHES = ['0x1', '0x2', '0x3', '0x4', '0x5'];

const blockEntries: fc.Arbitrary<LogEntry> = fc
  .tuple(fc.constantFrom(...HASHES), fc.boolean(), fc.boolean())
  .map(([hash, canonical, unproven]) => ({
    kind: 'block',
    hash,
    height: Number(hash),
    parent: `0x${Number(hash) - 1}`,
    atMs: NOW,
    canonical,
    ...(unproven && { unproven }),
    reason: 'applied',
  }));

/** Every fact once, block entries between them, cut into commits. */
const logs: fc.Arbitrary<LogEntry[][]> = fc
  .tuple(factsAround(NOW), fc.array(blockEntries, { maxLength: 20, size: 'max' }))
  .chain(([facts, blocks]) => {
    const entries = [...facts.map((fact): LogEntry => ({ kind: 'fact', fact })), ...blocks];
    return fc.tuple(
      fc.shuffledSubarray(entries, { minLength: entries.length }),
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: entries.length, maxLength: entries.length }),
    );
  })
  .map(([entries, sizes]) => {
    const commits: LogEntry[][] = [];
    for (let rest = entries; rest.length > 0; rest = rest.slice(sizes[commits.length - 1])) {
      commits.push(rest.slice(0, sizes[commits.length]));
    }
    return commits;
  });

function join(present: Map<string, Fact>, { fact, weight }: Change): void {
  if (present.has(fact.id) === (weight === 1)) throw new Error(`${fact.id} ${weight === 1 ? 'joins' : 'leaves'} twice`);
  if (weight === 1) present.set(fact.id, fact);
  else present.delete(fact.id);
}

function canonicalIn(entries: readonly LogEntry[]): Fact[] {
  const counts = (hash: string): boolean => {
    const last = entries.findLast((entry) => entry.kind === 'block' && entry.hash === hash);
    return last?.kind === 'block' && last.canonical;
  };
  return entries
    .flatMap((entry) => (entry.kind === 'fact' ? [entry.fact] : []))
    .filter(({ chain }) => chain === undefined || counts(chain.blockHash));
}

const byId = (facts: Iterable<Fact>): Fact[] => [...facts].sort((a, b) => (a.id < b.id ? -1 : 1));

describe('changes derived from the log', () => {
  it('leave exactly the facts of canonical blocks, none twice, also when read again from a checkpoint', async () => {
    await fc.assert(
      fc.asyncProperty(logs, fc.nat(100), (commits, percent) =>
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
