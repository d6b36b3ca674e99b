'use client';
/**
 * A card is a question and its answer. The frame holds loading → error → empty → content in one place, and keeps its
 * size through all of them, so that nothing jumps when an answer comes.
 */
import { useId, type ReactNode } from 'react';

export type FrameState = 'loading' | 'error' | 'empty' | 'ready';

interface ChartFrameProps {
  readonly title: string;
  /** One sentence that says exactly what is counted. */
  readonly says: ReactNode;
  /** Right of the title: a figure or a control. */
  readonly aside?: ReactNode;
  readonly state: FrameState;
  /** What to say instead of an empty picture. */
  readonly emptyText?: string;
  readonly retry?: () => void;
  readonly className?: string;
  /** Drawn while loading, in the shape of what will come. */
  readonly skeleton?: 'rows' | 'chart' | 'grid';
  /** Only called when there is something to show. */
  readonly children: () => ReactNode;
}

export function ChartFrame(props: ChartFrameProps) {
  const {
    title,
    says,
    aside,
    state,
    emptyText = 'Nothing to show yet.',
    retry,
    className = '',
    skeleton = 'rows',
  } = props;
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      aria-busy={state === 'loading'}
      className={`flex min-w-0 flex-col rounded-card border border-line bg-card p-4 shadow-card sm:p-5 ${className}`}
    >
      <header className="flex items-baseline justify-between gap-4">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        {aside}
      </header>
      <p className="mt-0.5 text-sm text-ink-2">{says}</p>
      <div className="mt-4 flex min-h-0 flex-1 flex-col">
        {state === 'loading' && <Skeleton shape={skeleton} />}
        {state === 'error' && (
          <div role="alert" className="m-auto flex flex-col items-center gap-3 py-8 text-center text-sm text-ink-2">
            This part could not be loaded.
            {retry && (
              <button type="button" className="control" onClick={retry}>
                Try again
              </button>
            )}
          </div>
        )}
        {state === 'empty' && <p className="m-auto max-w-xs py-8 text-center text-sm text-ink-3">{emptyText}</p>}
        {state === 'ready' && props.children()}
      </div>
    </section>
  );
}

const bar = 'animate-sheen rounded-md bg-sunk';

export function Skeleton({ shape }: { readonly shape: 'rows' | 'chart' | 'grid' }) {
  if (shape === 'chart') return <div aria-hidden className={`${bar} min-h-60 flex-1`} />;
  const rows = shape === 'grid' ? ['100%', '92%', '84%', '76%', '68%', '60%'] : ['100%', '94%', '97%', '88%', '92%'];
  return (
    <div aria-hidden className="flex flex-col gap-3">
      {rows.map((width) => (
        <div key={width} className={`${bar} h-7`} style={{ width }} />
      ))}
    </div>
  );
}
