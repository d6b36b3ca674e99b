import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { Deadline } from '../deadline.js';
import { guardedLookup, refusedAddress } from './addresses.js';
import type { Webhook } from './rule.js';
import { signedHeaders } from './signature.js';

/**
 * One attempt at one message. Success is a 2xx, whose body is not read; a redirect is a failure, as it would lead where
 * nobody allowed. It takes ten seconds at most, and never throws.
 */
export interface WebhookMessage {
  readonly id: string;
  /** JSON. */
  readonly body: string;
}

export interface SendOptions {
  /** Whether loopback and private networks may be reached. */
  readonly allowPrivate: boolean;
  readonly clock: () => number;
  /** Ends the attempt early. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export type Outcome =
  | { readonly delivered: true }
  | {
      readonly delivered: false;
      /** For a person; holds nothing of what the receiver said but its status. */
      readonly error: string;
      /** The receiver wants no more of it (410). */
      readonly gone: boolean;
    };

const TIMEOUT_MS = 10_000;
const GONE = 410;

/** What is wrong with the URL of a webhook, for a person; undefined when it may be called. */
export function wrongUrl(text: string, allowPrivate: boolean): string | undefined {
  if (!URL.canParse(text)) return 'must be a URL such as https://hooks.example/alerts';
  const { protocol, username, password, hostname } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return 'must begin with http:// or https://';
  if (username + password !== '') return 'must not hold a user or a password: the message is signed';
  const literal = hostname.replace(/^\[|\]$/g, '');
  const refused = isIP(literal) === 0 ? undefined : refusedAddress(literal, allowPrivate);
  return refused && `must be reachable from outside: ${refused}`;
}

export async function sendWebhook(
  { url, secret }: Webhook,
  message: WebhookMessage,
  options: SendOptions,
): Promise<Outcome> {
  const { allowPrivate, clock, signal, timeoutMs = TIMEOUT_MS } = options;
  const refused = wrongUrl(url, allowPrivate);
  if (refused !== undefined) return failed(`the URL ${refused}`);
  const deadline = new Deadline(timeoutMs, signal);
  try {
    const status = await post(url, message.body, {
      headers: {
        'content-type': 'application/json',
        'user-agent': 'passportx-analytics',
        ...signedHeaders(secret, { ...message, atMs: clock() }),
      },
      allowPrivate,
      signal: deadline.signal,
    });
    if (status >= 200 && status < 300) return { delivered: true };
    if (status >= 300 && status < 400) return failed(`answered ${status}: redirects are not followed`);
    return { ...failed(`answered ${status}`), gone: status === GONE };
  } catch (error) {
    if (deadline.isPassed) return failed(`no answer within ${timeoutMs / 1000} s`);
    return failed(messageOf(error));
  } finally {
    deadline.end();
  }
}

interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly allowPrivate: boolean;
  readonly signal: AbortSignal;
}

/** @returns the status, as soon as it is there */
function post(url: string, body: string, { headers, allowPrivate, signal }: Post): Promise<number> {
  const request = url.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sending = request(
      new URL(url),
      { method: 'POST', headers, lookup: guardedLookup(allowPrivate), signal, agent: false },
      (response) => {
        resolve(response.statusCode ?? 0);
        // Whatever else it says may be endless.
        response.destroy();
      },
    );
    sending.on('error', reject);
    sending.end(body);
  });
}

const failed = (error: string): Outcome & { delivered: false } => ({ delivered: false, error, gone: false });

/** Without the URL, which may be a secret. */
function messageOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message.slice(0, 200);
}
