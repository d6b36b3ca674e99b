import type { ChainStatus } from '@passportx/analytics-backend/contract';
import { countOf, formatCount, shorten } from '../../lib/format';
import { API_DOCS } from '../../lib/api/client';

/** Blocks named one by one; of more, the number has to do. */
const NAMED = 5;

interface FooterProps {
  readonly seq: number | undefined;
  readonly chain: Pick<ChainStatus, 'unproven' | 'unprovenCount'> | undefined;
}

/** What the numbers rest on: the log position, the clock, and what is counted without proof. */
export function Footer({ seq, chain }: FooterProps) {
  const { unproven = [], unprovenCount: count = 0 } = chain ?? {};
  return (
    <footer className="mt-8 flex flex-wrap items-center justify-between gap-x-8 gap-y-2 pb-10 text-xs text-ink-3">
      <div>
        <p className="tabular-nums">
          {seq !== undefined && (
            <>
              Exact to log position <span data-seq={seq}>{formatCount(seq)}</span>.{' '}
            </>
          )}
          Days and times are UTC.
        </p>
        {count > 0 && (
          <p className="mt-1 max-w-prose text-notice-ink">
            {countOf(count, 'block')} counted but unproven until the chain confirms or replaces{' '}
            {count === 1 ? 'it' : 'them'}:{' '}
            {unproven
              .slice(0, NAMED)
              .map(({ height, hash }) => `${formatCount(height)} (${shorten(hash)})`)
              .join(', ')}
            {count > NAMED && ` and ${formatCount(count - NAMED)} more`}.
          </p>
        )}
      </div>
      <div className="flex items-center gap-5">
        <a href={API_DOCS} className="inline-flex min-h-11 items-center underline underline-offset-2 hover:text-ink">
          API documentation
        </a>
        <span className="max-md:hidden pointer-coarse:hidden">
          Press <kbd className="font-sans font-semibold">?</kbd> for keys
        </span>
      </div>
    </footer>
  );
}
