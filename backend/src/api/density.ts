/**
 * Tells JSON that would take many times its size in memory before it is parsed: `[{},{},…]` becomes 20 bytes for each of
 * its own, so that two bodies within the limit would be 3 GB. Values are counted by commas and opening brackets, which
 * is exact enough and takes a nanosecond a byte.
 */

/** Real payloads have 20 bytes and more for each value; with 8, a parsed body takes some ten times its size. */
const MIN_BYTES_PER_VALUE = 8;
/** So few are always let through: some 6 MB. */
const ALWAYS_ALLOWED = 100_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPENING_BRACKET = 0x5b;
const OPENING_BRACE = 0x7b;

/** Whether JSON text in UTF-8 holds more values than its length allows. Of what is no JSON it says anything. */
export function isTooDense(json: Uint8Array): boolean {
  const allowed = Math.max(ALWAYS_ALLOWED, json.length / MIN_BYTES_PER_VALUE);
  // A value takes two bytes at least, its comma included.
  if (json.length <= 2 * allowed) return false;
  let values = 1;
  for (let at = 0; at < json.length && values <= allowed; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) at = endOfString(json, at);
    else if (byte === COMMA || byte === OPENING_BRACKET || byte === OPENING_BRACE) values += 1;
  }
  return values > allowed;
}

/** Where the string ends that begins at `start`. */
function endOfString(json: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at;
}
