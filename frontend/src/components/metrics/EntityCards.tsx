'use client';
import type { QueryMetric } from '@passportx/analytics-backend/contract';
import type { ReactNode } from 'react';
import type { Answer } from '../../lib/answer';
import { useView } from '../../lib/hooks/useAddress';
import type { Filters } from '../../lib/view';
import { ChartFrame } from '../ui/ChartFrame';
import { Facts, type Fact } from '../ui/Facts';
import { MetricLines, type MetricLine } from './MetricLines';
import { MetricStats } from './MetricStats';

interface EntityCardsProps<T> {
  /** Its headline in the days shown. */
  readonly metrics: readonly QueryMetric[];
  /** What narrows a metric down to it, and to what else the page is narrowed down to. */
  readonly filters: Filters;
  readonly title: string;
  readonly says: string;
  readonly lines: readonly MetricLine[];
  readonly answer: Answer<T>;
  readonly factsOf: (thing: T) => readonly Fact[];
  /** The cards below. */
  readonly children: ReactNode;
}

/** How the page of one thing begins: its headline, its course, and beside it what is known of it at all. */
export function EntityCards<T>({ metrics, filters, answer, factsOf, children, ...course }: EntityCardsProps<T>) {
  const view = useView();
  return (
    <div className="flex flex-col gap-4">
      <MetricStats metrics={metrics} view={view} filters={filters} />
      <div className="grid gap-4 lg:grid-cols-12">
        <MetricLines id="over-time" className="lg:col-span-8" {...course} view={view} filters={filters} />
        <ChartFrame
          id="facts"
          className="lg:col-span-4"
          title="Since the first block"
          says="All that is known of it, whatever days and filters are set."
          answer={answer}
        >
          {(thing) => <Facts facts={factsOf(thing)} />}
        </ChartFrame>
        {children}
      </div>
    </div>
  );
}
