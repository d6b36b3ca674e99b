/**
 * Why a block counts or does not, as its entry in the log says it: for people, and for the rules of `canonical.ts`, which
 * are rebuilt from entries alone and ask them here. They stand in logs that there are: a text may be added, none changed.
 */
interface Named {
  readonly hash: string;
}

/** It counts because a block above it, which counts, names it as parent. */
export const ancestorOf = (block: Named): string => `ancestor of ${short(block.hash)}`;
export const isAncestor = (reason: string): boolean => reason.startsWith('ancestor of ');

export const TAKEN_BACK_UNREAD = 'taken back in a payload that could not be read';
export const UNDERSTOOD_LATE = 'understood late';
/** Whether the late word of a payload may take it back: others that came then may not be read yet either. */
export const awaitsWord = (reason: string): boolean => reason === TAKEN_BACK_UNREAD || reason === UNDERSTOOD_LATE;

export const wentBelow = (height: number, how: string): string => `block ${height} was ${how}`;
export const parentIsNot = (block: Named): string => `its parent is not ${short(block.hash)}`;
/** Whether it is in doubt because nothing that is known leads from it to what is below: what leads there ends that. */
export const isHanging = (reason: string): boolean => /^(block \d|its parent is not )/.test(reason);

/** It does not count because another does; nothing has said that it was taken back. */
export const replacedBy = (block: Named): string => `replaced by ${short(block.hash)}`;
export const notParentOf = (block: Named): string => `not the parent of ${short(block.hash)}`;
export const cameBeside = (block: Named): string => `came again beside ${short(block.hash)}`;
/** The other one, by as much of its hash as is told. */
export const standsInItsPlace = (reason: string): string | undefined =>
  /(?:replaced by|not the parent of|came again beside) (\S+)$/.exec(reason)?.[1];

/** Enough of a hash to find it by. */
export const short = (hash: string): string => (hash.length > 14 ? `${hash.slice(0, 14)}…` : hash);
