'use client';
import type { QueryMetric } from '@passportx/analytics-backend/contract';
import type { ReactNode } from 'react';
import { mapAnswer } from '../../lib/answer';
import { queryPath, toStack } from '../../lib/api/query';
import { formatCategory, shorten } from '../../lib/format';
import { useCardChoice, useCardInterval } from '../../lib/hooks/useCard';
import { useNow } from '../../lib/hooks/useNow';
import { useParts } from '../../lib/hooks/useParts';
import { usePick } from '../../lib/hooks/usePick';
import { DIMENSION_LABELS } from '../../lib/metrics';
import type { FilterName, Filters, View } from '../../lib/view';
import { TimeChart } from '../charts/TimeChart';
import { Segments } from '../ui/Choices';
import { IntervalPicker } from './IntervalPicker';

interface BreakdownProps {
  readonly id: string;
  readonly title: string;
  readonly says: ReactNode;
  readonly metric: QueryMetric;
  /** What it can be broken down by; the first is shown at first. */
  readonly by: readonly FilterName[];
  readonly view: Pick<View, 'range'>;
  readonly filters: Filters;
  readonly className?: string;
  readonly emptyText?: string;
}

/** A group of a dimension as a person knows it. */
export function groupName(by: FilterName, key: string | null, name: string): string {
  if (key === null) return 'No community';
  if (by === 'category') return formatCategory(key);
  if (by === 'level') return `Level ${key}`;
  return by === 'issuer' || by === 'user' ? shorten(name) : name;
}

/** A metric over time, broken down: columns of parts, each a way to narrow the page down. */
export function Breakdown({ metric, by, view: { range }, filters, ...frame }: BreakdownProps) {
  const now = useNow(10_000);
  const pick = usePick();
  const [dimension, setDimension] = useCardChoice(frame.id, 'by', by, by[0] ?? 'category');
  const [interval, setInterval] = useCardInterval(frame.id, range);
  const answer = useParts((limit) => queryPath({ metric, range, filters, interval, groupBy: dimension, limit }));
  return (
    <TimeChart
      {...frame}
      answer={mapAnswer(answer, (data) => toStack(data, (key, name) => groupName(dimension, key, name), now))}
      controls={
        <>
          <Segments
            label="Broken down by"
            choices={by.map((id) => ({ id, label: DIMENSION_LABELS[id] }))}
            chosen={dimension}
            onChoose={setDimension}
          />
          <IntervalPicker range={range} interval={interval} onChoose={setInterval} />
        </>
      }
      onPick={pick.bucket(interval)}
      onPickSeries={(id) => pick.filter(dimension, id)}
    />
  );
}
