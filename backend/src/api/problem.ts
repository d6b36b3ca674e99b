import { STATUS_CODES } from 'node:http';
import { BusyError } from '../chain/gate.js';
import type { Problem } from '../contract/index.js';
import { LogUnavailableError } from '../log/log.js';
import { QuarantineFullError } from '../log/quarantine.js';
import { BadCursorError } from '../contract/index.js';
import { ReadTimeoutError } from '../warehouse/current.js';
import { ReadModelError } from '../warehouse/readModel.js';

/**
 * Every error that leaves the service, as RFC 9457 problem details. A detail names the thing (field, limit, id); it never
 * holds a stack, a token or what a client sent in confidence.
 */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';

  constructor(
    readonly status: number,
    readonly detail: string,
    readonly extra: {
      readonly errors?: readonly FieldError[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(detail);
  }

  /** `about:blank`: the status says what kind of problem it is (RFC 9457, section 4.2.1), its phrase is the title. */
  body(): Problem {
    return {
      type: 'about:blank',
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      detail: this.detail,
      ...(this.extra.errors && { errors: [...this.extra.errors] }),
    };
  }
}

export const PROBLEM_TYPE = 'application/problem+json';

/** 400 that names each field and what it may be. */
export function badRequest(errors: readonly FieldError[]): HttpProblem {
  return new HttpProblem(400, errors.map(({ field, message }) => `${field} ${message}`).join('; '), { errors });
}

export function notFound(detail: string): HttpProblem {
  return new HttpProblem(404, detail);
}

/** 503 that tells when to come back. */
export function unavailable(detail: string, retryAfterSeconds: number): HttpProblem {
  return new HttpProblem(503, detail, { headers: { 'Retry-After': String(retryAfterSeconds) } });
}

/** Until another process was found, or this one has caught up. */
const BEHIND_RETRY_SECONDS = 2;

/** What viewers are told by a process of a cluster that would tell them of before, or of a part. */
export function notUpToDate(reason: string): HttpProblem {
  return unavailable(`This process is not up to date, another may be: ${reason}`, BEHIND_RETRY_SECONDS);
}

/** As it is sent. */
export function answerOf(problem: HttpProblem): { status: number; headers: Record<string, string>; body: string } {
  const headers = { 'Content-Type': PROBLEM_TYPE, 'Cache-Control': 'no-store', ...problem.extra.headers };
  return { status: problem.status, headers, body: JSON.stringify(problem.body()) };
}

/** A chain node waits that long of itself; a store that failed needs longer to come back. */
const BUSY_RETRY_SECONDS = 1;
const LOG_RETRY_SECONDS = 5;
/** Someone has to look at it first. */
const FULL_RETRY_SECONDS = 60;

/** A commit may yet arrive whose answer did not, and a delivery be in the log of which a part could not be set aside. */
const UNKNOWN_WRITE =
  'The store cannot be written at present; what was asked may have been kept, or not. A delivery may be sent again.';

/**
 * What a client may be told of an error; undefined when it is a bug of ours (500).
 * @param isRead whether the request asked for no change
 */
export function problemOf(error: unknown, isRead: boolean): HttpProblem | undefined {
  if (error instanceof HttpProblem) return error;
  if (error instanceof BusyError) return unavailable(`Busy: ${error.message}.`, BUSY_RETRY_SECONDS);
  if (error instanceof ReadTimeoutError)
    return unavailable(`The read was ended: ${error.message}. Ask for fewer days or groups.`, BUSY_RETRY_SECONDS);
  if (error instanceof ReadModelError)
    return unavailable('The read model cannot be used at present; live metrics can.', LOG_RETRY_SECONDS);
  if (error instanceof BadCursorError) return badRequest([{ field: error.field, message: error.message }]);
  if (error instanceof LogUnavailableError)
    return unavailable(isRead ? 'The store cannot be read at present.' : UNKNOWN_WRITE, LOG_RETRY_SECONDS);
  if (error instanceof QuarantineFullError)
    return unavailable(`The quarantine is full: ${error.message}.`, FULL_RETRY_SECONDS);
  // Express' own refusals, such as a path with a broken %-escape.
  if (error instanceof Error && 'status' in error && error.status === 400) return new HttpProblem(400, error.message);
  return undefined;
}
