import type { BlockEntry } from '../../src/log/log.js';

/** A block entry that is told by its height alone. */
export function blockEntry(height: number, reason = 'applied'): BlockEntry {
  const hash = (of: number): string => `0x${of.toString(16).padStart(64, '0')}`;
  const atMs = 1_760_000_000_000 + height;
  return { kind: 'block', hash: hash(height), height, parent: hash(height - 1), atMs, canonical: true, reason };
}
