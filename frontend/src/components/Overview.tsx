'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { isBrandNew } from '../lib/api/data';
import { hasSession, signOut } from '../lib/api/session';
import { lengthOf } from '../lib/dates';
import { countOf, formatRange } from '../lib/format';
import { lockOf, useChainStatus, useDashboard } from '../lib/hooks/useDashboard';
import { useHydrated } from '../lib/hooks/useHydrated';
import { useToday } from '../lib/hooks/useNow';
import { useSelection } from '../lib/hooks/useSelection';
import { useAnalyticsUpdates } from '../lib/live/AnalyticsUpdates';
import { resolveRange } from '../lib/range';
import { BrandNew } from './BrandNew';
import { Cards } from './Cards';
import { DateRangePicker } from './DateRangePicker';
import { Footer } from './Footer';
import { Header } from './Header';
import { LoadFailed, OfflineBanner } from './Notices';
import { SignIn } from './SignIn';

/** The page. The exported HTML holds its frame; clock, address and data come in the browser. */
export function Overview() {
  const hydrated = useHydrated();
  return hydrated ? <LiveOverview /> : <Frame />;
}

function Frame() {
  return (
    <>
      <Header chain={undefined} live={false} />
      <main className="mx-auto max-w-[1408px] px-4 sm:px-6">
        <h1 className="sr-only">Overview</h1>
        <p className="py-10 text-ink-2">Loading…</p>
      </main>
    </>
  );
}

function LiveOverview() {
  const client = useQueryClient();
  const today = useToday();
  const [selection, select] = useSelection();
  const range = useMemo(() => resolveRange(selection, today), [selection, today]);
  const { connection, close, reorgs } = useAnalyticsUpdates();
  const { data, error, isPlaceholderData, refetch, dataUpdatedAt, loadMore } = useDashboard(range);
  const lock = lockOf(error);
  const { data: chain } = useChainStatus(data !== undefined && lock === null);

  const leave = async () => {
    try {
      await signOut();
    } catch {
      return; // not told, so still signed in; that the service cannot be reached stands above already
    }
    close();
    await client.resetQueries();
  };

  if (lock !== null) {
    return (
      <>
        <Header chain={undefined} live={false} />
        <SignIn wrongRole={lock === 'forbidden'} onSignedIn={() => void client.resetQueries()} />
      </>
    );
  }

  const cut = data !== undefined && (connection === 'offline' || error !== null);
  const brandNew = data !== undefined && isBrandNew(data);
  return (
    <>
      <Header
        chain={chain}
        live={data !== undefined || error === null}
        onSignOut={hasSession() ? () => void leave() : undefined}
      />
      <main className="mx-auto max-w-[1408px] px-4 sm:px-6">
        <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3 pt-7 pb-5">
          <div>
            <h1 className="text-2xl/8 font-semibold tracking-[-0.02em]">Overview</h1>
            <p className="text-ink-2">
              {formatRange(range)}, UTC, against the {countOf(lengthOf(range), 'day')} before
            </p>
          </div>
          <DateRangePicker selection={selection} range={range} today={today} onSelect={select} />
        </div>
        {cut && <OfflineBanner knownAt={dataUpdatedAt} />}
        {!data && error && <LoadFailed message={error.message} retry={() => void refetch()} />}
        {brandNew && <BrandNew />}
        {!brandNew && (data || !error) && (
          <div
            aria-busy={isPlaceholderData}
            className={isPlaceholderData ? 'opacity-60 transition-opacity' : 'transition-opacity'}
          >
            <Cards data={data} today={today} reorgs={reorgs} loadMore={loadMore} />
          </div>
        )}
        <Footer seq={data?.seq} unproven={chain?.unproven ?? []} />
      </main>
    </>
  );
}
