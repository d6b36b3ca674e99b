/** What the live indicator tells: the state of the connection, and whether the chain behind it still moves. */
import type { ConnectionState } from './connection';

export type LiveKind = ConnectionState | 'stale';

export interface LiveWords {
  readonly name: string;
  readonly says: string;
}

/** `stale`: connected, but the service has heard nothing of the chain for longer than it should. */
export const liveKind = (connection: ConnectionState, stalled: boolean): LiveKind =>
  connection === 'connected' && stalled ? 'stale' : connection;

export const LIVE_WORDS: Record<LiveKind, LiveWords> = {
  connecting: { name: 'Connecting', says: 'The live connection is being made.' },
  connected: { name: 'Live', says: 'Every batch changes this page as it is counted.' },
  reconnecting: { name: 'Reconnecting', says: 'The connection broke. What was missed comes with the next one.' },
  offline: {
    name: 'Offline',
    says: 'The service cannot be reached. The page keeps trying and shows what it last knew.',
  },
  stale: {
    name: 'Stale',
    says: 'Connected, but the chain node has delivered nothing for long: it stands still, or nobody uses the contracts.',
  },
};
