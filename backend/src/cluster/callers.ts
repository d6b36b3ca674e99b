import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Says with a call that is passed on from which address it came, so that limits count the caller and not the process
 * between. It is sealed with the key that all processes on a database have in common: what anyone else says is not believed.
 */
export class Callers {
  constructor(private readonly key: Buffer | string) {}

  /** Value of the header that goes with a call from `address`. */
  sealed(address: string): string {
    return `${address} ${this.#seal(address).toString('base64url')}`;
  }

  /** The address that another process says a call came from; undefined when none does. */
  of(headers: IncomingHttpHeaders): string | undefined {
    const header = headers[FORWARDED];
    if (header === undefined) return undefined;
    const [address = '', seal = ''] = String(header).split(' ');
    const [said, right] = [Buffer.from(seal, 'base64url'), this.#seal(address)];
    return said.length === right.length && timingSafeEqual(said, right) ? address : undefined;
  }

  #seal(address: string): Buffer {
    return createHmac('sha256', this.key).update(`passed on for ${address}`).digest();
  }
}

export const FORWARDED = 'passportx-forwarded';
