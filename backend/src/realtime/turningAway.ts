import { ServerResponse, type IncomingMessage } from 'node:http';
import type { HubServer } from './sockets.js';

/** An answer over HTTP in place of a connection. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** As Engine.IO makes it of a request. */
type EngineRequest = IncomingMessage & { readonly _query: Readonly<Record<string, string>> };

/**
 * Answers who wants to connect with `refusal`, while there is one; those that are connected stay. Also who brings the name
 * of a connection that is not known here: it may be known where a proxy asks next.
 */
export function turnAway({ engine }: HubServer, refusal: () => Refusal | undefined): void {
  const connected = new Set<string>();
  engine.on('connection', (socket: NodeJS.EventEmitter & { readonly id: string }) => {
    connected.add(socket.id);
    socket.once('close', () => connected.delete(socket.id));
  });
  engine.use((request: EngineRequest, response: ServerResponse, next: () => void) => {
    const refused = connected.has(request._query['sid'] ?? '') ? undefined : refusal();
    if (refused === undefined) return next();
    const { status, headers, body } = refused;
    answerTo(request, response).writeHead(status, headers).end(body);
  });
}

/** What Engine.IO gives as the answer to an upgrade ends the connection without a word. */
function answerTo(request: IncomingMessage, response: ServerResponse): ServerResponse {
  if (request.headers.upgrade === undefined) return response;
  const answer = new ServerResponse(request);
  answer.shouldKeepAlive = false;
  // Node takes its own listener off before an upgrade: a caller who resets the connection would end the process.
  request.socket.on('error', () => undefined);
  answer.assignSocket(request.socket);
  answer.once('finish', () => request.socket.destroySoon());
  return answer;
}
