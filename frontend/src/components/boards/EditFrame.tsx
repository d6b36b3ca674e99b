'use client';
/**
 * What stands around a widget while it is edited: handles to move and to resize it, by pointer and by arrow keys, or
 * in a narrow window buttons; its settings, its end. The widget itself is at rest, so that nothing in it answers instead.
 */
import { ArrowDown, ArrowUp, Grip, Minus, MoveDiagonal2, Plus, Settings2, Trash2 } from 'lucide-react';
import { useRef, type KeyboardEvent, type MouseEvent, type PointerEvent, type ReactNode } from 'react';
import type { Place } from '../../lib/boards/grid';

/** Id of the words that tell how the handles work by keyboard. */
export const HANDLES_HELP = 'board-handles-help';

interface EditFrameProps {
  readonly title: string;
  readonly place: Place;
  /** Size of a column and of a row with its gap, in px. */
  readonly cell: () => { readonly width: number; readonly height: number };
  /** A step by key, told at once. */
  readonly onStep: (to: Place) => void;
  /** A place earlier or later, as one reads: in a narrow window, where there are no columns. */
  readonly onShift: (to: 'earlier' | 'later') => void;
  /** The pointer went down, is somewhere else, went up; `undefined`: it was given up. */
  readonly onDragStart: () => void;
  readonly onDrag: (to: Place) => void;
  readonly onDragEnd: (kept: boolean) => void;
  readonly onSettings: () => void;
  readonly onRemove: () => void;
  readonly children: ReactNode;
}

type Apply = (place: Place, columns: number, rows: number) => Place;
const move: Apply = (place, columns, rows) => ({ ...place, x: place.x + columns, y: place.y + rows });
const resize: Apply = (place, columns, rows) => ({ ...place, w: place.w + columns, h: place.h + rows });

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const tool =
  'grid size-8 place-items-center rounded-lg border border-line bg-card text-ink-2 hover:border-line-strong hover:text-ink max-md:size-11 pointer-coarse:size-11';

interface HandleProps extends Pick<
  EditFrameProps,
  'place' | 'cell' | 'onStep' | 'onDragStart' | 'onDrag' | 'onDragEnd'
> {
  readonly apply: Apply;
  readonly className: string;
  readonly children: ReactNode;
}

function Handle(props: HandleProps) {
  const { apply, place, cell, onStep, onDragStart, onDrag, onDragEnd, className, children } = props;
  const from = useRef<{ readonly x: number; readonly y: number; readonly place: Place } | null>(null);
  const end = (kept: boolean) => {
    if (from.current !== null) onDragEnd(kept);
    from.current = null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return end(false);
    const step = STEPS[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    onStep((event.shiftKey ? resize : apply)(place, ...step));
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = { x: event.clientX, y: event.clientY, place };
    onDragStart();
  };
  const onPointerMove = (event: PointerEvent) => {
    if (from.current === null) return;
    const { width, height } = cell();
    const columns = Math.round((event.clientX - from.current.x) / width);
    const rows = Math.round((event.clientY - from.current.y) / height);
    onDrag(apply(from.current.place, columns, rows));
  };
  return (
    <button
      type="button"
      aria-describedby={HANDLES_HELP}
      className={`${tool} touch-none ${className}`}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => end(true)}
      onPointerCancel={() => end(false)}
    >
      {children}
    </button>
  );
}

/** Width or height in steps, where nothing can be pulled. */
function Size({
  title,
  less,
  more,
  size,
  onChange,
}: {
  readonly title: string;
  readonly less: string;
  readonly more: string;
  readonly size: string;
  readonly onChange: (by: -1 | 1) => void;
}) {
  return (
    <span className="flex items-center">
      <button type="button" className={tool} onClick={() => onChange(-1)}>
        <Minus aria-hidden size={15} />
        <span className="sr-only">
          Make {title} {less}
        </span>
      </button>
      <span className="min-w-16 text-center text-sm text-ink-2 tabular-nums">{size}</span>
      <button type="button" className={tool} onClick={() => onChange(1)}>
        <Plus aria-hidden size={15} />
        <span className="sr-only">
          Make {title} {more}
        </span>
      </button>
    </span>
  );
}

/** For fingers on a narrow window, where widgets stand below each other: what the handles do, step by step. */
function NarrowTools({
  title,
  place,
  onStep,
  onShift,
}: Pick<EditFrameProps, 'title' | 'place' | 'onStep' | 'onShift'>) {
  const shift = (to: 'earlier' | 'later') => (event: MouseEvent<HTMLButtonElement>) => {
    const button = event.currentTarget;
    onShift(to);
    // What changes its place in the document loses the focus; and it should stay in sight.
    requestAnimationFrame(() => button.focus());
  };
  return (
    <>
      <div className="mr-auto flex flex-wrap gap-1 md:hidden">
        <button type="button" className={tool} onClick={shift('earlier')}>
          <ArrowUp aria-hidden size={15} />
          <span className="sr-only">Move {title} up</span>
        </button>
        <button type="button" className={tool} onClick={shift('later')}>
          <ArrowDown aria-hidden size={15} />
          <span className="sr-only">Move {title} down</span>
        </button>
      </div>
      <div className="order-last flex w-full flex-wrap justify-between gap-1 md:hidden">
        <Size
          title={title}
          less="narrower"
          more="wider"
          size={`${place.w} wide`}
          onChange={(by) => onStep(resize(place, by, 0))}
        />
        <Size
          title={title}
          less="lower"
          more="higher"
          size={`${place.h} high`}
          onChange={(by) => onStep(resize(place, 0, by))}
        />
      </div>
    </>
  );
}

export function EditFrame({ title, onSettings, onRemove, onShift, children, ...handling }: EditFrameProps) {
  return (
    <div className="group relative h-full rounded-card outline-offset-2 outline-accent focus-within:outline-2 hover:outline-2 max-md:flex max-md:max-h-none! max-md:flex-col-reverse">
      <div
        inert
        className="h-full max-md:max-h-[440px] max-md:min-h-[inherit] max-md:[&>*]:max-h-[inherit] max-md:[&>*]:min-h-[inherit]"
      >
        {children}
      </div>
      <div className="absolute top-2 right-2 flex gap-1 max-md:static max-md:mb-1 max-md:flex-wrap">
        <NarrowTools title={title} place={handling.place} onStep={handling.onStep} onShift={onShift} />
        <Handle {...handling} apply={move} className="cursor-grab active:cursor-grabbing max-md:hidden">
          <Grip aria-hidden size={15} />
          <span className="sr-only">Move {title}</span>
        </Handle>
        <button type="button" className={tool} onClick={onSettings}>
          <Settings2 aria-hidden size={15} />
          <span className="sr-only">Settings of {title}</span>
        </button>
        <button type="button" className={tool} onClick={onRemove}>
          <Trash2 aria-hidden size={15} />
          <span className="sr-only">Remove {title}</span>
        </button>
      </div>
      <Handle {...handling} apply={resize} className="absolute right-2 bottom-2 cursor-nwse-resize max-md:hidden">
        <MoveDiagonal2 aria-hidden size={15} />
        <span className="sr-only">Resize {title}</span>
      </Handle>
    </div>
  );
}
