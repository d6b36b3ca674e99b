/**
 * Keeps a board current: asks again when the service says that there is something new on it, and after each connect,
 * since what was missed is not told. Its end (deleted, link revoked) is told at once.
 */
import type { BoardPulse, BoardServerEvents } from '@passportx/analytics-backend/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Socket } from 'socket.io-client';
import { BACKEND_URL } from '../api/client';
import { isOfAlerts } from '../hooks/useAlerts';
import { coalesce } from '../live/coalesce';

/** `stale`: connected, but the service has heard nothing of the chain for longer than it should. */
export type BoardConnection = 'connecting' | 'connected' | 'stale' | 'offline' | 'closed';

export interface BoardLive {
  readonly connection: BoardConnection;
  /** When the chain was last heard of, ISO 8601; null before that is known. */
  readonly heardAt: string | null;
  /** How many alerts fire. */
  readonly firing: number;
}

/** Namespace of the service's Socket.IO for those who look at one board. */
const BOARD_EVENTS = '/boards';
/** Under a stream of updates figures are asked again at most this often. */
const PAUSE_MS = 2_000;
/** Pause before knocking again where Socket.IO does not by itself: after a refusal, which signing in can end. */
const REFUSED_PAUSE_MS = 5_000;

export function useBoardLive(id: string, onEdited: () => void): BoardLive {
  const client = useQueryClient();
  const [state, setState] = useState<Exclude<BoardConnection, 'stale'>>('connecting');
  const [{ heardAt, stalled, firing }, setPulse] = useState<BoardPulse>({ heardAt: null, stalled: false, firing: 0 });
  useEffect(() => {
    let socket: Socket<BoardServerEvents> | undefined;
    let gone = false;
    let knocking: ReturnType<typeof setTimeout> | undefined;
    const figures = coalesce(async () => {
      await client.invalidateQueries({ queryKey: ['api'], predicate: ({ queryKey }) => !isOfAlerts(queryKey) });
    }, PAUSE_MS);
    void import('socket.io-client').then(({ io }) => {
      if (gone) return;
      socket = io(`${BACKEND_URL || window.location.origin}${BOARD_EVENTS}`, {
        auth: { board: id },
        // Where the dashboard's own socket came first, this one shares its connection, which opens nothing by itself.
        autoConnect: false,
        transports: ['websocket', 'polling'],
        tryAllTransports: true,
        withCredentials: true,
        reconnectionDelay: 500,
        reconnectionDelayMax: 5_000,
        randomizationFactor: 0.3,
      });
      socket.on('connect', () => {
        setState('connected');
        figures.request();
        onEdited();
      });
      const offline = () => {
        setState((now) => (now === 'closed' ? now : 'offline'));
        if (socket?.active === false) knocking = setTimeout(() => socket?.connect(), REFUSED_PAUSE_MS);
      };
      socket.on('disconnect', offline);
      socket.on('connect_error', offline);
      socket.on('board:pulse', setPulse);
      socket.on('board:update', figures.request);
      socket.on('board:edited', onEdited);
      socket.on('board:closed', () => {
        setState('closed');
        onEdited();
      });
      socket.connect();
    });
    return () => {
      gone = true;
      figures.stop();
      // Before its end, which would knock again.
      socket?.off();
      clearTimeout(knocking);
      socket?.disconnect();
    };
  }, [client, id, onEdited]);
  return { connection: state === 'connected' && stalled ? 'stale' : state, heardAt, firing };
}
