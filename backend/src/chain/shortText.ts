/**
 * Short ASCII texts out of bytes. Prints repeat a few hundred of them (names of fields and events, categories, roles),
 * so those seen last are kept: comparing 12 bytes costs a tenth of making a string of them. The table has a fixed size
 * and never changes an answer.
 */
const MAX_LENGTH = 32;
const SLOTS = 4_096;

const table: string[] = new Array<string>(SLOTS).fill('');

/** The text from `start` up to `end`; every byte must be ASCII. */
export function asciiText(bytes: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length > MAX_LENGTH) return bytes.toString('latin1', start, end);
  let digest = length;
  for (let i = start; i < end; i += 1) digest = (digest * 31 + (bytes[i] ?? 0)) | 0;
  const slot = (digest ^ (digest >>> 12)) & (SLOTS - 1);
  const kept = table[slot] ?? '';
  if (kept.length === length && isAt(kept, bytes, start)) return kept;
  const text = bytes.toString('latin1', start, end);
  table[slot] = text;
  return text;
}

function isAt(text: string, bytes: Buffer, start: number): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
