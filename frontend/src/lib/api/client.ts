/**
 * One way to call the service: same origin unless NEXT_PUBLIC_BACKEND_URL named another when the dashboard was built,
 * the session cookie always along, every failure an {@link ApiError} that says what one can do about it.
 */
import type { Problem } from '@passportx/analytics-backend/contract';

/** Where the service is, without a slash at the end; empty for the origin of the page. */
export const BACKEND_URL = (process.env.NEXT_PUBLIC_BACKEND_URL ?? '').replace(/\/+$/, '');

export const API_DOCS = `${BACKEND_URL}/api/docs`;

/** What one can do about a failure: sign in, sign in with another token, wait, mend the request, look at the network. */
export type ErrorKind = 'unauthorized' | 'forbidden' | 'unavailable' | 'rejected' | 'unreachable';

export class ApiError extends Error {
  constructor(
    readonly kind: ErrorKind,
    message: string,
    /** The answer's own words, when it was `application/problem+json`. */
    readonly problem?: Problem,
    /** Seconds the service asks to wait, from Retry-After. */
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** Worth asking again: the network or the service hiccuped. What was refused stays refused. */
export const mayPass = (error: unknown): error is ApiError =>
  error instanceof ApiError && (error.kind === 'unreachable' || error.kind === 'unavailable');

function kindOf(status: number): ErrorKind {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  return status === 429 || status >= 500 ? 'unavailable' : 'rejected';
}

async function readProblem(response: Response): Promise<Problem | undefined> {
  if (!response.headers.get('content-type')?.includes('application/problem+json')) return undefined;
  try {
    return (await response.json()) as Problem;
  } catch {
    return undefined; // cut off on the way: the status alone has to do
  }
}

/** Turns an answer that is not 2xx into the error it means. */
export async function toApiError(response: Response): Promise<ApiError> {
  const problem = await readProblem(response);
  const wait = Number(response.headers.get('retry-after') ?? NaN);
  const message = problem?.detail ?? `The service answered ${response.status} ${response.statusText}`.trim();
  return new ApiError(kindOf(response.status), message, problem, Number.isFinite(wait) ? wait : undefined);
}

/**
 * Calls the service and gives the answer, which is 2xx.
 * @throws ApiError for any other answer, and of kind `unreachable` when there was none.
 */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`${BACKEND_URL}${path}`, { credentials: 'include', ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error; // given up by us, not refused by the network
    throw new ApiError('unreachable', 'The service cannot be reached.');
  }
  if (!response.ok) throw await toApiError(response);
  return response;
}

/** GETs JSON of a shape that the contract promises. @throws ApiError as {@link call} */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await call(path, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) });
  return (await response.json()) as T;
}
