import type { ReactNode } from 'react';

/** What scrolls must be reachable by keyboard (WCAG 2.1.1), even where nothing inside takes the focus. */
const REACHABLE = { role: 'region', tabIndex: 0 } as const;

interface ScrollRegionProps {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}

export function ScrollRegion({ label, className, children }: ScrollRegionProps) {
  return (
    <div {...REACHABLE} aria-label={label} className={className}>
      {children}
    </div>
  );
}
