import type { Random } from '../../../scripts/demo/random.js';

/**
 * What can be wrong inside of JSON: one value somewhere in a payload is replaced, dropped, renamed, repeated or
 * distorted. Values that JavaScript cannot hold (uints of 128 bits, a million brackets) are marks that `textOf` writes out.
 */
export type Tree = null | boolean | number | string | Tree[] | { [name: string]: Tree };

type Step = string | number;
type Path = readonly Step[];

/** Real payloads hold no such character. */
const MARK = '\u0002';
/** Stands for `text` in a tree. */
const mark = (text: string): string => `${MARK}${text}${MARK}`;

/** The JSON of a tree, with its marks written out. */
export function textOf(tree: Tree): string {
  return JSON.stringify(tree).replace(/"\\u0002(.*?)\\u0002"/g, (_all, marked: string) => {
    const [kind, value = ''] = marked.split(':');
    return kind === 'deep' ? '['.repeat(Number(value)) + ']'.repeat(Number(value)) : value;
  });
}

const NUMBERS = ['-1', '-0', '0.5', '1e308', '-1e308', '1e999', '4294967296', '253402300800', '9007199254740993'];
const UINT_128 = '340282366920938463463374607431768211455';
const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'toJSON', 'length', ''];
const TEXTS = [
  '',
  ' ',
  '\0',
  '\ud800',
  'é\u0301',
  '⭐'.repeat(300),
  '__proto__',
  'NaN',
  '0x',
  '0X00',
  '1e3',
  '-1',
  '٣',
];
const DEPTHS = [40, 2_000, 20_000];

const text = (random: Random): Tree => random.pick(TEXTS) ?? '';
/** Mostly some thousands of letters, which a log keeps many of, and now and then a million. */
const long = (random: Random): Tree => 'long '.repeat(random.chance(0.02) ? 200_000 : random.whole(1, 5_000));
const number = (random: Random): Tree => mark(`number:${random.pick([...NUMBERS, UINT_128, `${UINT_128}0`]) ?? 0}`);
const deep = (random: Random): Tree => mark(`deep:${random.pick(DEPTHS) ?? 1}`);
const otherType = (random: Random): Tree =>
  structuredClone(random.pick<Tree>([null, true, false, 0, 1, 'text', [], {}, [[]], [null], { hex: '0x' }]) ?? null);
const poisoned = (random: Random): Tree =>
  Object.fromEntries(NAMES.map((name) => [name, name === random.pick(NAMES) ? text(random) : { canonical: true }]));

const longName = (random: Random): Tree => ({ [String(long(random))]: 1 });
const manyNames = (random: Random): Tree =>
  Object.fromEntries(Array.from({ length: random.whole(1, 2_000) }, (_, index) => [`name ${index}`, index]));

type Make = (random: Random) => Tree;

/** Values to put in place of others, by kind; what stands here twice comes twice as often. */
const VALUES: readonly (readonly [kind: string, make: Make])[] = [
  ['another type', otherType],
  ['another type', otherType],
  ['a huge number', number],
  ['an odd text', text],
  ['a huge text', long],
  ['deep nesting', deep],
  ['names like __proto__', poisoned],
  ['a long name', longName],
  ['many names', manyNames],
];

/** One change of a value; undefined where it does not apply. */
type Distortion = (value: Tree, random: Random) => Tree | undefined;

const ofHex =
  (distort: (digits: string, random: Random) => string): Distortion =>
  (value, random) =>
    typeof value === 'string' && /^0x[0-9a-f]{8,}$/.test(value) ? `0x${distort(value.slice(2), random)}` : undefined;

const cut = (digits: string, random: Random): string => digits.slice(0, random.whole(0, digits.length - 1));
const replaceAt = (digits: string, at: number, by: string): string =>
  digits.slice(0, at) + by + digits.slice(at + by.length);
const somewhere = (digits: string, random: Random): number => 2 * random.whole(0, (digits.length - 2) >> 1);

const DISTORTIONS: readonly (readonly [kind: string, distortion: Distortion])[] = [
  ['truncated Clarity', ofHex(cut)],
  ['wrong hex', ofHex((digits, random) => cut(digits, random).replace(/.$/, 'g'))],
  ['upper-case hex', ofHex((digits) => digits.toUpperCase())],
  ['wrong hex', ofHex((digits) => `0x${digits}`)],
  ['something behind the Clarity', ofHex((digits) => digits.repeat(3))],
  // Another type, length or digit inside of the Clarity bytes, or lengths that lie.
  [
    'wrong Clarity',
    ofHex((digits, random) =>
      replaceAt(digits, somewhere(digits, random), random.whole(0, 255).toString(16).padStart(2, '0')),
    ),
  ],
  [
    'Clarity with a length that lies',
    ofHex((digits, random) => replaceAt(digits, somewhere(digits, random), 'ffffffff').slice(0, digits.length)),
  ],
  ['Clarity nested deep', ofHex((digits, random) => `${'0b00000001'.repeat(random.whole(1, 100))}${digits}`)],
  ['a text twice', (value) => (typeof value === 'string' && !value.includes(MARK) ? value + value : undefined)],
  ['a negative number', (value) => (typeof value === 'number' ? -value - 1 : undefined)],
  ['another type', (value) => (typeof value === 'number' ? String(value) : undefined)],
  ['the opposite', (value) => (typeof value === 'boolean' ? !value : undefined)],
  ['another order', (value, random) => (Array.isArray(value) ? value.toSorted(() => random.next() - 0.5) : undefined)],
  [
    'all items twice',
    (value) => (Array.isArray(value) ? value.flatMap((item) => [item, structuredClone(item)]) : undefined),
  ],
];

/** What happens to the value `at` a step of its parent. @returns its kind */
type Change = (parent: Tree[] | { [name: string]: Tree }, at: Step, value: Tree, random: Random) => string;

const put = (parent: Tree[] | { [name: string]: Tree }, at: Step, value: Tree): void => {
  // Defined, not assigned: `__proto__` becomes a field like any other.
  Object.defineProperty(parent, at, { value, writable: true, enumerable: true, configurable: true });
};

const replace: Change = (parent, at, _value, random) => {
  const [kind, make] = VALUES[random.whole(0, VALUES.length - 1)] ?? ['another type', otherType];
  put(parent, at, make(random));
  return kind;
};
const distort: Change = (parent, at, value, random) => {
  const fitting = DISTORTIONS.flatMap(([kind, distortion]) => {
    const distortedValue = distortion(value, random);
    return distortedValue === undefined ? [] : [[kind, distortedValue] as const];
  });
  const [kind, changed] = random.pick(fitting) ?? ['an odd text', text(random)];
  put(parent, at, changed);
  return kind;
};
const drop: Change = (parent, at) => {
  if (Array.isArray(parent)) parent.splice(Number(at), 1);
  else Reflect.deleteProperty(parent, at);
  return 'a field dropped';
};
const rename: Change = (parent, at, value, random) => {
  drop(parent, at, value, random);
  put(parent, Array.isArray(parent) ? parent.length : (random.pick(NAMES) ?? 'x'), value);
  return 'a field renamed';
};

const CHANGES: readonly Change[] = [replace, replace, distort, distort, drop, rename];

/** A copy of `tree` with one to three things wrong, and what they are. */
export function distorted(tree: Tree, random: Random): { readonly tree: Tree; readonly kinds: readonly string[] } {
  const holder: { root: Tree } = { root: structuredClone(tree) };
  const kinds: string[] = [];
  for (let left = random.pick([1, 1, 2, 3]) ?? 1; left > 0; left -= 1) {
    const path = ['root', ...(random.pick(placesIn(holder.root, random)) ?? [])];
    const at = path.at(-1) ?? 'root';
    const parent = path.slice(0, -1).reduce<Tree>((value, step) => childOf(value, step), holder);
    if (typeof parent !== 'object' || parent === null) continue;
    const change = path.length === 1 ? replace : (random.pick(CHANGES) ?? replace);
    kinds.push(change(parent, at, childOf(parent, at), random));
  }
  return { tree: holder.root, kinds };
}

function childOf(value: Tree, step: Step): Tree {
  return typeof value === 'object' && value !== null ? ((value as { [step: Step]: Tree })[step] ?? null) : null;
}

/** Half of the changes are to the few values that are printed, which the rest of a payload would hide. */
function placesIn(root: Tree, random: Random): Path[] {
  const all = pathsOf(root);
  const printed = random.chance(0.5) ? all.filter((path) => path.some((step) => PRINTED.has(step))) : [];
  return printed.length > 0 ? printed : all;
}

const PRINTED: ReadonlySet<Step> = new Set(['raw_value', 'value', 'hex']);

/** Where everything is, the whole included. */
function pathsOf(value: Tree, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name]))];
}
