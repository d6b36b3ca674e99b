/**
 * What of a board is not saved yet, kept in this tab: whoever leaves the editor by the browser's own ways finds it there
 * again. It tells which revision it was made from, so that what others have saved meanwhile is not overwritten unseen.
 */
import type { BoardContent } from '@passportx/analytics-backend/contract';
import { readStored, writeStored } from '../storage';

export interface KeptDraft {
  readonly revision: number;
  readonly content: BoardContent;
}

const nameOf = (id: string): string => `passportx.board-draft.${id}`;

export function keptDraftOf(id: string): KeptDraft | null {
  try {
    return JSON.parse(readStored(nameOf(id), 'sessionStorage') ?? 'null') as KeptDraft | null;
  } catch {
    return null;
  }
}

/** @param draft null: nothing is unsaved any more. */
export const keepDraft = (id: string, draft: KeptDraft | null): void =>
  writeStored(nameOf(id), draft && JSON.stringify(draft), 'sessionStorage');
