'use client';
/**
 * A card is a question and its answer. The frame holds loading → error → empty → content in one place, keeps its size
 * through all of them, so that nothing jumps when an answer comes, and lets one take the answer along: as table, CSV,
 * picture or link.
 */
import type { ReactNode } from 'react';
import type { Answer } from '../../lib/answer';
import { useCardChoice } from '../../lib/hooks/useCard';
import type { Figures, TableFormat } from '../../lib/chart/table';
import { Card, type CardProps } from './Card';
import { CardMenu } from './CardMenu';
import { Failure } from './Failure';
import { FiguresTable } from './Figures';
import { ScrollRegion } from './ScrollRegion';
import { Skeleton, type SkeletonShape } from './Skeleton';

interface ChartFrameProps<T> extends Omit<CardProps, 'busy' | 'outdated' | 'children'> {
  /** Below the sentence: how the picture is looked at. */
  readonly controls?: ReactNode;
  readonly answer: Answer<T>;
  readonly isEmpty?: (data: T) => boolean;
  /** What to say instead of an empty picture. */
  readonly emptyText?: string;
  /** The figures behind the picture. */
  readonly figures?: (data: T) => Figures;
  /** Where the service has the whole table as a file; else the figures are taken along. */
  readonly exportPath?: ((format: TableFormat) => string) | undefined;
  /** The picture is a table already: there is no other way to see it. */
  readonly isTable?: boolean;
  /** Drawn while loading, in the shape of what will come. */
  readonly skeleton?: SkeletonShape;
  readonly children: (data: T) => ReactNode;
}

export function ChartFrame<T>(props: ChartFrameProps<T>) {
  const { id, title, says, aside, className = '', controls, answer, isEmpty, skeleton = 'rows', children } = props;
  const { figures, exportPath, isTable = false, emptyText = 'Nothing to show yet.' } = props;
  const [look, setLook] = useCardChoice(id, 'as', ['picture', 'table'], 'picture');
  const asTable = look === 'table';
  const { data, error, refetch, isPlaceholderData = false } = answer;
  const ready = data !== undefined && !(isEmpty?.(data) ?? false);
  return (
    <Card
      {...{ id, title, says, className }}
      busy={data === undefined ? error === null : isPlaceholderData}
      outdated={isPlaceholderData}
      aside={
        <>
          {aside}
          {ready && (
            <span data-no-picture>
              <CardMenu
                title={title}
                anchor={id}
                figures={figures?.(data)}
                exportPath={exportPath}
                asTable={asTable}
                isTable={isTable}
                onAsTable={(table) => setLook(table ? 'table' : 'picture')}
              />
            </span>
          )}
        </>
      }
    >
      {controls && (
        <div data-no-picture className="mt-3 flex flex-wrap items-center gap-2">
          {controls}
        </div>
      )}
      <div className="mt-4 flex min-h-0 flex-1 flex-col">
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
    </Card>
  );
}
