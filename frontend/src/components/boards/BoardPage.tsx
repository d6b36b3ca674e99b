'use client';
/**
 * One board: shown, edited, or on a wall. Whoever comes by a link sees the same page without the rest of the dashboard;
 * the secret behind the `#` is traded or kept, and leaves the address, before anything is asked. A token stays there until
 * the service has said what it is worth: a screen that is up before the service opens with it.
 */
import type { Board } from '@passportx/analytics-backend/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useState } from 'react';
import { fetchBoard, openLink } from '../../lib/api/boards';
import { ApiError, mayPass } from '../../lib/api/client';
import { boardPath, dropEditKey, editKeyOf, keepEditKey, parseArrival, type BoardMode } from '../../lib/boards/address';
import { keptDraftOf } from '../../lib/boards/keptDraft';
import { useBoardLive } from '../../lib/boards/useBoardLive';
import { useHydrated } from '../../lib/hooks/useHydrated';
import { Keys } from '../shell/Keys';
import { BoardClosed } from './BoardClosed';
import { EditBoard } from './EditBoard';
import { ShowBoard } from './ShowBoard';
import { WallBoard } from './WallBoard';

export function BoardPage() {
  return useHydrated() ? <Address /> : <Waiting />;
}

/** An address that differs behind the `#` alone loads no page: what it brings arrives at the one that is open. */
function Address() {
  const id = useSearchParams().get('id') ?? '';
  const [arrivals, setArrivals] = useState(0);
  useEffect(() => {
    const look = () => {
      if (parseArrival(window.location.hash) !== null) setArrivals((before) => before + 1);
    };
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, []);
  return <Arriving key={`${id} ${arrivals}`} id={id} />;
}

const Waiting = ({ failure = null }: { readonly failure?: string | null }) => (
  <main className="page-width">
    <h1 className="pt-7 text-2xl/8 font-semibold tracking-[-0.02em]">Board</h1>
    <p role="status" className="text-ink-2">
      {failure === null ? 'Loading…' : `${failure} The page tries again every few seconds.`}
    </p>
  </main>
);

/** How soon a link that could not be traded is shown again. */
const LINK_RETRY_MS = 3_000;
const forgetSecret = () => window.history.replaceState(null, '', window.location.pathname + window.location.search);

function Arriving({ id }: { readonly id: string }) {
  const [arrival] = useState(() => parseArrival(window.location.hash));
  const [open, setOpen] = useState(arrival?.kind !== 'link');
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    if (arrival === null) return;
    if (arrival.kind === 'edit') {
      forgetSecret();
      return keepEditKey(id, arrival.key);
    }
    let gone = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    const trade = async () => {
      try {
        await openLink(arrival.token);
      } catch (error) {
        if (gone) return;
        if (mayPass(error)) {
          setFailure(error.message);
          again = setTimeout(() => void trade(), LINK_RETRY_MS);
          return;
        }
        // Whether the link is good shows in what it opens; a viewer sees the board in any case.
      }
      if (gone) return;
      forgetSecret();
      setOpen(true);
    };
    void trade();
    return () => {
      gone = true;
      clearTimeout(again);
    };
  }, [arrival, id]);
  const given = arrival?.kind === 'edit' ? arrival.key : null;
  if (!open) return <Waiting failure={failure} />;
  return (
    <>
      <OpenBoard id={id} given={given} />
      <Keys at="board" />
    </>
  );
}

const isGone = (error: Error | null): boolean =>
  error instanceof ApiError &&
  (error.kind === 'unauthorized' || error.kind === 'forbidden' || error.problem?.status === 404);

const REFETCH_MS = 5 * 60_000;

function OpenBoard({ id, given }: { readonly id: string; readonly given: string | null }) {
  const client = useQueryClient();
  const mode = useMode();
  const { data, error, refetch } = useQuery<Board>({
    queryKey: ['board', id],
    queryFn: ({ signal }) => fetchBoard(id, signal),
    refetchInterval: REFETCH_MS,
    retry: (count, failure) => !isGone(failure) && count < 3,
  });
  const onEdited = useCallback(() => void client.invalidateQueries({ queryKey: ['board', id] }), [client, id]);
  const live = useBoardLive(id, onEdited);
  const [key, setKey] = useState(() => given ?? editKeyOf(id));
  const go = (to: BoardMode) => window.history.pushState(null, '', boardPath(id, to));

  if (isGone(error)) return <BoardClosed onSignedIn={() => void client.resetQueries()} />;
  if (data === undefined)
    return error === null ? <Waiting /> : <BoardClosed failure={error.message} onSignedIn={() => void refetch()} />;
  if (mode === 'wall') return <WallBoard board={data} live={live} onLeave={() => go('show')} />;
  const onKey = (made: string) => {
    keepEditKey(id, made);
    setKey(made);
  };
  const onRefused = (refused: string) => setKey(dropEditKey(id, refused));
  // Who has lost the key while editing keeps the editor, and what is in it.
  if (mode === 'edit' && (key !== null || keptDraftOf(id) !== null))
    return (
      <main className="page-width pb-16">
        <EditBoard key={data.id} board={data} editKey={key} onRefused={onRefused} onDone={() => go('show')} />
      </main>
    );
  return <ShowBoard board={data} live={live} editKey={key} onKey={onKey} onRefused={onRefused} onMode={go} />;
}

function useMode(): BoardMode {
  const mode = useSearchParams().get('mode');
  return mode === 'edit' || mode === 'wall' ? mode : 'show';
}
