'use client';
import { Unplug, WifiOff, X, type LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { formatMoment } from '../../lib/format';

/** What must not be missed: that what is shown does not move on. It takes room only while that is so. */
function Banner({ icon: Icon, children }: { readonly icon: LucideIcon; readonly children: ReactNode }) {
  return (
    <div
      role="status"
      className="mt-4 flex items-start gap-3 rounded-card border border-notice-line bg-notice px-4 py-3 text-notice-ink"
    >
      <Icon aria-hidden size={18} className="mt-0.5 shrink-0" />
      <p>{children}</p>
    </div>
  );
}

/** The service is away: what is shown is what was last known. */
export function OfflineBanner({ knownAt }: { readonly knownAt: number }) {
  return (
    <Banner icon={WifiOff}>
      <span className="font-semibold">The service cannot be reached.</span> You see what was known at{' '}
      <span className="tabular-nums">{formatMoment(new Date(knownAt).toISOString())}</span>; the page catches up by
      itself.
    </Banner>
  );
}

/**
 * The service is there, but hears nothing of the chain. It can be put away until it hears of it again: contracts that nobody
 * uses at night look the same. @param heardAt when it last did, ISO 8601; null: never
 */
export function StaleBanner({ heardAt }: { readonly heardAt: string | null }) {
  const [hiddenSince, hideSince] = useState<string | null>();
  if (hiddenSince === heardAt) return null;
  return (
    <Banner icon={Unplug}>
      <span className="font-semibold">
        Nothing from the node {heardAt === null ? 'yet' : `since ${formatMoment(heardAt)}`}.
      </span>{' '}
      It has a higher block than the last one delivered; the numbers stay where they are until it delivers again. When
      nobody uses the contracts it looks the same: the node delivers only blocks with events of theirs.
      <button
        type="button"
        aria-label="Hide until the node delivers again"
        className="control -my-1.5 ml-2 align-middle"
        onClick={() => hideSince(heardAt)}
      >
        <X aria-hidden size={16} />
        Hide
      </button>
    </Banner>
  );
}

/** Nothing could be loaded at all: what happened, and a way to try again. */
export function LoadFailed({ message, retry }: { readonly message: string; readonly retry: () => void }) {
  return (
    <div role="alert" className="mt-7 rounded-card border border-line bg-card px-5 py-16 text-center shadow-card">
      <h1 className="text-xl font-semibold tracking-[-0.01em]">The numbers could not be loaded</h1>
      <p className="mx-auto mt-1 max-w-prose text-ink-2">{message} The page tries again every few seconds.</p>
      <button type="button" className="control control-primary mt-5" onClick={retry}>
        Try again now
      </button>
    </div>
  );
}
