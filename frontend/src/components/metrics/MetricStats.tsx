'use client';
import type { QueryMetric } from '@passportx/analytics-backend/contract';
import type { ReactNode } from 'react';
import { intervalFor, valuesOver } from '../../lib/buckets';
import { useMetrics } from '../../lib/hooks/useApi';
import { useNow } from '../../lib/hooks/useNow';
import { METRICS, obeys } from '../../lib/metrics';
import type { Filters, View } from '../../lib/view';
import { Stats, type StatDatum } from '../ui/Stat';

interface MetricStatsProps {
  readonly metrics: readonly QueryMetric[];
  readonly view: Pick<View, 'range' | 'compare'>;
  readonly filters: Filters;
  readonly footer?: ReactNode;
}

/** The headline of a page: each metric that knows the filters set, with its change and its way there. */
export function MetricStats({ metrics, view: { range, compare }, filters, footer }: MetricStatsProps) {
  const told = metrics.filter((metric) => obeys(metric, filters));
  const interval = intervalFor(range);
  const answers = useMetrics(told.map((metric) => ({ metric, range, compare, filters, interval })));
  const now = useNow(10_000);
  const stats = told.map((metric, index): StatDatum => {
    const { data, error } = answers[index] ?? { data: undefined, error: null };
    return {
      id: metric,
      label: METRICS[metric].label,
      value: data?.total,
      lessIsBetter: METRICS[metric].lessIsBetter,
      spark: data && valuesOver(now, data, interval),
      ...(data?.previous ? { change: data.previous.change, previous: data.previous.total } : {}),
      failed: error !== null && data === undefined,
    };
  });
  return <Stats stats={stats} footer={footer} />;
}
