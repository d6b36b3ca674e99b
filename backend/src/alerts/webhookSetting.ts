import { WrongAlertError } from './refused.js';
import type { Webhook } from './rule.js';
import { makeSecret } from './signature.js';
import { wrongUrl } from './webhook.js';

/**
 * Where an alert is sent to from now on: a secret that is not given stays what it was, or is made.
 * @param allowPrivate whether it may be on loopback and private networks
 * @returns the webhook, and its secret if it was made here
 * @throws {WrongAlertError}
 */
export function webhookOf(
  before: Webhook | null,
  { url, secret }: { readonly url: string | null; readonly secret: string | undefined },
  allowPrivate: boolean,
): { webhook: Webhook | null; made: string | null } {
  if (url === null) {
    if (secret === undefined) return { webhook: null, made: null };
    throw new WrongAlertError([{ field: 'webhookSecret', message: 'must come with a webhookUrl' }]);
  }
  const wrong = wrongUrl(url, allowPrivate);
  if (wrong !== undefined) throw new WrongAlertError([{ field: 'webhookUrl', message: wrong }]);
  if (secret !== undefined) return { webhook: { url, secret }, made: null };
  if (before !== null) return { webhook: { url, secret: before.secret }, made: null };
  const made = makeSecret();
  return { webhook: { url, secret: made }, made };
}
