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

/** The node begins anew: it will deliver the blocks from this height on again, and tells when it is past `height`. */
export interface Rescan {
  readonly rescanFrom: number;
  readonly isPast: (height: number) => boolean;
}

export type Step = Delivery | Rescan | 'look whether the rescan is over';

export interface Chain {
  /** Every block ever seen, orphans included. */
  readonly known: readonly Block[];
  /** Hashes of the blocks that count. */
  readonly canonical: ReadonlySet<string>;
  /** Hashes of the blocks that count though nothing proves that they are on the winning fork. */
  readonly unproven: ReadonlySet<string>;
  /** Those of them that nothing known leads down from: what leads there ends their doubt. */
  readonly hanging: ReadonlySet<string>;
  /** Hash of an orphan that was not taken back → of the block that counts, which it could not count beside. */
  readonly waiting: ReadonlyMap<string, string>;
  /** Hashes of the blocks of which nothing but a block that names them as parent says that they count. */
  readonly leaning: ReadonlySet<string>;
  /** While a node delivers again: the heights that it is expected to, and the hashes of what it did. */
  readonly rescan?: Expected | undefined;
}

interface Expected extends Pick<Rescan, 'isPast'> {
  readonly from: number;
  readonly to: number;
  readonly delivered: ReadonlySet<string>;
  /** Hashes of what was taken back since. */
  readonly gone: ReadonlySet<string>;
}

export const NOTHING_SEEN: Chain = {
  known: [],
  canonical: new Set(),
  unproven: new Set(),
  hanging: new Set(),
  waiting: new Map(),
  leaning: new Set(),
};

export const chainAfter = (steps: readonly Step[]): Chain => steps.reduce(takeIn, NOTHING_SEEN);

export function takeIn(chain: Chain, step: Step): Chain {
  if (step === 'look whether the rescan is over') return bringBack(endRescan(chain));
  if ('rescanFrom' in step) return beginRescan(chain, step);
  const rolledBack = highestFirst(step.rollback).reduce(rollBack, chain);
  const neverSeen = step.rollback.some(({ hash }) => chain.known.every((block) => block.hash !== hash));
  const isNews = neverSeen || rolledBack.canonical.size < chain.canonical.size;
  const isCopy = [...step.rollback, ...step.apply].every(({ hash }) =>
    chain.known.some((block) => block.hash === hash),
  );
  return bringBack(
    lowestFirst(step.apply).reduce(
      (before, block) => noteRescanned(applyBlock(before, block, isNews, isCopy), block),
      rolledBack,
    ),
  );
}

/**
 * What waits for a block that does not count any more counts again, unproven, lowest first; or waits for the lowest that
 * stands against it now.
 */
function bringBack(chain: Chain): Chain {
  const isFreed = ({ hash }: Block): boolean => {
    const awaited = chain.waiting.get(hash);
    return awaited !== undefined && !chain.canonical.has(awaited);
  };
  const freed = [...chain.known.filter(isFreed)].sort((a, b) => a.height - b.height || (a.hash < b.hash ? -1 : 1));
  return freed.reduce((before, orphan) => {
    if (before.canonical.has(orphan.hash)) return before;
    const returning = [orphan, ...orphanedAncestors(before, orphan)];
    if (besides(before, returning).length > 0) return wait(before, orphan);
    return inDoubt(beginToCount(before, orphan, false), returning);
  }, chain);
}

function wait(chain: Chain, orphan: Block): Chain {
  const [standing] = lowestFirst(besides(chain, [orphan, ...orphanedAncestors(chain, orphan)]));
  return standing === undefined
    ? chain
    : { ...chain, waiting: new Map([...chain.waiting, [orphan.hash, standing.hash]]) };
}

/** Expected again is what lies from there up to the highest block that counts. */
function beginRescan(chain: Chain, { rescanFrom: from, isPast }: Rescan): Chain {
  const to = Math.max(...canonicalBlocks(chain).map(({ height }) => height));
  return { ...chain, rescan: to < from ? undefined : { from, to, isPast, delivered: new Set(), gone: new Set() } };
}

function noteRescanned(chain: Chain, block: Block): Chain {
  if (chain.rescan === undefined) return chain;
  const noted = { ...chain, rescan: { ...chain.rescan, delivered: new Set([...chain.rescan.delivered, block.hash]) } };
  return block.height > noted.rescan.to ? endRescan(noted) : noted;
}

/** What is rolled back after all did not come again. */
function forgetRescanned(chain: Chain, block: Block): Chain {
  if (chain.rescan === undefined) return chain;
  const gone = chain.known.filter((other) => descendsFrom(chain, other, block));
  const hashes = new Set([...chain.rescan.gone, ...gone.map(({ hash }) => hash)]);
  return { ...chain, rescan: { ...chain.rescan, delivered: without(chain.rescan.delivered, gone), gone: hashes } };
}

/**
 * Rule 4: when the node is past those heights, what of them did not come again is in doubt; and orphans that came count,
 * where nothing that came stands against them.
 */
function endRescan(chain: Chain): Chain {
  if (chain.rescan?.isPast(chain.rescan.to) !== true) return chain;
  const { from, to, delivered } = chain.rescan;
  const isExpected = ({ height }: Block): boolean => height >= from && height <= to;
  const cameAgain = chain.known.filter((block) => isExpected(block) && delivered.has(block.hash));
  const returned = lowestFirst(cameAgain).reduce(
    (before, orphan) => returnOrphan(before, orphan, (other) => delivered.has(other.hash) || other.height > to),
    chain,
  );
  const leftOut = canonicalBlocks(returned).filter((block) => isExpected(block) && !delivered.has(block.hash));
  return { ...inDoubt(returned, leftOut), rescan: undefined };
}

function returnOrphan(chain: Chain, orphan: Block, isVouchedFor: (block: Block) => boolean): Chain {
  if (chain.canonical.has(orphan.hash)) return chain;
  const joining = [orphan, ...orphanedAncestors(chain, orphan)];
  return besides(chain, joining).some(isVouchedFor) ? chain : join(chain, joining).chain;
}

/** What counts and could not count beside them, highest first, also right above. */
function besides(chain: Chain, joining: readonly Block[]): Block[] {
  const [highest] = joining;
  const above = highest && canonicalAt(chain, highest.height + 1);
  return displacedBy(chain, joining).concat(above === undefined || above.parent === highest?.hash ? [] : above);
}

/**
 * Rule 1: known or not, it does not count, and neither does what descends from it. Of what only it named as parent nothing
 * says any more that it counts.
 */
function rollBack(before: Chain, block: Block): Chain {
  const chain = waitNoMore(forgetRescanned(remember(before, block), block), block);
  const retracted = canonicalBlocks(chain).filter((other) => descendsFrom(chain, other, block));
  if (retracted.length === 0) return chain;
  const left = inDoubt(retract(chain, retracted), leaningAncestors(chain, block));
  const above = canonicalAt(left, block.height + 1);
  // That stood on another block before.
  return markAbove(left, block.height, above === undefined ? [] : [above]);
}

/**
 * Rules 2 and 3, but for what comes again: it moves no other block unless its delivery takes back what was not known to be
 * gone, and proves nothing, itself included, when its delivery may be a copy; when a node begins anew, it does.
 */
function applyBlock(before: Chain, block: Block, isNews: boolean, isCopy: boolean): Chain {
  const seen = before.known.some(({ hash }) => hash === block.hash);
  const chain = remember(before, block);
  const { rescan } = chain;
  const isExpected = rescan !== undefined && block.height >= rescan.from && !rescan.gone.has(block.hash);
  const proves = !isCopy || isExpected;
  if (chain.canonical.has(block.hash)) return proves ? deliverAgain(chain, block) : chain;
  if (!seen) return beginToCount(chain, block, true);
  // A known orphan is a late duplicate, until a later block names it as parent.
  if (canonicalAt(chain, block.height) !== undefined) return wait(chain, block);
  const returning = [block, ...orphanedAncestors(chain, block)];
  const isSure = ({ hash, height }: Block): boolean =>
    rescan === undefined || !isExpected || height > rescan.to || rescan.delivered.has(hash);
  if (!isNews && besides(chain, returning).some(isSure)) return wait(chain, block);
  const counting = beginToCount(chain, block, proves);
  if (proves) return counting;
  return inDoubt(counting, returning);
}

function beginToCount(chain: Chain, block: Block, proves: boolean): Chain {
  const joining = [block, ...orphanedAncestors(chain, block)];
  const lowest = joining.at(-1) ?? block;
  const { chain: joined, retracted } = join(chain, joining);
  const doubted =
    retracted.length === 0
      ? doubtChildOfAnother(joined, block)
      : markAbove(joined, Math.min(...retracted.map(({ height }) => height)), joining);
  return proves ? prove(doubted, lowest) : doubted;
}

/** The blocks, highest first, count from here on, and what cannot count beside them does not, nor what descends from it. */
function join(chain: Chain, joining: readonly Block[]): { chain: Chain; retracted: readonly Block[] } {
  const displaced = lowestFirst(displacedBy(chain, joining));
  const lowest = joining.at(-1);
  const inPlaceOf = ({ height }: Block): Block | undefined => joining.find((one) => one.height === height) ?? lowest;
  const retracted = canonicalBlocks(chain).filter((other) => displaced.some((one) => descendsFrom(chain, other, one)));
  const waiting = retracted.flatMap((other): [string, string][] => {
    const root = displaced.find((one) => descendsFrom(chain, other, one));
    const by = root && inPlaceOf(root);
    return by === undefined ? [] : [[other.hash, by.hash]];
  });
  const left = inDoubt(
    retract(chain, retracted),
    displaced.flatMap((one) => leaningAncestors(chain, one).filter((parent) => !retracted.includes(parent))),
  );
  const joined = new Set(joining.map(({ hash }) => hash));
  return {
    chain: {
      ...left,
      canonical: new Set([...left.canonical, ...joined]),
      leaning: new Set([...left.leaning, ...joining.slice(1).map(({ hash }) => hash)]),
      waiting: new Map([...left.waiting, ...waiting].filter(([hash]) => !joined.has(hash))),
    },
    retracted,
  };
}

/** What counts at their heights, or right below the lowest without being its parent. */
function displacedBy(chain: Chain, joining: readonly Block[]): Block[] {
  const replaced = joining.flatMap(({ height }) => canonicalAt(chain, height) ?? []);
  const lowest = joining.at(-1);
  const below = lowest === undefined ? undefined : canonicalAt(chain, lowest.height - 1);
  return below === undefined || below.hash === lowest?.parent ? replaced : [...replaced, below];
}

/** A second delivery moves no other block; it proves this one and its parents, unless what we have below is not its parent. */
function deliverAgain(chain: Chain, block: Block): Chain {
  const below = canonicalAt(chain, block.height - 1);
  if (below !== undefined && below.hash !== block.parent) return chain;
  return proven(chain, [block], doubtfulAncestors(chain, block));
}

/** @param parents which nothing proves but the block that they are parents of */
function proven(chain: Chain, blocks: readonly Block[], parents: readonly Block[]): Chain {
  const leaning = new Set([...without(chain.leaning, blocks), ...parents.map(({ hash }) => hash)]);
  return { ...chain, unproven: without(chain.unproven, [...blocks, ...parents]), leaning };
}

/** A block that fills a gap is not the parent of what we have above it: nothing is retracted, but that is in doubt. */
function doubtChildOfAnother(chain: Chain, block: Block): Chain {
  const above = canonicalAt(chain, block.height + 1);
  if (above === undefined || above.parent === block.hash) return chain;
  return hanging(chain, [above]);
}

function inDoubt(chain: Chain, blocks: readonly Block[]): Chain {
  const fresh = blocks.filter(({ hash }) => !chain.unproven.has(hash));
  const unproven = new Set([...chain.unproven, ...fresh.map(({ hash }) => hash)]);
  return { ...chain, unproven, hanging: without(chain.hanging, fresh), leaning: without(chain.leaning, fresh) };
}

/** In doubt because nothing known leads down from them. */
function hanging(chain: Chain, blocks: readonly Block[]): Chain {
  const fresh = blocks.filter(({ hash }) => !chain.unproven.has(hash));
  const doubted = inDoubt(chain, fresh);
  return { ...doubted, hanging: new Set([...doubted.hanging, ...fresh.map(({ hash }) => hash)]) };
}

/** It was taken back, and what descends from it: none of it counts when another goes. */
function waitNoMore(chain: Chain, block: Block): Chain {
  const gone = chain.known.filter((other) => descendsFrom(chain, other, block)).map(({ hash }) => hash);
  return { ...chain, waiting: new Map([...chain.waiting].filter(([hash]) => !gone.includes(hash))) };
}

/** After a retraction: what counts above it is in doubt, unless it leads down to one of the blocks that just joined. */
function markAbove(chain: Chain, height: number, joining: readonly Block[]): Chain {
  const doubtful = canonicalBlocks(chain).filter(
    (other) => other.height > height && !joining.some((block) => descendsFrom(chain, other, block)),
  );
  return hanging(chain, doubtful);
}

/** A block that newly counts proves the parents in doubt that it leads down to, and what leads down to it. */
function prove(chain: Chain, block: Block): Chain {
  const above = canonicalBlocks(chain).filter(
    (other) => chain.unproven.has(other.hash) && chain.hanging.has(other.hash) && descendsFrom(chain, other, block),
  );
  return proven(chain, above, doubtfulAncestors(chain, block));
}

/** Up to the first that is not in doubt. */
function doubtfulAncestors(chain: Chain, block: Block): Block[] {
  const parent = chain.known.find(({ hash }) => hash === block.parent);
  if (parent === undefined || !chain.unproven.has(parent.hash)) return [];
  return [parent, ...doubtfulAncestors(chain, parent)];
}

/** Up to the first that has more than its children to say that it counts. */
function leaningAncestors(chain: Chain, block: Block): Block[] {
  const parent = chain.known.find(({ hash }) => hash === block.parent);
  if (parent === undefined || !chain.leaning.has(parent.hash)) return [];
  return [parent, ...leaningAncestors(chain, parent)];
}

function retract(chain: Chain, blocks: readonly Block[]): Chain {
  const { canonical, unproven, leaning } = chain;
  return {
    ...chain,
    canonical: without(canonical, blocks),
    unproven: without(unproven, blocks),
    leaning: without(leaning, blocks),
  };
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
