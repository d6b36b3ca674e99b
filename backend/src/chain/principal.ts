import { hash } from 'node:crypto';

/**
 * Principals in their readable form (`ST…`, c32check of Stacks improvement proposal 5): `S`, one digit of version, then
 * the 20 bytes of the hash and 4 of checksum in base 32. People recur, so the last results are kept; the cache has a
 * bound and never changes an answer.
 */
const C32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ADDRESS_BYTES = 21;
const CHECKSUM_BYTES = 4;

/** One for each value of the last two bytes of an address, which are as good as random: the end of a hash. */
const SETS = 65_536;
/** Of a set are kept the two that came last: at 90 bytes each with the address, all of them are 12 MB. */
const WAYS = 2;
/** An address in words: five of the hash, then the version. Two of them fill a line of the processor's cache. */
const STRIDE = 8;

const addresses = new Int32Array(SETS * WAYS * STRIDE);
/** At the same places. */
const principals = new Array<string | undefined>(SETS * WAYS).fill(undefined);

/** Bytes that an address takes: its version and the hash. */
export const PRINCIPAL_BYTES = ADDRESS_BYTES;

/**
 * The c32 form of the address at `offset` of `bytes`, where at least `PRINCIPAL_BYTES` bytes must remain; undefined if
 * its version is none (32 or more).
 */
export function principalAt(bytes: DataView, offset: number): string | undefined {
  const newest = WAYS * bytes.getUint16(offset + ADDRESS_BYTES - 2);
  return keptAt(newest, bytes, offset) ?? keptAt(newest + 1, bytes, offset) ?? keep(newest, bytes, offset);
}

/** Compared by words: a loop over bytes takes twice as long, and a print has three addresses. */
function keptAt(place: number, bytes: DataView, offset: number): string | undefined {
  const at = place * STRIDE;
  return addresses[at] === bytes.getInt32(offset + 1) &&
    addresses[at + 1] === bytes.getInt32(offset + 5) &&
    addresses[at + 2] === bytes.getInt32(offset + 9) &&
    addresses[at + 3] === bytes.getInt32(offset + 13) &&
    addresses[at + 4] === bytes.getInt32(offset + 17) &&
    addresses[at + 5] === bytes.getUint8(offset)
    ? principals[place]
    : undefined;
}

function keep(newest: number, bytes: DataView, offset: number): string | undefined {
  const principal = encode(Buffer.from(bytes.buffer, bytes.byteOffset + offset, ADDRESS_BYTES));
  if (principal === undefined) return undefined;
  const at = newest * STRIDE;
  addresses.copyWithin(at + STRIDE, at, at + STRIDE);
  for (let word = 0; word < 5; word += 1) addresses[at + word] = bytes.getInt32(offset + 1 + 4 * word);
  addresses[at + 5] = bytes.getUint8(offset);
  principals[newest + 1] = principals[newest];
  principals[newest] = principal;
  return principal;
}

const body = Buffer.alloc(ADDRESS_BYTES - 1 + CHECKSUM_BYTES);
const digest = Buffer.alloc(32);
/** Where a principal is written, from the end: a text that is put together of others would be kept with all of them. */
const text = Buffer.alloc(2 + Math.ceil((body.length * 8) / 5));
const DIGITS = Buffer.from(C32, 'latin1');
const [ZERO = 0] = DIGITS;

function encode(address: Uint8Array): string | undefined {
  const version = DIGITS[address[0] ?? DIGITS.length];
  if (version === undefined) return undefined;
  body.set(address.subarray(1));
  // As text, of which every character is a byte: a Buffer for each would take longer than the digest itself.
  digest.write(hash('sha256', address, 'binary'), 'latin1');
  body.write(hash('sha256', digest, 'binary').slice(0, CHECKSUM_BYTES), ADDRESS_BYTES - 1, 'latin1');
  const start = writeC32(body) - 2;
  text.write('S', start, 'latin1');
  text[start + 1] = version;
  return text.toString('latin1', start);
}

/**
 * Writes them in base 32 without leading zeros, then one zero for each leading zero byte, as Bitcoin's base 58 does it.
 * @returns where in `text` they begin
 */
function writeC32(bytes: Uint8Array): number {
  let start = text.length;
  let carry = 0;
  let bits = 0;
  for (let i = bytes.length - 1; i >= 0; i -= 1) {
    carry |= (bytes[i] ?? 0) << bits;
    bits += 8;
    while (bits >= 5) {
      text[(start -= 1)] = DIGITS[carry & 31] ?? ZERO;
      carry >>= 5;
      bits -= 5;
    }
  }
  if (bits > 0) text[(start -= 1)] = DIGITS[carry] ?? ZERO;
  while (text[start] === ZERO) start += 1;
  for (let i = 0; bytes[i] === 0; i += 1) text[(start -= 1)] = ZERO;
  return start;
}
