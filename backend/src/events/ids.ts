/**
 * "Id ascending" in every list: two decimal ids compare as numbers of any size (`"9"` before `"10"`), everything else
 * by code point, and decimal ids before the rest. A total order, the same on every machine, in every locale, and in
 * databases, which compare UTF-8 byte by byte.
 */
const DECIMAL = /^(0|[1-9]\d*)$/;

export function compareIds(a: string, b: string): number {
  const aDecimal = DECIMAL.test(a);
  const bDecimal = DECIMAL.test(b);
  if (aDecimal !== bDecimal) return aDecimal ? -1 : 1;
  if (aDecimal && a.length !== b.length) return a.length - b.length;
  return compareCodePoints(a, b);
}

/** JavaScript's own `<` goes by UTF-16 unit, which puts an emoji before `ﬁ`. */
function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    if (a.charCodeAt(at) !== b.charCodeAt(at)) return rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
  }
  return a.length - b.length;
}

/** Moves the surrogates, which stand for all code points above the rest, above the units E000 to FFFF. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x2800 : unit;
}
