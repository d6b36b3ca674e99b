import type { ReactNode } from 'react';

export type Fact = readonly [name: string, value: ReactNode];

/** What is known of one thing, line by line. */
export function Facts({ facts, className = '' }: { readonly facts: readonly Fact[]; readonly className?: string }) {
  return (
    <dl className={className}>
      {facts.map(([name, value]) => (
        <div
          key={name}
          className="flex min-h-9 items-center justify-between gap-4 border-b border-line py-1 last:border-0"
        >
          <dt className="shrink-0 text-ink-2">{name}</dt>
          <dd className="min-w-0 truncate text-right font-medium tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
