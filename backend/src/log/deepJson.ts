/**
 * JSON that is nested deeper than `JSON.stringify` can go: V8 reads any depth, but writes by recursion and runs out of
 * stack some thousands of levels down. Neither function here needs more stack for a million levels than for one.
 */

/** Whether a list or an object in parsed JSON lies within more than `levels` others. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  let around = 0;
  for (let level = [value].filter(isNested); level.length > 0; level = level.flatMap(childrenOf).filter(isNested)) {
    if (around > levels) return true;
    around += 1;
  }
  return false;
}

/** What `JSON.stringify` would write of parsed JSON. */
export function deepJson(value: unknown): string {
  const written: string[] = [];
  /** What is still to be written, the last of it first: text as it is, values in a box. */
  const rest: (string | { readonly value: unknown })[] = [{ value }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next === 'string') written.push(next);
    else if (isNested(next.value)) for (const part of partsOf(next.value).reverse()) rest.push(part);
    else written.push(JSON.stringify(next.value));
  }
  return written.join('');
}

type Nested = readonly unknown[] | Readonly<Record<string, unknown>>;

function isNested(value: unknown): value is Nested {
  return typeof value === 'object' && value !== null;
}

function childrenOf(value: Nested): unknown[] {
  return Object.values(value);
}

function partsOf(value: Nested): (string | { readonly value: unknown })[] {
  const isList = Array.isArray(value);
  const parts = Object.entries(value).flatMap(([name, inner], index) => [
    `${index === 0 ? '' : ','}${isList ? '' : `${JSON.stringify(name)}:`}`,
    { value: inner },
  ]);
  return isList ? ['[', ...parts, ']'] : ['{', ...parts, '}'];
}
