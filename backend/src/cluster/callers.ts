import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';

/**
 * From which address a call comes, so that limits count the caller and not who passed the call on: another process, which
 * says so under a seal of the key that all processes on a database have in common, or a proxy that is trusted, which says so
 * in `X-Forwarded-For`. What anyone else says is not believed.
 */
export class Callers {
  readonly #proxies: BlockList;

  /** @param proxies those that are trusted. @throws {RangeError} as `addressList` */
  constructor(
    private readonly key: Buffer | string,
    proxies: readonly string[] = [],
  ) {
    this.#proxies = addressList(proxies);
  }

  /** @param connection where the connection comes from on which these headers came */
  addressOf(headers: IncomingHttpHeaders, connection: string): string {
    return this.of(headers) ?? this.#behindProxies(headers, connection);
  }

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

  /** Each proxy adds whom it was called by: believed are those at the end, as long as they are proxies that are trusted. */
  #behindProxies(headers: IncomingHttpHeaders, connection: string): string {
    let address = connection;
    const said = String(headers['x-forwarded-for'] ?? '').split(',');
    for (const before of said.map((one) => one.trim()).reverse()) {
      if (before === '' || !has(this.#proxies, address)) break;
      address = before;
    }
    return address;
  }

  #seal(address: string): Buffer {
    return createHmac('sha256', this.key).update(`passed on for ${address}`).digest();
  }
}

/** Addresses, and ranges of them as in 10.0.0.0/8. @throws {RangeError} that names one that is neither */
export function addressList(named: readonly string[]): BlockList {
  const list = new BlockList();
  for (const one of named) {
    const [, address = '', bits] = /^([^/]+)(?:\/(\d+))?$/.exec(one) ?? [];
    const family = familyOf(address);
    const most = family === 'ipv4' ? 32 : 128;
    const prefix = Number(bits ?? most);
    if (family === undefined || prefix > most) throw new RangeError(one);
    list.addSubnet(address, prefix, family);
  }
  return list;
}

function has(list: BlockList, address: string): boolean {
  const family = familyOf(address);
  return family !== undefined && list.check(address, family);
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : `ipv${version as 4 | 6}`;
}

export const FORWARDED = 'passportx-forwarded';
