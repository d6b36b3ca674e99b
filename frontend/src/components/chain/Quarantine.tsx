'use client';
import type { DeliveryReceipt, QuarantineItem } from '@passportx/analytics-backend/contract';
import { RotateCw, Trash2 } from 'lucide-react';
import { lockOf } from '../../lib/answer';
import { countOf, formatMoment } from '../../lib/format';
import { useAct } from '../../lib/hooks/useAct';
import { useListing } from '../../lib/hooks/useListing';
import { ForAdmins } from '../shell/ForAdmins';
import { CARD } from '../ui/Card';
import { ChartFrame } from '../ui/ChartFrame';
import { LoadMore } from '../ui/LoadMore';
import { ScrollRegion } from '../ui/ScrollRegion';
import { SureButton } from '../ui/SureButton';

const PATH = '/api/quarantine';

/** What was delivered and not understood, for admins: to look at, to take again after a fix, or to drop. */
export function Quarantine() {
  const { loadMore, ...answer } = useListing<QuarantineItem>(PATH, 'before');
  if (lockOf(answer.error) !== null) return <Closed />;
  return (
    <ChartFrame
      id="quarantine"
      className="lg:col-span-12"
      title="Quarantine"
      says="Delivered, but not understood: kept whole with the reason. It counts nothing until it is taken again."
      answer={answer}
      isEmpty={({ items }) => items.length === 0}
      emptyText="Everything that was delivered was understood."
      figures={({ items }) => ({
        columns: ['Id', 'Time', 'Source', 'Reason', 'Field'],
        rows: items.map(({ id, at, source, reason, field }) => [id, at, source, reason, field ?? null]),
      })}
      isTable
    >
      {({ items, hasMore }) => (
        <>
          <ul>
            {items.map((item) => (
              <Item key={item.id} item={item} />
            ))}
          </ul>
          {hasMore && <LoadMore load={loadMore} />}
        </>
      )}
    </ChartFrame>
  );
}

function Closed() {
  return (
    <section aria-labelledby="quarantine-title" id="quarantine" className={`p-4 sm:p-5 lg:col-span-12 ${CARD}`}>
      <h2 id="quarantine-title" className="font-semibold">
        Quarantine
      </h2>
      <p className="mt-0.5 text-sm text-ink-2">
        What was delivered and not understood is shown to admins. <ForAdmins />.
      </p>
    </section>
  );
}

function Item({ item }: { readonly item: QuarantineItem }) {
  const { busy, act } = useAct();
  const path = `${PATH}/${encodeURIComponent(item.id)}`;
  const replay = () =>
    act(`${path}/replay`, { method: 'POST' }, async (response) => {
      const receipt = (await response.json()) as DeliveryReceipt;
      return receipt.quarantined > 0
        ? 'It is still not understood'
        : `Taken: ${countOf(receipt.accepted, 'new event')}`;
    });
  const drop = () => act(path, { method: 'DELETE' }, () => 'Dropped');
  return (
    <li className="border-b border-line py-3 last:border-0">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <p className="font-medium">{item.reason}</p>
          <p className="text-sm text-ink-2">
            {formatMoment(item.at)} · {item.source}
            {item.field !== undefined && (
              <>
                {' '}
                · <code className="rounded bg-sunk px-1 break-all">{item.field}</code>
              </>
            )}
          </p>
        </div>
        <div className="flex gap-2">
          <button type="button" className="control" disabled={busy} onClick={() => void replay()}>
            <RotateCw aria-hidden size={14} /> Take again
          </button>
          <SureButton ask="Drop for good?" className="text-down" busy={busy} onAct={() => void drop()}>
            <Trash2 aria-hidden size={14} /> Drop
          </SureButton>
        </div>
      </div>
      <details className="mt-1">
        <summary className="cursor-pointer py-1 text-sm text-ink-2 max-md:py-3">What was delivered</summary>
        <ScrollRegion label={`Input of ${item.id}`} className="mt-1 max-h-72 overflow-auto rounded-lg bg-sunk p-3">
          <pre className="text-xs">{JSON.stringify(item.input, null, 2)}</pre>
        </ScrollRegion>
      </details>
    </li>
  );
}
