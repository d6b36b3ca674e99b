/**
 * Opens the Socket.IO connection of the page: websocket first, polling as the fallback, the session cookie as its
 * credential. The client library is loaded only now, so that the first paint does not wait for it.
 */
import { BACKEND_URL } from '../api/client';
import type { Connect } from './connection';

export const connectSocket: Connect = async (auth) => {
  const { io } = await import('socket.io-client');
  return io(BACKEND_URL || window.location.origin, {
    auth,
    autoConnect: false,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    withCredentials: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    randomizationFactor: 0.3,
  });
};
