/** Reading JSON that nothing vouches for. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole number from 0 that a JSON number holds exactly. */
export function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** A payload, or a transaction of one, is not of the expected shape. `field` is the path of what was wrong. */
export class PayloadError extends Error {
  override readonly name = 'PayloadError';
  constructor(
    reason: string,
    readonly field: string,
  ) {
    super(reason);
  }
}

const NORMAL_HASH = /^0x[0-9a-f]{64}$/;
/** Nodes write 32 bytes with `0x`; others are taken too as long as they are hex and no longer than 64 bytes. */
const ANY_HASH = /^(?:0x)?([0-9a-f]{1,128})$/i;

/**
 * A hash in lower-case hex with `0x`.
 * @throws {PayloadError} if it is none.
 */
export function hashOf(value: unknown, field: string): string {
  if (typeof value === 'string') {
    if (NORMAL_HASH.test(value)) return value;
    const digits = ANY_HASH.exec(value)?.[1];
    if (digits !== undefined) return `0x${digits.toLowerCase()}`;
  }
  throw new PayloadError('a hash is no hex', field);
}
