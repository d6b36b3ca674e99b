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
const long = (random: Random): Tree => 'long '.repeat(random.whole(1, 5_000));
const number = (random: Random): Tree => mark(`number:${random.pick([...NUMBERS, UINT_128, `${UINT_128}0`]) ?? 0}`);
const deep = (random: Random): Tree => mark(`deep:${random.pick(DEPTHS) ?? 1}`);
const otherType = (random: Random): Tree =>
  structuredClone(random.pick<Tree>([null, true, false, 0, 1, 'text', [], {}, [[]], [null], { hex: '0x' }]) ?? null);
const poisoned = (random: Random): Tree =>
  Object.fromEntries(NAMES.map((name) => [name, name === random.pick(NAMES) ? text(random) : { canonical: true }]));

const VALUES = [otherType, otherType, number, text, long, deep, poisoned];

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

const DISTORTIONS: readonly Distortion[] = [
  ofHex(cut),
  ofHex((digits, random) => cut(digits, random).replace(/.$/, 'g')),
  ofHex((digits) => digits.toUpperCase()),
  ofHex((digits) => `0x${digits}`),
  ofHex((digits) => digits.repeat(3)),
  // Another type, length or digit inside of the Clarity bytes, or lengths that lie.
  ofHex((digits, random) =>
    replaceAt(digits, somewhere(digits, random), random.whole(0, 255).toString(16).padStart(2, '0')),
  ),
  ofHex((digits, random) => replaceAt(digits, somewhere(digits, random), 'ffffffff').slice(0, digits.length)),
  ofHex((digits, random) => `${'0b00000001'.repeat(random.whole(1, 100))}${digits}`),
  (value) => (typeof value === 'string' && !value.includes(MARK) ? value + value : undefined),
  (value) => (typeof value === 'number' ? -value - 1 : undefined),
  (value) => (typeof value === 'number' ? String(value) : undefined),
  (value) => (typeof value === 'boolean' ? !value : undefined),
  (value, random) => (Array.isArray(value) ? value.toSorted(() => random.next() - 0.5) : undefined),
  (value) => (Array.isArray(value) ? value.flatMap((item) => [item, structuredClone(item)]) : undefined),
];

/** What happens to the value `at` a step of its parent. */
type Change = (parent: Tree[] | { [name: string]: Tree }, at: Step, value: Tree, random: Random) => void;

const put = (parent: Tree[] | { [name: string]: Tree }, at: Step, value: Tree): void => {
  // Defined, not assigned: `__proto__` becomes a field like any other.
  Object.defineProperty(parent, at, { value, writable: true, enumerable: true, configurable: true });
};

const replace: Change = (parent, at, _value, random) => put(parent, at, (random.pick(VALUES) ?? otherType)(random));
const distort: Change = (parent, at, value, random) => {
  const fitting = DISTORTIONS.flatMap((distortion) => distortion(value, random) ?? []);
  put(parent, at, random.pick(fitting) ?? text(random));
};
const drop: Change = (parent, at) => {
  if (Array.isArray(parent)) parent.splice(Number(at), 1);
  else Reflect.deleteProperty(parent, at);
};
const rename: Change = (parent, at, value, random) => {
  drop(parent, at, value, random);
  put(parent, Array.isArray(parent) ? parent.length : (random.pick(NAMES) ?? 'x'), value);
};

const CHANGES: readonly Change[] = [replace, replace, distort, distort, drop, rename];

/** A copy of `tree` with one to three things wrong. */
export function distorted(tree: Tree, random: Random): Tree {
  const holder: { root: Tree } = { root: structuredClone(tree) };
  for (let left = random.pick([1, 1, 2, 3]) ?? 1; left > 0; left -= 1) {
    const path = ['root', ...(random.pick(placesIn(holder.root, random)) ?? [])];
    const at = path.at(-1) ?? 'root';
    const parent = path.slice(0, -1).reduce<Tree>((value, step) => childOf(value, step), holder);
    if (typeof parent !== 'object' || parent === null) continue;
    const change = path.length === 1 ? replace : (random.pick(CHANGES) ?? replace);
    change(parent, at, childOf(parent, at), random);
  }
  return holder.root;
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
