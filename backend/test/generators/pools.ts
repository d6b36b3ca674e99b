/** What ids, names and levels are drawn from: the fewer, the more often facts are about the same thing. */
export interface Pools {
  readonly badges: readonly string[];
  readonly templates: readonly string[];
  readonly communities: readonly string[];
  readonly principals: readonly string[];
  readonly categories: readonly string[];
  readonly levels: readonly number[];
}

const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

/** `9` sorts before `10`, 2^64 after both; the names of the last row are traps for objects used as maps. */
export const CROWDED: Pools = {
  badges: numbered('', 6),
  templates: ['9', '10', '18446744073709551616', 'app-template', '__proto__'],
  communities: ['9', '10', '340282366920938463463374607431768211455', 'constructor'],
  principals: ['SP1', 'SP2', 'SP2.vault', 'ST9', 'ST10', '__proto__'],
  categories: ['learning', 'other', '', '__proto__', 'constructor', '9', '10', 'unknown', 'Zürich', 'ﬁ', '🏅'],
  levels: [0, 1, 2, 9, 10, 4_294_967_296],
};
export const ROOMY: Pools = {
  ...CROWDED,
  badges: numbered('', 40),
  templates: numbered('', 24),
  communities: numbered('', 14),
  principals: numbered('SP', 30),
};
/** More than 100 categories, levels, templates and issuers: what records and lists cut off. */
export const WIDE: Pools = {
  badges: numbered('', 2_000),
  templates: numbered('', 130),
  communities: numbered('', 14),
  principals: numbered('SP', 60),
  categories: [...numbered('category ', 135), ...Array<string>(10).fill('other')],
  levels: Array.from({ length: 130 }, (_, index) => index),
};

export const MANY: Pools = {
  badges: numbered('', 1_500),
  templates: numbered('', 700),
  communities: numbered('', 300),
  principals: numbered('SP', 1_200),
  categories: numbered('category ', 300),
  levels: Array.from({ length: 300 }, (_, index) => index),
};
