import { METRICS } from '../../lib/metrics';
import { HAPPENING, HEADLINE, HELD_BY_CATEGORY, MOST_ACTIVE, OVER_TIME, TRENDING } from '../../lib/overview';
import { Card } from '../ui/Card';
import { Skeleton, type SkeletonShape } from '../ui/Skeleton';
import { Stats } from '../ui/Stat';

const CARDS = [
  { words: OVER_TIME, shape: 'chart', className: 'lg:col-span-8' },
  { words: HAPPENING, shape: 'rows', className: 'lg:col-span-4' },
  { words: HELD_BY_CATEGORY, shape: 'rows', className: 'lg:col-span-4' },
  { words: TRENDING, shape: 'rows', className: 'lg:col-span-4' },
  { words: MOST_ACTIVE, shape: 'rows', className: 'lg:col-span-4' },
] as const satisfies readonly { words: object; shape: SkeletonShape; className: string }[];

/** The overview as it stands in the exported page: every word that needs no number, where it will stay. */
export function OverviewFrame() {
  return (
    <div className="flex flex-col gap-4">
      <Stats stats={HEADLINE.map((metric) => ({ id: metric, label: METRICS[metric].label, value: undefined }))} />
      <div className="grid gap-4 lg:grid-cols-12">
        {CARDS.map(({ words, shape, className }) => (
          <Card key={words.id} {...words} busy className={className}>
            <div className="mt-4 flex flex-1 flex-col">
              <Skeleton shape={shape} />
            </div>
          </Card>
        ))}
      </div>
    </div>
  );
}
