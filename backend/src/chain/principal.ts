import { createHash } from 'node:crypto';

/**
 * Principals in their readable form (`ST…`, c32check of Stacks improvement proposal 5): `S`, one digit of version, then
 * the 20 bytes of the hash and 4 of checksum in base 32. People recur, so the last results are kept; the cache has a
 * bound and never changes an answer.
 */
const C32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ADDRESS_BYTES = 21;
const CHECKSUM_BYTES = 4;

/** Principals of one generation. Two are kept: at some 200 bytes each, 13 MB at most. */
const GENERATION = 32_768;

let young = new Map<string, string>();
let old = new Map<string, string>();

/** Bytes that an address takes: its version and the hash. */
export const PRINCIPAL_BYTES = ADDRESS_BYTES;

/**
 * The c32 form of the address at `offset` of `bytes`, where at least `PRINCIPAL_BYTES` bytes must remain; undefined if
 * its version is none (32 or more).
 */
export function principalAt(bytes: Buffer, offset: number): string | undefined {
  const key = bytes.toString('latin1', offset, offset + ADDRESS_BYTES);
  const known = young.get(key);
  if (known !== undefined) return known;
  const principal = old.get(key) ?? encode(bytes.subarray(offset, offset + ADDRESS_BYTES));
  if (principal === undefined) return undefined;
  if (young.size >= GENERATION) {
    old = young;
    young = new Map();
  }
  young.set(key, principal);
  return principal;
}

function encode(address: Uint8Array): string | undefined {
  const version = C32[address[0] ?? C32.length];
  if (version === undefined) return undefined;
  const body = new Uint8Array(ADDRESS_BYTES - 1 + CHECKSUM_BYTES);
  body.set(address.subarray(1));
  body.set(sha256(sha256(address)).subarray(0, CHECKSUM_BYTES), ADDRESS_BYTES - 1);
  return `S${version}${c32(body)}`;
}

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** Base 32 without leading zeros, then one zero for each leading zero byte, as Bitcoin's base 58 does it. */
function c32(bytes: Uint8Array): string {
  let digits = '';
  let carry = 0;
  let bits = 0;
  for (let i = bytes.length - 1; i >= 0; i -= 1) {
    carry |= (bytes[i] ?? 0) << bits;
    bits += 8;
    while (bits >= 5) {
      digits = C32.charAt(carry & 31) + digits;
      carry >>= 5;
      bits -= 5;
    }
  }
  if (bits > 0) digits = C32.charAt(carry) + digits;
  let significant = 0;
  while (digits[significant] === '0') significant += 1;
  let zeroBytes = 0;
  while (bytes[zeroBytes] === 0) zeroBytes += 1;
  return '0'.repeat(zeroBytes) + digits.slice(significant);
}
