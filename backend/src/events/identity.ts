import { hash } from 'node:crypto';

/**
 * Who a chain fact is, whoever delivers it, in whatever form and however often: the digest of the block, the
 * transaction and what was printed. Positions in payload arrays are no part of it, since old nodes omit them, filters
 * change them and v2 counts operations instead.
 */
export interface PrintIdentity {
  /** Lower-case hex with `0x`, as is `txId`. */
  readonly blockHash: string;
  readonly txId: string;
  /** Contract identifier. */
  readonly contract: string;
  /** Event name as printed. */
  readonly event: string;
  /** The normalised fields as canonical JSON (keys sorted). */
  readonly fields: string;
  /** How many equal prints (contract, event, fields) this transaction made before. */
  readonly occurrence: number;
}

const ID_LENGTH = 22;
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** @returns the first 16 bytes of SHA-256 over all six parts, as 22 characters of base64url. */
export function printId({ blockHash, txId, contract, event, fields, occurrence }: PrintIdentity): string {
  // No part can hold a line break: hashes, names of our own contracts and events, and JSON escapes it.
  return digest(`${blockHash}\n${txId}\n${contract}\n${event}\n${fields}\n${occurrence}`);
}

/** The id of one of several facts that a single print states: its place in the print's lists joins the identity. */
export function listedId(print: string, place: number): string {
  return digest(`${print}\n${place}`);
}

function digest(text: string): string {
  const whole = hash('sha256', text, 'base64url');
  // 16 bytes end within the last character: the four bits of it that belong to byte 17 are cleared. Cutting the text is
  // twice as fast as cutting bytes and encoding those.
  const last = BASE64URL.indexOf(whole.charAt(ID_LENGTH - 1)) & 0b11_0000;
  return whole.slice(0, ID_LENGTH - 1) + BASE64URL.charAt(last);
}
