/** A board while it is edited: what it was, what it is to be, and whether the two differ; kept in this tab while they do. */
import type { Board, BoardContent, Widget } from '@passportx/analytics-backend/contract';
import { useEffect, useState } from 'react';
import { arrange, clamp, earlier, gapFor, later, rise, step, type Place } from './grid';
import { keepDraft, keptDraftOf } from './keptDraft';
import { KINDS, type Offer } from './widgets';

export interface DraftBoard {
  readonly content: BoardContent;
  readonly dirty: boolean;
  /** Which revision it was made from. */
  readonly revision: number;
  /** It was begun before, and left unsaved. */
  readonly resumed: boolean;
  readonly change: (changes: Partial<BoardContent>) => void;
  /** Puts a widget at a place, or the nearest that there is; others make way. @returns where it came to stand */
  readonly place: (id: string, to: Place, base?: readonly Widget[]) => Place;
  /** Puts a widget before the one before it, or after the one after it, as one reads. @returns where it came to stand */
  readonly shift: (id: string, to: 'earlier' | 'later') => Place | undefined;
  readonly add: (offer: Offer) => Widget;
  readonly replace: (widget: Widget) => void;
  readonly remove: (id: string) => void;
  /** What it is now is what is kept. */
  readonly settle: (board: Board) => void;
  /** Nothing of it is kept any more: it is left. */
  readonly discard: () => void;
}

const contentOf = ({ name, range, widgets }: BoardContent): BoardContent => ({ name, range, widgets });

/** A name is kept without the spaces around it. */
const textOf = ({ name, ...more }: BoardContent): string => JSON.stringify({ name: name.trim(), ...more });
const differ = (one: BoardContent, other: BoardContent): boolean => textOf(one) !== textOf(other);

/** Short, and unlike any other on the board. */
const newId = (): string => crypto.getRandomValues(new Uint32Array(2)).join('-').slice(0, 32);

export function useDraft(board: Board): DraftBoard {
  const [kept, setKept] = useState(() => contentOf(board));
  const [begun] = useState(() => {
    const left = keptDraftOf(board.id);
    // One that was saved, which was answered after the editor was left, is no draft any more, and its revision is old.
    return left && differ(left.content, kept) ? left : null;
  });
  const [revision, setRevision] = useState(begun?.revision ?? board.revision);
  const [content, setContent] = useState(begun?.content ?? kept);
  const dirty = differ(content, kept);
  useEffect(() => keepDraft(board.id, dirty ? { revision, content } : null), [board.id, dirty, revision, content]);
  const set = (widgets: readonly Widget[]) => setContent((now) => ({ ...now, widgets: [...widgets] }));
  return {
    content,
    dirty,
    revision,
    resumed: begun !== null,
    change: (changes) => setContent((now) => ({ ...now, ...changes })),
    place: (id, to, base = content.widgets) => {
      const widget = base.find((one) => one.id === id);
      if (widget === undefined) return to;
      const place = clamp(to, KINDS[widget.kind].least);
      const widgets = base === content.widgets ? step(base, id, place) : arrange(base, id, place);
      set(widgets);
      return widgets.find((one) => one.id === id) ?? to;
    },
    shift: (id, to) => {
      const widgets = (to === 'earlier' ? earlier : later)(content.widgets, id);
      set(widgets);
      return widgets.find((one) => one.id === id);
    },
    add: ({ draft, w, h }) => {
      const widget: Widget = { ...draft, id: newId(), ...gapFor(content.widgets, { w, h }) };
      set(rise([...content.widgets, widget]));
      return widget;
    },
    replace: (widget) => set(content.widgets.map((one) => (one.id === widget.id ? widget : one))),
    remove: (id) => set(rise(content.widgets.filter((one) => one.id !== id))),
    settle: (saved) => {
      setKept(contentOf(saved));
      setContent(contentOf(saved));
      setRevision(saved.revision);
    },
    discard: () => keepDraft(board.id, null),
  };
}
