interface ColumnDatum {
  readonly key: string;
  /** In words, with its unit: what the column is and how high. */
  readonly label: string;
  readonly value: number;
  /** Below the column; most columns have none, there is no room. */
  readonly tick?: string;
  readonly strong?: boolean;
}

interface ColumnsProps {
  readonly caption: string;
  readonly data: readonly ColumnDatum[];
  readonly className?: string;
}

/** Upright bars for a short series. What they say in height stands in a list for those who do not see it. */
export function Columns({ caption, data, className = 'h-40' }: ColumnsProps) {
  const highest = Math.max(1, ...data.map(({ value }) => value));
  return (
    <div className="flex flex-1 flex-col">
      <div aria-hidden className={`flex flex-1 items-end gap-[3px] border-b border-line ${className}`}>
        {data.map(({ key, label, value, strong }) => (
          <div key={key} title={label} className="group relative flex h-full flex-1 items-end">
            <div
              className={`w-full rounded-t-[3px] transition-[height] duration-400 group-hover:bg-accent ${strong ? 'bg-accent' : 'bg-accent/35'}`}
              style={{ height: `max(${(100 * value) / highest}%, ${value === 0 ? 0 : 2}px)` }}
            />
            <span className="pointer-events-none absolute bottom-full left-1/2 z-10 hidden -translate-x-1/2 rounded-md bg-ink px-2 py-1 text-xs whitespace-nowrap text-card group-hover:block">
              {label}
            </span>
          </div>
        ))}
      </div>
      <div aria-hidden className="mt-2 flex gap-[3px] text-xs text-ink-3 tabular-nums">
        {data.map(({ key, tick }, index) => (
          <span key={key} className="relative h-4 flex-1">
            {/* The first begins with its column: its middle would stand outside of the card. */}
            {tick && (
              <span className={`absolute whitespace-nowrap ${index === 0 ? 'left-0' : 'left-1/2 -translate-x-1/2'}`}>
                {tick}
              </span>
            )}
          </span>
        ))}
      </div>
      <ul className="sr-only" aria-label={caption}>
        {data.map(({ key, label }) => (
          <li key={key}>{label}</li>
        ))}
      </ul>
    </div>
  );
}
