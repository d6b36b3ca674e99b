/**
 * "Id ascending" in every list: two decimal ids compare as numbers of any size (`"9"` before `"10"`), everything else
 * by code unit, and decimal ids before the rest. A total order, the same on every machine and in every locale.
 */
const DECIMAL = /^(0|[1-9]\d*)$/;

export function compareIds(a: string, b: string): number {
  const aDecimal = DECIMAL.test(a);
  const bDecimal = DECIMAL.test(b);
  if (aDecimal !== bDecimal) return aDecimal ? -1 : 1;
  if (aDecimal && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
