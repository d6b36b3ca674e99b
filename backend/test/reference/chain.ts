/**
 * Which blocks are canonical after a list of deliveries, by the rules of DESIGN section 4 as they read: every question
 * is answered by looking through all blocks that were ever seen. Nothing is indexed and nothing is logged.
 */
export interface Block {
  readonly hash: string;
  readonly height: number;
  readonly parent: string;
}

export interface Delivery {
  readonly rollback: readonly Block[];
  readonly apply: readonly Block[];
}

export interface Chain {
  /** Every block ever seen, orphans included. */
  readonly known: readonly Block[];
  /** Hashes of the blocks that count. */
  readonly canonical: ReadonlySet<string>;
  /** Hashes of the blocks that count though nothing proves that they are on the winning fork. */
  readonly unproven: ReadonlySet<string>;
}

export function chainAfter(deliveries: readonly Delivery[]): Chain {
  return deliveries.reduce<Chain>(
    (chain, { rollback, apply }) => {
      const rolledBack = highestFirst(rollback).reduce(rollBack, chain);
      return lowestFirst(apply).reduce(applyBlock, rolledBack);
    },
    { known: [], canonical: new Set(), unproven: new Set() },
  );
}

/** Rule 1: known or not, it does not count, and neither does what descends from it. */
function rollBack(before: Chain, block: Block): Chain {
  const chain = remember(before, block);
  const retracted = canonicalBlocks(chain).filter((other) => descendsFrom(chain, other, block));
  return retracted.length === 0 ? chain : markAbove(retract(chain, retracted), block.height, []);
}

/** Rules 2 and 3. */
function applyBlock(before: Chain, block: Block): Chain {
  const seen = before.known.some(({ hash }) => hash === block.hash);
  const chain = remember(before, block);
  if (chain.canonical.has(block.hash)) return deliverAgain(chain, block);
  // A known orphan is a late duplicate, until a later block names it as parent.
  if (seen && canonicalAt(chain, block.height) !== undefined) return chain;

  const joining = [block, ...orphanedAncestors(chain, block)];
  const lowest = joining.at(-1) ?? block;
  const replaced = joining.flatMap(({ height }) => canonicalAt(chain, height) ?? []);
  const below = canonicalAt(chain, lowest.height - 1);
  const displaced = below === undefined || below.hash === lowest.parent ? replaced : [...replaced, below];
  const retracted = canonicalBlocks(chain).filter((other) => displaced.some((one) => descendsFrom(chain, other, one)));

  const joined: Chain = { ...chain, canonical: new Set([...chain.canonical, ...joining.map(({ hash }) => hash)]) };
  if (retracted.length === 0) return prove(doubtChildOfAnother(joined, block), lowest);
  const lowestRetracted = Math.min(...retracted.map(({ height }) => height));
  return prove(markAbove(retract(joined, retracted), lowestRetracted, joining), lowest);
}

/** A second delivery changes no other block; it proves this one, unless what we have below it is not its parent. */
function deliverAgain(chain: Chain, block: Block): Chain {
  const below = canonicalAt(chain, block.height - 1);
  if (below !== undefined && below.hash !== block.parent) return chain;
  return { ...chain, unproven: without(chain.unproven, [block]) };
}

/** A block that fills a gap is not the parent of what we have above it: nothing is retracted, but that is in doubt. */
function doubtChildOfAnother(chain: Chain, block: Block): Chain {
  const above = canonicalAt(chain, block.height + 1);
  if (above === undefined || above.parent === block.hash) return chain;
  return { ...chain, unproven: new Set([...chain.unproven, above.hash]) };
}

/** After a retraction: what counts above it is in doubt, unless it leads down to one of the blocks that just joined. */
function markAbove(chain: Chain, height: number, joining: readonly Block[]): Chain {
  const doubtful = canonicalBlocks(chain).filter(
    (other) => other.height > height && !joining.some((block) => descendsFrom(chain, other, block)),
  );
  return { ...chain, unproven: new Set([...chain.unproven, ...doubtful.map(({ hash }) => hash)]) };
}

/** A block that newly counts proves the parent that it names, and what leads down to it. */
function prove(chain: Chain, block: Block): Chain {
  const proven = canonicalBlocks(chain).filter(
    (other) => other.hash === block.parent || descendsFrom(chain, other, block),
  );
  return { ...chain, unproven: without(chain.unproven, proven) };
}

function retract(chain: Chain, blocks: readonly Block[]): Chain {
  return { ...chain, canonical: without(chain.canonical, blocks), unproven: without(chain.unproven, blocks) };
}

const without = (hashes: ReadonlySet<string>, blocks: readonly Block[]): ReadonlySet<string> =>
  new Set([...hashes].filter((hash) => blocks.every((block) => block.hash !== hash)));

const remember = (chain: Chain, block: Block): Chain =>
  chain.known.some(({ hash }) => hash === block.hash) ? chain : { ...chain, known: [...chain.known, block] };

const canonicalBlocks = (chain: Chain): Block[] => chain.known.filter(({ hash }) => chain.canonical.has(hash));

const canonicalAt = (chain: Chain, height: number): Block | undefined =>
  canonicalBlocks(chain).find((block) => block.height === height);

/** Whether the known parents of `block` lead to `ancestor`; a block leads to itself. */
function descendsFrom(chain: Chain, block: Block, ancestor: Block): boolean {
  if (block.hash === ancestor.hash) return true;
  const parent = chain.known.find(({ hash }) => hash === block.parent);
  return parent !== undefined && descendsFrom(chain, parent, ancestor);
}

/** The known parents of a block, down to the first that counts or is not known. */
function orphanedAncestors(chain: Chain, block: Block): Block[] {
  const parent = chain.known.find(({ hash }) => hash === block.parent);
  if (parent === undefined || chain.canonical.has(parent.hash)) return [];
  return [parent, ...orphanedAncestors(chain, parent)];
}

/** Blocks of one height in the order of the payload. */
const highestFirst = (blocks: readonly Block[]): Block[] => [...blocks].sort((a, b) => b.height - a.height);

const lowestFirst = (blocks: readonly Block[]): Block[] => [...blocks].sort((a, b) => a.height - b.height);
