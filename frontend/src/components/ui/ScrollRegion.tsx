import type { ReactNode } from 'react';

/** What scrolls must be reachable by keyboard (WCAG 2.1.1), even where nothing inside takes the focus. */
const REACHABLE = { role: 'region', tabIndex: 0 } as const;

interface ScrollRegionProps {
  readonly label: string;
  readonly className?: string;
  /** A single list: where one cannot scroll, on a wall, as many of its rows are shown as fit. */
  readonly rows?: boolean;
  readonly children: ReactNode;
}

export function ScrollRegion({ label, className, rows = false, children }: ScrollRegionProps) {
  return (
    <div {...REACHABLE} aria-label={label} className={className} {...(rows ? { 'data-rows': true } : {})}>
      {children}
    </div>
  );
}
