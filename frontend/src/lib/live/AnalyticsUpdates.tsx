/**
 * Gives every component the one live connection of the page. `useAnalyticsUpdates` tells its state and lets one hear
 * single events; it never fetches.
 */
import type { BatchUpdate, Reorg } from '@passportx/analytics-backend/contract';
import { createContext, use, useState, useSyncExternalStore, type ReactNode } from 'react';
import { LiveConnection, type ConnectionState } from './connection';
import { connectSocket } from './socket';

export interface AnalyticsUpdates {
  readonly isConnected: boolean;
  /** The newest update since the page was opened. */
  readonly latestUpdate: BatchUpdate | null;
  /** Hears one kind of server event; the answer ends it. The function stays the same over renders. */
  readonly subscribeToEvent: LiveConnection['on'];
  readonly connection: ConnectionState;
  /** When the newest update was made, ISO 8601; null before the first. */
  readonly lastBatchAt: string | null;
  /** The last reorganisations seen, newest first. */
  readonly reorgs: readonly Reorg[];
  /** How often the connection came up. */
  readonly connects: number;
  /** The log position that the service was told at the last of them. */
  readonly named: number | undefined;
  /** Connects, from a log position on; nothing happens when already connected. */
  readonly open: LiveConnection['open'];
  readonly close: LiveConnection['close'];
}

const Live = createContext<LiveConnection | null>(null);

export function AnalyticsUpdatesProvider({ children }: { readonly children: ReactNode }) {
  const [connection] = useState(() => new LiveConnection(connectSocket));
  return <Live value={connection}>{children}</Live>;
}

/** @throws when no {@link AnalyticsUpdatesProvider} stands above */
export function useAnalyticsUpdates(): AnalyticsUpdates {
  const live = use(Live);
  if (live === null) throw new Error('useAnalyticsUpdates needs an AnalyticsUpdatesProvider above it');
  const state = useSyncExternalStore(live.watch, live.getState, live.getState);
  return {
    isConnected: state.connection === 'connected',
    latestUpdate: state.latestUpdate,
    subscribeToEvent: live.on,
    connection: state.connection,
    lastBatchAt: state.latestUpdate?.at ?? null,
    reorgs: state.reorgs,
    connects: state.connects,
    named: state.named,
    open: live.open,
    close: live.close,
  };
}
