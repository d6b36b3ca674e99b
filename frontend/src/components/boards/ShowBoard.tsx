'use client';
import type { Board } from '@passportx/analytics-backend/contract';
import { ArrowLeft, Copy, Expand, KeyRound, PencilLine, Share2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useRef, useState } from 'react';
import type { BoardMode } from '../../lib/boards/address';
import type { BoardLive } from '../../lib/boards/useBoardLive';
import { useCopy } from '../../lib/boards/useCopy';
import { daysOf } from '../../lib/boards/widgets';
import { formatRange } from '../../lib/format';
import { useToday } from '../../lib/hooks/useNow';
import { useRole } from '../../lib/hooks/useRole';
import { BoardGrid } from './BoardGrid';
import { BoardPulse } from './BoardPulse';

const ShareDialog = dynamic(() => import('./ShareDialog'), { ssr: false });

interface ShowBoardProps {
  readonly board: Board;
  readonly live: BoardLive;
  /** Null: this browser does not have it. */
  readonly editKey: string | null;
  /** There is a new one. */
  readonly onKey: (made: string) => void;
  /** The one that this browser has is worth nothing any more. */
  readonly onRefused: (refused: string) => void;
  readonly onMode: (mode: BoardMode) => void;
}

export function ShowBoard({ board, live, editKey, onKey, onRefused, onMode }: ShowBoardProps) {
  const { name, range, widgets } = board;
  const today = useToday();
  const copy = useCopy();
  const governs = useRole() === 'admin';
  const [sharing, setSharing] = useState(false);
  const share = useRef<HTMLButtonElement>(null);

  /** A browser lets a page fill the screen only where someone asks for it with a hand. */
  const wall = () => {
    document.documentElement.requestFullscreen?.().catch(() => undefined);
    onMode('wall');
  };

  return (
    <main className="page-width pb-10">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 pt-5 pb-5">
        <div className="min-w-0">
          <Link
            href="/boards/"
            prefetch={false}
            className="link inline-flex min-h-9 items-center gap-1.5 text-sm text-ink-2"
          >
            <ArrowLeft aria-hidden size={14} />
            All boards
          </Link>
          <h1 className="truncate text-2xl/8 font-semibold tracking-[-0.02em]">{name}</h1>
          <p className="text-ink-2">{formatRange(daysOf(range, today))}, UTC</p>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <BoardPulse {...live} />
          {editKey === null ? (
            <button type="button" className="control" onClick={() => void copy(board)}>
              <Copy aria-hidden size={15} className="text-ink-2" />
              Copy to edit
            </button>
          ) : (
            <button type="button" className="control" onClick={() => onMode('edit')}>
              <PencilLine aria-hidden size={15} className="text-ink-2" />
              Edit
            </button>
          )}
          {(editKey !== null || governs) && (
            <button ref={share} type="button" className="control" onClick={() => setSharing(true)}>
              {editKey === null ? (
                <KeyRound aria-hidden size={15} className="text-ink-2" />
              ) : (
                <Share2 aria-hidden size={15} className="text-ink-2" />
              )}
              {editKey === null ? 'Manage' : 'Share'}
            </button>
          )}
          <button type="button" className="control control-primary" onClick={wall}>
            <Expand aria-hidden size={15} />
            Full screen
          </button>
        </div>
      </div>
      {widgets.length === 0 && <p className="py-16 text-center text-ink-2">Nothing is on this board yet.</p>}
      <BoardGrid widgets={widgets} range={range} />
      {sharing && (
        <ShareDialog
          board={board}
          editKey={editKey}
          onKey={onKey}
          onRefused={onRefused}
          opener={share}
          onClose={() => setSharing(false)}
        />
      )}
    </main>
  );
}
