'use client';
import { mapAnswer, type Answer } from '../../lib/answer';
import type { AnalyticsData } from '../../lib/api/data';
import { huesOf } from '../../lib/chart/hues';
import { useMetric } from '../../lib/hooks/useApi';
import { useToday } from '../../lib/hooks/useNow';
import { usePick } from '../../lib/hooks/usePick';
import { HELD_BY_CATEGORY, type CardWords } from '../../lib/overview';
import { isFiltered, type View } from '../../lib/view';
import { Bars, withRest } from '../charts/Bars';
import { groupName } from '../metrics/Breakdown';
import { ChartFrame } from '../ui/ChartFrame';

interface BadgeDistributionChartProps {
  readonly view: View;
  /** Where nothing is filtered, the folds know it already. */
  readonly dashboard: Answer<AnalyticsData>;
  readonly by: 'category' | 'level';
  readonly className: string;
}

interface Share {
  readonly key: string;
  readonly count: number;
  readonly percentage: number;
}

const SHOWN = 7;
const WORDS: Readonly<Record<'category' | 'level', CardWords>> = {
  category: HELD_BY_CATEGORY,
  level: {
    id: 'held-by-level',
    title: 'Held by level',
    says: 'Badges people hold now, by the level that they have now.',
  },
};

/** Badges held, by category or level, the largest first; levels keep their own order, which says more than their size. */
export function BadgeDistributionChart({ view, dashboard, by, className }: BadgeDistributionChartProps) {
  const pick = usePick();
  const filtered = isFiltered(view);
  const today = useToday();
  const asked = useMetric(
    filtered
      ? { metric: 'activeBadges', range: { from: today, to: today }, filters: view.filters, groupBy: by, limit: 20 }
      : null,
  );
  const shares: Answer<readonly Share[]> = filtered
    ? mapAnswer(asked, ({ series, total }) =>
        series
          .filter(({ total: count }) => count > 0)
          .map(({ key, total: count }) => ({ key: key ?? '', count, percentage: (100 * count) / Math.max(1, total) })),
      )
    : mapAnswer(dashboard, ({ badgeDistribution: { byCategory, byLevel } }) =>
        by === 'category'
          ? byCategory.map((row) => ({ ...row, key: row.category }))
          : byLevel.map((row) => ({ ...row, key: String(row.level) })),
      );
  return (
    <ChartFrame
      {...WORDS[by]}
      className={className}
      answer={shares}
      isEmpty={(rows) => rows.length === 0}
      emptyText="Nobody holds such a badge."
      figures={(rows) => ({
        columns: [by === 'category' ? 'Category' : 'Level', 'Held', '%'],
        rows: rows.map(({ key, count, percentage }) => [key, count, percentage]),
      })}
    >
      {(rows) => {
        const named = withRest(
          rows.map((row) => ({ ...row, label: groupName(by, row.key, row.key) })),
          SHOWN,
        );
        const place = (key: string) => (key === 'rest' ? Number.MAX_SAFE_INTEGER : Number(key));
        const ordered = by === 'level' ? named.toSorted((a, b) => place(a.key) - place(b.key)) : named;
        const parts = ordered.filter(({ key }) => key !== 'rest').map(({ key }) => key);
        const hues = new Map(
          huesOf(by, parts, parts.length < ordered.length).map((hue, index) => [parts[index], hue] as const),
        );
        return (
          <Bars
            label={WORDS[by].title}
            bars={ordered.map((row) => ({
              ...row,
              hue: hues.get(row.key) ?? 'slate',
              onPick: row.key === 'rest' ? undefined : () => pick.filter(by, row.key),
            }))}
          />
        );
      }}
    </ChartFrame>
  );
}
