import { BlockIndex } from '../../src/chain/blocks.js';
import { CanonicalChain, type BlockHeader, type Decision } from '../../src/chain/canonical.js';

/** A chain of blocks without facts, told in short names. */

/** Blocks are written `100A`: height and fork. A block's parent is the one below on its own fork, unless it says `100B<A`. */
export function header(name: string): BlockHeader {
  const {
    height = '',
    fork = '',
    parentFork = fork,
  } = /^(?<height>\d+)(?<fork>\w)(?:<(?<parentFork>\w))?$/.exec(name)?.groups ?? {};
  return { hash: `${height}${fork}`, height: Number(height), parent: `${Number(height) - 1}${parentFork}`, atMs: 0 };
}

export const headers = (names: string): BlockHeader[] => names.split(' ').filter(Boolean).map(header);

export class Story {
  readonly blocks = new BlockIndex();
  readonly chain = new CanonicalChain(this.blocks);

  deliver({ rollback = '', apply = '' }: { rollback?: string; apply?: string }): Decision {
    return this.chain.deliver({ rollback: headers(rollback), apply: headers(apply) }, () => []);
  }

  /** One delivery each. */
  apply(...names: string[]): void {
    for (const name of names) this.deliver({ apply: name });
  }

  /** The blocks that count, lowest first. */
  get counting(): string {
    const counting = [...this.blocks.all()].filter(({ canonical }) => canonical);
    return names(counting.sort((a, b) => a.height - b.height));
  }

  get unproven(): string {
    return this.chain
      .unproven()
      .map(({ hash }) => hash)
      .sort()
      .join(' ');
  }

  reason(hash: string): string | undefined {
    return this.blocks.get(hash)?.reason;
  }
}

/** Their names, in the order given. */
export const names = (list: readonly { hash: string }[]): string => list.map(({ hash }) => hash).join(' ');
