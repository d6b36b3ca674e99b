'use client';
import { WifiOff } from 'lucide-react';
import { formatMoment } from '../../lib/format';

/** Says that what is shown is what was last known; it takes room only while that is so. */
export function OfflineBanner({ knownAt }: { readonly knownAt: number }) {
  return (
    <div
      role="status"
      className="mt-4 flex items-start gap-3 rounded-card border border-notice-line bg-notice px-4 py-3 text-notice-ink"
    >
      <WifiOff aria-hidden size={18} className="mt-0.5 shrink-0" />
      <p>
        <span className="font-semibold">The service cannot be reached.</span> You see what was known at{' '}
        <span className="tabular-nums">{formatMoment(new Date(knownAt).toISOString())}</span>; the page catches up by
        itself.
      </p>
    </div>
  );
}

/** Nothing could be loaded at all: what happened, and a way to try again. */
export function LoadFailed({ message, retry }: { readonly message: string; readonly retry: () => void }) {
  return (
    <div role="alert" className="mt-7 rounded-card border border-line bg-card px-5 py-16 text-center shadow-card">
      <h2 className="text-xl font-semibold tracking-[-0.01em]">The numbers could not be loaded</h2>
      <p className="mx-auto mt-1 max-w-prose text-ink-2">{message} The page tries again every few seconds.</p>
      <button type="button" className="control control-primary mt-5" onClick={retry}>
        Try again now
      </button>
    </div>
  );
}
