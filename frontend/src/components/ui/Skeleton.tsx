export type SkeletonShape = 'rows' | 'chart' | 'grid';

const bar = 'animate-sheen rounded-md bg-sunk';
const WIDTHS: Record<Exclude<SkeletonShape, 'chart'>, readonly string[]> = {
  rows: ['100%', '94%', '97%', '88%', '92%'],
  grid: ['100%', '92%', '84%', '76%', '68%', '60%'],
};

/** The shape of what will come, breathing; nothing for screen readers, whose card says that it is busy. */
export function Skeleton({ shape }: { readonly shape: SkeletonShape }) {
  if (shape === 'chart') return <div aria-hidden className={`${bar} min-h-60 flex-1`} />;
  return (
    <div aria-hidden className="flex flex-col gap-3">
      {WIDTHS[shape].map((width) => (
        <div key={width} className={`${bar} h-7`} style={{ width }} />
      ))}
    </div>
  );
}
