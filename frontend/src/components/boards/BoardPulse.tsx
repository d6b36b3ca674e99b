import { BellRing } from 'lucide-react';
import { countOf, formatAgo } from '../../lib/format';
import { useFiringNames } from '../../lib/hooks/useAlerts';
import { useNow } from '../../lib/hooks/useNow';
import type { BoardConnection, BoardLive } from '../../lib/boards/useBoardLive';

const WORDS: Record<BoardConnection, string> = {
  connecting: 'Connecting',
  connected: 'Live',
  stale: 'Stale',
  offline: 'Offline',
  closed: 'Closed',
};
/** What a viewer should make of it. */
const SAYS: Partial<Record<BoardConnection, string>> = {
  stale: 'The chain node delivers nothing',
  offline: 'The figures stand still',
};

const PILL = 'inline-flex items-center gap-2 rounded-full px-3 py-1 text-sm font-medium';
const NOTICED = 'border border-notice-line bg-notice text-notice-ink';

/** Whether what is shown moves on, and how fresh it is; that it does not must not be missed. */
export function BoardPulse({ connection, heardAt, firing }: BoardLive) {
  const now = useNow(1_000);
  const still = connection === 'stale' || connection === 'offline' || connection === 'closed';
  return (
    <>
      <span data-live={connection} className={`${PILL} ${still ? NOTICED : 'text-ink-2'}`}>
        <span
          aria-hidden
          className={`size-2 shrink-0 rounded-full ${connection === 'connected' ? 'animate-breathe bg-teal' : 'bg-amber'}`}
        />
        <span role="status">
          {WORDS[connection]}
          {SAYS[connection] && <span className="max-sm:sr-only"> · {SAYS[connection]}</span>}
        </span>
        {heardAt !== null && connection !== 'closed' && (
          <span data-fresh className="font-normal whitespace-nowrap tabular-nums">
            <span className="max-sm:sr-only">updated </span>
            {formatAgo(heardAt, now)}
          </span>
        )}
      </span>
      <Firing count={firing} />
    </>
  );
}

/** That alerts fire must not be missed by those who keep a board open; whoever may read them is told which. */
function Firing({ count }: { readonly count: number }) {
  const names = useFiringNames(count);
  return (
    <span role="status" data-firing={count} className={count > 0 ? `${PILL} min-w-0 ${NOTICED}` : 'sr-only'}>
      {count > 0 && (
        <>
          <BellRing aria-hidden size={15} className="shrink-0" />
          <span className="whitespace-nowrap">{countOf(count, 'alert')} firing</span>
          {names.length > 0 && <span className="max-w-96 truncate font-normal max-sm:sr-only">{names.join(', ')}</span>}
        </>
      )}
    </span>
  );
}
