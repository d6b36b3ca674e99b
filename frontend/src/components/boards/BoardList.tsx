'use client';
import type { BoardList as List, BoardSummary } from '@passportx/analytics-backend/contract';
import { Plus } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { boardsPath, createBoard } from '../../lib/api/boards';
import { boardPath, editKeyOf, keepEditKey } from '../../lib/boards/address';
import { COLUMNS, rowsOf } from '../../lib/boards/grid';
import { STARTER } from '../../lib/boards/widgets';
import { countOf, formatAgo } from '../../lib/format';
import { useApi } from '../../lib/hooks/useApi';
import { useNow } from '../../lib/hooks/useNow';
import { PageHead } from '../shell/PageHead';
import { CARD } from '../ui/Card';
import { Failure } from '../ui/Failure';
import { Skeleton } from '../ui/Skeleton';
import { useToast } from '../ui/Toast';

/** The boards that there are, and a new one. */
export function BoardList() {
  const { data, error, refetch } = useApi<List>(boardsPath);
  const router = useRouter();
  const say = useToast();
  const [making, setMaking] = useState(false);
  const now = useNow(10_000);

  const make = async () => {
    setMaking(true);
    try {
      const content = { name: 'New board', range: { preset: '30d' as const }, widgets: [...STARTER] };
      const { board, editKey } = await createBoard(content);
      keepEditKey(board.id, editKey);
      router.push(boardPath(board.id, 'edit'));
    } catch (failure) {
      say(failure instanceof Error ? failure.message : 'The board could not be made.');
      setMaking(false);
    }
  };

  return (
    <>
      <PageHead title="Boards" dated={false} says="Pages of your own, to share by a link or to show on a wall">
        <button type="button" className="control control-primary" disabled={making} onClick={() => void make()}>
          <Plus aria-hidden size={16} />
          New board
        </button>
      </PageHead>
      <section aria-label="Boards" aria-busy={data === undefined && error === null}>
        {data === undefined && (
          <div className={`p-5 ${CARD}`}>
            {error === null ? <Skeleton shape="rows" /> : <Failure message={error.message} retry={refetch} />}
          </div>
        )}
        {data?.items.length === 0 && (
          <p className={`px-5 py-16 text-center text-ink-2 ${CARD}`}>
            There is no board yet. Make one: it begins with a row of numbers, and you arrange the rest.
          </p>
        )}
        <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
          {data?.items.map((board) => (
            <li key={board.id}>
              <Entry board={board} now={now} />
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Entry({ board, now }: { readonly board: BoardSummary; readonly now: number }) {
  const { id, name, layout, shares, updatedAt } = board;
  return (
    <article className={`relative flex h-full flex-col overflow-hidden ${CARD} hover:border-line-strong`}>
      <Sketch layout={layout} />
      <div className="flex flex-1 items-start justify-between gap-3 border-t border-line px-4 py-3">
        <div className="min-w-0">
          <h2 className="truncate font-semibold">
            <Link href={boardPath(id)} prefetch={false} className="after:absolute after:inset-0">
              {name}
            </Link>
          </h2>
          <p className="text-sm text-ink-2">
            {countOf(layout.length, 'widget')} · {shares > 0 && `${countOf(shares, 'link')} · `}
            {formatAgo(updatedAt, now)}
          </p>
        </div>
        {editKeyOf(id) !== null && (
          <Link href={boardPath(id, 'edit')} prefetch={false} className="control relative z-10">
            Edit<span className="sr-only"> {name}</span>
          </Link>
        )}
      </div>
    </article>
  );
}

/** Where the widgets stand, as one would draw it on a napkin. */
function Sketch({ layout }: Pick<BoardSummary, 'layout'>) {
  const rows = Math.max(6, Math.min(12, rowsOf(layout)));
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${COLUMNS * 16} ${rows * 10}`}
      preserveAspectRatio="none"
      className="h-32 w-full bg-sunk p-3"
    >
      {layout.map(({ kind, x, y, w, h }, index) => (
        <rect
          key={index}
          x={x * 16 + 1.5}
          y={y * 10 + 1.5}
          width={w * 16 - 3}
          height={h * 10 - 3}
          rx={2}
          className={kind === 'note' ? 'fill-none stroke-line-strong' : 'fill-card stroke-line-strong'}
        />
      ))}
    </svg>
  );
}
