'use client';
/**
 * A card is a question and its answer. The frame holds loading → error → empty → content in one place, keeps its size
 * through all of them, so that nothing jumps when an answer comes, and lets one take the answer along: as table, CSV,
 * picture or link.
 */
import { useState, type ReactNode } from 'react';
import type { Answer } from '../../lib/answer';
import type { Figures } from '../../lib/chart/table';
import { CardMenu } from './CardMenu';
import { FiguresTable } from './Figures';
import { ScrollRegion } from './ScrollRegion';
import { Skeleton, type SkeletonShape } from './Skeleton';

interface ChartFrameProps<T> {
  /** Id of the card on its page; a link leads to it. */
  readonly id: string;
  readonly title: string;
  /** One sentence that says exactly what is counted. */
  readonly says: ReactNode;
  /** Right of the title: a figure or a control. */
  readonly aside?: ReactNode;
  /** Below the sentence: how the picture is looked at. */
  readonly controls?: ReactNode;
  readonly answer: Answer<T>;
  readonly isEmpty?: (data: T) => boolean;
  /** What to say instead of an empty picture. */
  readonly emptyText?: string;
  /** The figures behind the picture. */
  readonly figures?: (data: T) => Figures;
  /** The picture is a table already: there is no other way to see it. */
  readonly isTable?: boolean;
  readonly className?: string;
  /** Drawn while loading, in the shape of what will come. */
  readonly skeleton?: SkeletonShape;
  readonly children: (data: T) => ReactNode;
}

export const CARD = 'rounded-card border border-line bg-card shadow-card';

export function ChartFrame<T>(props: ChartFrameProps<T>) {
  const { id, title, says, aside, controls, answer, isEmpty, emptyText = 'Nothing to show yet.' } = props;
  const { figures, isTable = false, className = '', skeleton = 'rows', children } = props;
  const [asTable, setAsTable] = useState(false);
  const { data, error, refetch, isPlaceholderData = false } = answer;
  const ready = data !== undefined && !(isEmpty?.(data) ?? false);
  return (
    <section
      id={id}
      aria-labelledby={`${id}-title`}
      aria-busy={data === undefined ? error === null : isPlaceholderData}
      className={`flex min-w-0 scroll-mt-20 flex-col p-4 sm:p-5 ${CARD} ${className}`}
    >
      <header className="flex items-start justify-between gap-3">
        <h2 id={`${id}-title`} className="font-semibold">
          {title}
        </h2>
        <div className="flex items-start gap-3">
          {aside}
          {ready && (
            <span data-no-picture>
              <CardMenu
                title={title}
                anchor={id}
                figures={figures?.(data)}
                asTable={asTable}
                onAsTable={figures && !isTable ? setAsTable : undefined}
              />
            </span>
          )}
        </div>
      </header>
      <p className="mt-0.5 text-sm text-ink-2">{says}</p>
      {controls && (
        <div data-no-picture className="mt-3 flex flex-wrap items-center gap-2">
          {controls}
        </div>
      )}
      <div
        className={`mt-4 flex min-h-0 flex-1 flex-col transition-opacity duration-200 ${isPlaceholderData ? 'opacity-60' : ''}`}
      >
        {data === undefined && error === null && <Skeleton shape={skeleton} />}
        {data === undefined && error !== null && <Failure message={error.message} retry={refetch} />}
        {data !== undefined && !ready && (
          <p className="m-auto max-w-xs py-8 text-center text-sm text-ink-3">{emptyText}</p>
        )}
        {ready &&
          (asTable && figures ? (
            <ScrollRegion label={`${title}, as table`} className="-mx-2 max-h-96 overflow-auto px-2">
              <FiguresTable caption={title} figures={figures(data)} />
            </ScrollRegion>
          ) : (
            children(data)
          ))}
      </div>
    </section>
  );
}

function Failure({ message, retry }: { readonly message: string; readonly retry: () => unknown }) {
  return (
    <div role="alert" className="m-auto flex max-w-sm flex-col items-center gap-3 py-8 text-center text-sm text-ink-2">
      <p>
        <span className="font-medium text-ink">This part could not be loaded.</span> {message}
      </p>
      <button type="button" className="control" onClick={() => void retry()}>
        Try again
      </button>
    </div>
  );
}
