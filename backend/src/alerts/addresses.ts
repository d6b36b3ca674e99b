import { lookup as resolveName } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Which addresses a webhook may be sent to. Whoever may set a webhook must not reach, through this service, what only its
 * machine can reach: the metadata service of a cloud never, other machines of its network only where that was allowed. It
 * is asked of the address that is connected to, so a name that changes its mind between two look-ups gains nothing.
 */
const NEVER = listOf([
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
  ['::', 128],
  ['fe80::', 10],
  ['ff00::', 8],
  // Metadata of a cloud, outside the link-local range.
  ['fd00:ec2::254', 128],
]);
const PRIVATE = listOf([
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['::1', 128],
  ['fc00::', 7],
  // Addresses of IPv4 behind a translator.
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
]);

/** Why the address may not be connected to; undefined when it may. */
export function refusedAddress(address: string, allowPrivate: boolean): string | undefined {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (NEVER.check(address, family)) return `${address} is link-local, multicast or reserved`;
  if (!allowPrivate && PRIVATE.check(address, family)) return `${address} is of a private network`;
  return undefined;
}

/** Looks a name up as a socket does, and refuses when any of its addresses may not be connected to. */
export const guardedLookup =
  (allowPrivate: boolean): LookupFunction =>
  (hostname, options, callback) => {
    resolveName(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '');
      const refused = addresses.map(({ address }) => refusedAddress(address, allowPrivate)).find(Boolean);
      const [first] = addresses;
      if (refused !== undefined) return callback(new Error(refused), '');
      if (first === undefined) return callback(new Error(`${hostname} has no address`), '');
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

function listOf(networks: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, bits] of networks) list.addSubnet(network, bits, isIP(network) === 6 ? 'ipv6' : 'ipv4');
  return list;
}
