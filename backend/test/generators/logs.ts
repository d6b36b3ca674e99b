import fc from 'fast-check';
import type { Fact } from '../../src/events/fact.js';
import type { LogEntry } from '../../src/log/log.js';
import { factsAround } from './facts.js';

/** Logs as commits: facts in any order, and between them block entries that change their minds about five blocks. */
const HASHES = ['0x1', '0x2', '0x3', '0x4', '0x5'];

const blockEntries: fc.Arbitrary<LogEntry> = fc
  .tuple(fc.constantFrom(...HASHES), fc.boolean(), fc.boolean())
  .map(([hash, canonical, unproven]) => ({
    kind: 'block',
    hash,
    height: Number(hash),
    parent: `0x${Number(hash) - 1}`,
    atMs: Number(hash),
    canonical,
    ...(unproven && { unproven }),
    reason: 'applied',
  }));

/** Every fact once, block entries between them, cut into commits. */
export const logsAround = (now: number): fc.Arbitrary<LogEntry[][]> =>
  fc
    .tuple(factsAround(now), fc.array(blockEntries, { maxLength: 20, size: 'max' }))
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

/** The facts of blocks whose last entry is canonical, and those that come from no block. */
export function canonicalIn(entries: readonly LogEntry[]): Fact[] {
  const counts = (hash: string): boolean => {
    const last = entries.findLast((entry) => entry.kind === 'block' && entry.hash === hash);
    return last?.kind === 'block' && last.canonical;
  };
  return entries
    .flatMap((entry) => (entry.kind === 'fact' ? [entry.fact] : []))
    .filter(({ chain }) => chain === undefined || counts(chain.blockHash));
}
