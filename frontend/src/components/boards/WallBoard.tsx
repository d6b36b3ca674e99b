'use client';
import type { Board } from '@passportx/analytics-backend/contract';
import { Minimize } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { keepAwake } from '../../lib/boards/wakeLock';
import type { BoardLive } from '../../lib/boards/useBoardLive';
import { daysOf } from '../../lib/boards/widgets';
import { formatRange } from '../../lib/format';
import { useToday } from '../../lib/hooks/useNow';
import { BoardGrid } from './BoardGrid';
import { BoardPulse } from './BoardPulse';

interface WallBoardProps {
  readonly board: Board;
  readonly live: BoardLive;
  readonly onLeave: () => void;
}

/** The window for which sizes are made; a larger one shows all of it larger, as it is looked at from further away. */
const DESIGNED_WIDTH = 1440;
const LARGEST = 3;

function useZoom(): number {
  const measure = () => Math.min(LARGEST, Math.max(1, window.innerWidth / DESIGNED_WIDTH));
  const [zoom, setZoom] = useState(measure);
  useEffect(() => {
    const onResize = () => setZoom(measure());
    window.addEventListener('resize', onResize);
    return () => window.removeEventListener('resize', onResize);
  }, []);
  return zoom;
}

/** A board on a wall: nothing but the board, as large as the screen, which does not go to sleep. */
export function WallBoard({ board, live, onLeave }: WallBoardProps) {
  const zoom = useZoom();
  const today = useToday();
  const leaveNow = () => {
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    onLeave();
  };
  const leave = useEffectEvent(leaveNow);
  useEffect(() => keepAwake(), []);
  useEffect(() => {
    // Escape ends the full screen by itself, and is then not told as a key.
    const onChange = () => document.fullscreenElement === null && leave();
    // What is open over it is closed first.
    const onKey = ({ key }: KeyboardEvent) =>
      key === 'Escape' && document.querySelector('[role="dialog"]') === null && leave();
    document.addEventListener('fullscreenchange', onChange);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('fullscreenchange', onChange);
      document.removeEventListener('keydown', onKey);
    };
  }, []);
  return (
    <main
      data-wall
      className="flex flex-col gap-3 bg-page p-4 md:overflow-y-auto [&_[data-no-picture]]:hidden"
      style={{ zoom, minHeight: `calc(100dvh / ${zoom})`, ['--wall' as string]: `calc(100dvh / ${zoom})` }}
    >
      <div className="group relative flex min-h-9 items-center justify-between gap-x-4 gap-y-2 max-md:flex-wrap">
        <h1 className="truncate text-2xl/8 font-semibold tracking-[-0.02em]">
          {board.name}
          <span className="ml-3 text-base font-normal text-ink-2 max-md:hidden">
            {formatRange(daysOf(board.range, today))}, UTC
          </span>
        </h1>
        <div className="flex flex-row-reverse items-center gap-2">
          <BoardPulse {...live} />
          <button
            type="button"
            onClick={leaveNow}
            className="control opacity-0 group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"
          >
            <Minimize aria-hidden size={15} />
            <span className="sr-only">Leave full screen</span>
          </button>
        </div>
      </div>
      <div className="min-h-0 md:h-[calc(var(--wall)-76px)]">
        <BoardGrid widgets={board.widgets} range={board.range} fill />
      </div>
    </main>
  );
}
