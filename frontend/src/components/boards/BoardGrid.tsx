'use client';
import type { BoardRange, Widget } from '@passportx/analytics-backend/contract';
import type { CSSProperties, ReactNode, Ref } from 'react';
import { inOrder, rowsOf } from '../../lib/boards/grid';
import { BoardWidget } from './BoardWidget';

/** Height of a row and the gap around widgets, in px. */
export const ROW_PX = 88;
export const GAP_PX = 16;

interface BoardGridProps {
  readonly widgets: readonly Widget[];
  readonly range: BoardRange;
  /** The rows share the height that there is, as on a wall, instead of having one of their own. */
  readonly fill?: boolean;
  /** What stands around each widget while it is edited. */
  readonly frame?: (widget: Widget, drawn: ReactNode) => ReactNode;
  readonly grid?: Ref<HTMLDivElement>;
}

/** Pictures have no height of their own: in a narrow window they keep the one that they have here, to a point. */
const HIGH: ReadonlySet<Widget['kind']> = new Set<Widget['kind']>(['number', 'series', 'activity']);

/** Where a widget stands; in a narrow window they stand below each other. */
const placeOf = ({ kind, x, y, w, h }: Widget): CSSProperties & Record<`--${string}`, string> => ({
  gridColumn: `${x + 1} / span ${w}`,
  gridRow: `${y + 1} / span ${h}`,
  '--height': HIGH.has(kind) ? `${h * ROW_PX + (h - 1) * GAP_PX}px` : '0px',
});

/** The widgets of a board where they belong, in the order in which one reads. */
export function BoardGrid({ widgets, range, fill = false, frame = (_widget, drawn) => drawn, grid }: BoardGridProps) {
  const rows = rowsOf(widgets);
  return (
    <div
      ref={grid}
      data-board
      className="grid grid-cols-12 gap-4 max-md:flex max-md:flex-col md:min-h-0"
      style={{
        gridTemplateRows: `repeat(${rows}, ${fill ? 'minmax(56px, 1fr)' : `${ROW_PX}px`})`,
        ...(fill ? { height: '100%' } : {}),
      }}
    >
      {inOrder(widgets).map((widget) => (
        <div
          key={widget.id}
          data-widget={widget.id}
          className="min-h-0 min-w-0 max-md:min-h-[min(var(--height),400px)] max-md:[&>*]:max-h-[440px] max-md:[&>*]:min-h-[inherit]"
          style={placeOf(widget)}
        >
          {frame(widget, <BoardWidget widget={widget} range={range} />)}
        </div>
      ))}
    </div>
  );
}
