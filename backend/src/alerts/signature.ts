import { createHmac, randomBytes } from 'node:crypto';

/**
 * Signs what a webhook is sent, as Standard Webhooks 1.0 says: HMAC-SHA256 over id, time and body, so that a receiver knows
 * who sent it, that it is whole, and that it is not an old one sent again. Pure but for `makeSecret`.
 */
const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

export const makeSecret = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64');

/** @param id the same for every attempt at one message: what a receiver knows it again by. @param atMs of this attempt */
export function signedHeaders(
  secret: string,
  { id, atMs, body }: { readonly id: string; readonly atMs: number; readonly body: string },
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(atMs / 1000));
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
