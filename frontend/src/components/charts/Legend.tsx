import type { ChartSeries, Hue } from '../../lib/chart/option';
import { formatCount } from '../../lib/format';

export const HUE_CLASSES: Record<Hue, string> = {
  violet: 'bg-violet',
  teal: 'bg-teal',
  amber: 'bg-amber',
  raspberry: 'bg-raspberry',
  blue: 'bg-blue',
  slate: 'bg-slate',
};

interface LegendProps {
  readonly series: readonly ChartSeries[];
  readonly onPick?: ((id: string) => void) | undefined;
}

/** The parts of a stack with their sums; a press narrows the page down to one. What has no id of its own cannot be picked. */
export function Legend({ series, onPick }: LegendProps) {
  return (
    <ul className="mb-3 flex flex-wrap gap-x-1 gap-y-0.5 text-sm">
      {series.map(({ id, name, hue, values }) => {
        const total = formatCount(values.reduce((sum, value) => sum + value, 0));
        const words = (
          <>
            <span aria-hidden className={`size-2.5 shrink-0 rounded-[3px] ${HUE_CLASSES[hue]}`} />
            <span className="truncate">{name}</span>
            <span className="text-ink-2 tabular-nums">{total}</span>
          </>
        );
        const look = '-ml-1.5 flex max-w-56 items-center gap-1.5 rounded-lg px-1.5 mr-2';
        const picks = onPick !== undefined;
        return (
          <li key={id}>
            {onPick && id !== 'other' && id !== 'none' ? (
              <button
                type="button"
                className={`${look} min-h-8 hover:bg-sunk max-md:min-h-11`}
                onClick={() => onPick(id)}
              >
                {words}
              </button>
            ) : (
              <span className={`${look} ${picks ? 'min-h-8 max-md:min-h-11' : 'min-h-6'}`}>{words}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
