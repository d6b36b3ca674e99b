'use client';
/**
 * What stands around every page: header, sign-in where the dashboard is not public, what is wrong with the connection,
 * footer, keys. The exported HTML holds its frame; clock, address and data come in the browser.
 */
import { useQueryClient } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { lockOf } from '../../lib/answer';
import { BOARD_PATH } from '../../lib/boards/address';
import { useAddress } from '../../lib/hooks/useAddress';
import { useChainStatus } from '../../lib/hooks/useChainStatus';
import { useHydrated } from '../../lib/hooks/useHydrated';
import { useKnownSeq } from '../../lib/hooks/useKnownSeq';
import { useSettings } from '../../lib/hooks/useSettings';
import { useAnalyticsUpdates } from '../../lib/live/AnalyticsUpdates';
import { useLiveRefresh } from '../../lib/live/useLiveRefresh';
import { ALERTS, isAt, PAGES } from '../../lib/pages';
import { OverviewFrame } from '../overview/OverviewFrame';
import { Skeleton } from '../ui/Skeleton';
import { CARD } from '../ui/Card';
import { Footer } from './Footer';
import { Header } from './Header';
import { Keys } from './Keys';
import { LoadFailed, OfflineBanner, StaleBanner } from './Notices';

/** Seen by who has no session, and only once. */
const SignIn = dynamic(() => import('./SignIn').then((part) => part.SignIn), { ssr: false });

export function Shell({ children }: { readonly children: ReactNode }) {
  const hydrated = useHydrated();
  const path = usePathname();
  // A board stands alone: whoever comes by a link may see it and nothing else.
  if (path === BOARD_PATH) return children;
  return hydrated ? <LiveShell>{children}</LiveShell> : <Frame />;
}

function Frame() {
  const path = usePathname();
  const name = [...PAGES, ALERTS].find((page) => isAt(page, path))?.name ?? 'Settings';
  return (
    <>
      <Header chain={undefined} live={false} href={(to) => to} />
      <main className="page-width">
        <div className="pt-7 pb-5">
          <h1 className="text-2xl/8 font-semibold tracking-[-0.02em]">{name}</h1>
          <p className="text-ink-2">Loading…</p>
        </div>
        {path === '/' ? (
          <OverviewFrame />
        ) : (
          <div className={`p-5 ${CARD}`}>
            <Skeleton shape="chart" />
          </div>
        )}
      </main>
    </>
  );
}

function LiveShell({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const { href } = useAddress();
  const [{ locale, clock }] = useSettings();
  const { data: chain, error, refetch, dataUpdatedAt } = useChainStatus();
  const { connection } = useAnalyticsUpdates();
  const seq = useKnownSeq();
  const lock = lockOf(error);
  const allowed = chain !== undefined && lock === null;
  useLiveRefresh(allowed);

  if (lock !== null) {
    return (
      <>
        <Header chain={undefined} live={false} href={href} />
        <SignIn wrongRole={lock === 'forbidden'} onSignedIn={() => void client.resetQueries()} />
      </>
    );
  }
  const cut = allowed && (connection === 'offline' || error !== null);
  return (
    <>
      <a href="#content" className="control fixed top-2 left-2 z-50 not-focus:sr-only">
        Skip to the content
      </a>
      <Header chain={chain} live={allowed || error === null} href={href} />
      {/* What is on screen was written in the language chosen before: another one draws it anew. */}
      <main id="content" key={`${locale} ${clock}`} className="page-width">
        {cut && <OfflineBanner knownAt={dataUpdatedAt} />}
        {!cut && chain?.stalled === true && <StaleBanner heardAt={chain.lastDeliveryAt} />}
        {chain === undefined && error !== null ? (
          <LoadFailed message={error.message} retry={() => void refetch()} />
        ) : (
          children
        )}
        <Footer seq={seq} chain={chain} />
      </main>
      <Keys />
    </>
  );
}
