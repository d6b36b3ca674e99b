import { raw, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { Gate } from '../chain/gate.js';
import { isTooDense } from './density.js';
import { HttpProblem } from './problem.js';

/**
 * Reads a JSON body of at most so many bytes, counted after decompression, so that a small gzip of a huge body is refused
 * too, and of no more values than would fit in memory. Any JSON value passes, also a bare number: what it means is for the next one to say.
 */
export interface BodyLimit {
  readonly bytes: number;
  /** What sets it, named in the refusal. */
  readonly setBy: string;
  /** Takes JSON under any content type: a chain node that is refused gives its predicate up. */
  readonly anyType?: boolean;
  /** Bounds the bodies that are in memory together: one is read when there is a place, and has it until the answer. */
  readonly gate?: Gate;
}

/** JSON between systems is UTF-8, whatever a charset says (RFC 8259); other bytes are refused, not replaced by a guess. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Of what people send: a token, a period. */
export const SMALL_BODY: BodyLimit = { bytes: 16 * 1024, setBy: 'fixed' };

let lastTurn: Promise<unknown> = Promise.resolve();

/**
 * What follows has a turn of the event loop for itself. Of large bodies that have come at once each takes milliseconds to
 * parse and decode: in one turn, everybody would wait for all of them.
 */
function turnOfItsOwn(): Promise<unknown> {
  lastTurn = lastTurn.then(() => new Promise(setImmediate));
  return lastTurn;
}

/** Reads a body to its end: `request.body` is its bytes, unpacked. */
export function readBytes(limit: BodyLimit): RequestHandler {
  const read = raw({ type: () => true, limit: limit.bytes });
  return async (request, response, next) => {
    // `is` answers null when there is no body at all.
    const kind = request.is(['json', '+json']);
    if (kind === null) throw new HttpProblem(400, 'A JSON body is needed, and there is none.');
    if (kind === false && limit.anyType !== true)
      throw new HttpProblem(400, 'The body must be JSON: Content-Type application/json.');
    if (limit.gate !== undefined) await takePlace(limit.gate, heldBytes(request, limit), response);
    const goOnWith = (body: Buffer | undefined): void => {
      if (body === undefined) return next(new HttpProblem(400, 'The body did not come: its sender went away.'));
      request.body = body;
      const goOn = (): void =>
        isTooDense(body)
          ? next(new HttpProblem(413, 'The body holds more values than one in 8 bytes: parsed, it would be too large.'))
          : next();
      if (body.length <= SMALL_BODY.bytes) return goOn();
      // Its client may go away meanwhile: the body is here as long as anyone's.
      const letGo = placeOf(response)?.hold();
      void turnOfItsOwn().then(() => {
        goOn();
        letGo?.();
      });
    };
    if (comesAsItIs(request, limit)) return readAsItIs(request, goOnWith);
    read(request, response, (error?: unknown) =>
      error === undefined ? goOnWith(request.body as Buffer | undefined) : next(refusal(error, limit)),
    );
  };
}

/** Whether it is not compressed, and says a length that is within the limit. Node takes no more of it than that. */
const comesAsItIs = ({ headers }: Request, { bytes }: BodyLimit): boolean =>
  headers['content-encoding'] === undefined && Number(headers['content-length'] ?? Infinity) <= bytes;

/** Nothing is to be unpacked, counted or refused: most deliveries are read here, in half the time. Undefined: it broke off. */
function readAsItIs(request: Request, then: (body: Buffer | undefined) => void): void {
  // It went away before: there is nothing to come.
  if (request.destroyed) return then(undefined);
  let chunks: Buffer[] = [];
  let isOver = false;
  const end = (body: Buffer | undefined): void => {
    if (isOver) return;
    isOver = true;
    // The request holds what listens to it, and lives until it is answered: the body would be in memory twice.
    chunks = [];
    then(body);
  };
  const breakOff = (): void => end(undefined);
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => end(Buffer.concat(chunks)));
  request.on('error', breakOff);
  request.on('close', breakOff);
}

/** Puts what the bytes of a body say in their place. @throws {HttpProblem} 400 */
export function parseJson(request: Request): void {
  try {
    request.body = JSON.parse(UTF8.decode(request.body as Buffer)) as unknown;
  } catch {
    // The parser's own message quotes the body, which may hold a token.
    throw new HttpProblem(400, 'The body is not JSON in UTF-8.');
  }
}

/** A body's place, held by the connection until it closes, and by whoever is at work on the body. */
class Place {
  #holders = 0;

  constructor(private readonly leave: () => void) {}

  /** @returns how to let go of it. */
  hold(): () => void {
    this.#holders += 1;
    return () => {
      this.#holders -= 1;
      if (this.#holders === 0) this.leave();
    };
  }
}

/** Not in a WeakMap, whose entries each garbage collection looks through. */
const PLACE = 'place';
const placeOf = (response: Response): Place | undefined => response.locals[PLACE] as Place | undefined;

/** Until then the body waits in the network, not in memory. @throws {BusyError} */
async function takePlace(gate: Gate, bytes: number, response: Response): Promise<void> {
  const place = new Place(await gate.enter(bytes));
  response.locals[PLACE] = place;
  const letGo = place.hold();
  // Whoever went away while waiting will not close again.
  if (response.destroyed) letGo();
  else response.once('close', letGo);
}

/** Lets `handle` keep the place of the body that it works on also when the client goes away meanwhile. */
export function keepingPlace(handle: RequestHandler): RequestHandler {
  return async (request: Request, response: Response, next: NextFunction) => {
    const letGo = placeOf(response)?.hold();
    try {
      await handle(request, response, next);
    } finally {
      letGo?.();
    }
  };
}

/** What the body may come to: its length where that is said and true, else the most that it may have. */
function heldBytes(request: Request, limit: BodyLimit): number {
  const length = Number(request.get('content-length') ?? Infinity);
  return request.get('content-encoding') === undefined ? Math.min(length, limit.bytes) : limit.bytes;
}

function refusal(error: unknown, limit: BodyLimit): unknown {
  if (!(error instanceof Error) || !('status' in error)) return error;
  if (error.status === 413)
    return new HttpProblem(413, `The body is larger than the limit of ${limit.bytes} bytes (${limit.setBy}).`);
  return new HttpProblem(400, `The body could not be read: ${error.message}.`);
}
