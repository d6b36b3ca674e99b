import { setTimeout as sleep } from 'node:timers/promises';
import type { DeliveryReceipt } from '../backend/src/contract/index.js';

/**
 * Posts payloads to the service as a chain node would: with the token, and again after the time that a 503 names. What
 * is answered 200 is on disk there; delivering twice changes nothing.
 */
export type Delivered =
  | { readonly kind: 'taken'; readonly receipt: DeliveryReceipt }
  /** This payload was refused; the next one may not be. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Nothing more can be delivered: the service is not there, stays busy, or does not know the token. */
export class DeliveryEndedError extends Error {
  override readonly name = 'DeliveryEndedError';
}

export interface Target {
  /** Where the service listens, as in `http://127.0.0.1:3001`. */
  readonly url: string;
  readonly token: string;
  /** How long one payload is tried again before giving up, in ms. */
  readonly patienceMs: number;
}

const PATH = '/api/chainhook/events';
/** The wait after a failure that names none, in ms. */
const DEFAULT_WAIT_MS = 1_000;

/**
 * @param body one payload as JSON text.
 * @throws {DeliveryEndedError} on 401 and 403, and after `patienceMs` of 503 or of no answer.
 */
export async function deliver(body: string, { url, token, patienceMs }: Target): Promise<Delivered> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  for (let waitedMs = 0; ;) {
    const response = await fetch(`${url}${PATH}`, { method: 'POST', headers, body }).catch(unreachable);
    if (response instanceof Response && response.ok) return { kind: 'taken', receipt: await readReceipt(response) };
    if (response instanceof Response && response.status !== 503) {
      const reason = await readReason(response);
      if (response.status === 401 || response.status === 403) throw new DeliveryEndedError(`${url}: ${reason}`);
      return { kind: 'refused', reason };
    }
    const waitMs = response instanceof Response ? retryAfterMs(response) : DEFAULT_WAIT_MS;
    if (waitedMs + waitMs > patienceMs) {
      const reason = response instanceof Response ? await readReason(response) : response.reason;
      throw new DeliveryEndedError(`${url}: ${reason}`);
    }
    if (response instanceof Response) await response.body?.cancel();
    await sleep(waitMs);
    waitedMs += waitMs;
  }
}

function unreachable(error: unknown): { reason: string } {
  // undici says "fetch failed" and keeps why (refused, reset) in the cause.
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return { reason: `no answer (${code})` };
}

/** Seconds or an HTTP date, as RFC 9110 allows. */
function retryAfterMs(response: Response): number {
  const value = response.headers.get('retry-after') ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? DEFAULT_WAIT_MS : Math.max(0, atMs - Date.now());
}

async function readReceipt(response: Response): Promise<DeliveryReceipt> {
  const body = (await response.json().catch(() => ({}))) as Readonly<Record<string, unknown>>;
  const count = (name: keyof DeliveryReceipt): number => (typeof body[name] === 'number' ? body[name] : 0);
  return {
    accepted: count('accepted'),
    duplicates: count('duplicates'),
    ignored: count('ignored'),
    quarantined: count('quarantined'),
    applied: count('applied'),
    rolledBack: count('rolledBack'),
  };
}

/** The `detail` of a problem document, else the status. */
async function readReason(response: Response): Promise<string> {
  const text = await response.text().catch(() => '');
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    if (typeof detail === 'string') return `${response.status}: ${detail}`;
  } catch {
    // Not a problem document: the status must do.
  }
  return `${response.status} ${response.statusText}`;
}
