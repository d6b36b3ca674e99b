import type { BoardConnection } from '../../lib/boards/useBoardLive';

const WORDS: Record<BoardConnection, string> = {
  connecting: 'Connecting',
  connected: 'Live',
  offline: 'Offline',
  closed: 'Closed',
};

/** Whether what is shown moves on; that it does not must not be missed. */
export function BoardPulse({ connection }: { readonly connection: BoardConnection }) {
  const still = connection === 'offline' || connection === 'closed';
  return (
    <span
      role="status"
      data-live={connection}
      className={`inline-flex items-center gap-2 rounded-full px-3 py-1 text-sm font-medium ${still ? 'border border-notice-line bg-notice text-notice-ink' : 'text-ink-2'}`}
    >
      <span
        aria-hidden
        className={`size-2 rounded-full ${connection === 'connected' ? 'animate-breathe bg-teal' : 'bg-amber'}`}
      />
      {WORDS[connection]}
      {connection === 'offline' && <span className="max-sm:sr-only">The figures stand still</span>}
    </span>
  );
}
