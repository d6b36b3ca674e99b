import { GROUP_HUES, HueBook } from './hues';

test('a category that is known has its hue however it is written, whatever stands beside it', () => {
  const book = new HueBook();
  expect(book.huesOf('category', ['governance', 'Open source'])).toEqual(['blue', 'teal']);
  expect(book.huesOf('category', ['open-source', 'education', 'open_source'])).toEqual([
    'teal',
    'violet',
    expect.not.stringMatching(/teal|violet|slate/),
  ]);
});

test('a group has in every card the hue that it got in the first, whatever its place there', () => {
  const book = new HueBook();
  const [first, second, third] = book.huesOf('badge', ['7', '8', '9']);
  expect(new Set([first, second, third]).size).toBe(3);
  expect(book.huesOf('badge', ['9', '10', '7'])).toEqual([third, expect.any(String), first]);
  expect(book.huesOf('badge', ['8'])).toEqual([second]);
});

test('a newcomer takes a hue that no other group has, as long as there is one', () => {
  const book = new HueBook();
  const given = ['a', 'b', 'c', 'd', 'e'].flatMap((key) => book.huesOf('issuer', [key]));
  expect(new Set(given)).toEqual(new Set(GROUP_HUES));
});

test('a newcomer leaves known groups their hue', () => {
  const book = new HueBook();
  expect(book.huesOf('category', ['skill'])).toEqual(['violet']);
  // Both have a claim on violet: the one that everyone knows keeps it, in this card alone.
  expect(book.huesOf('category', ['skill', 'education'])).toEqual([expect.not.stringMatching('violet'), 'violet']);
  expect(book.huesOf('category', ['skill'])).toEqual(['violet']);
});

test('no two groups of a card share a hue; those beyond the last are slate', () => {
  const book = new HueBook();
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) book.huesOf('community', [key]);
  const hues = book.huesOf('community', ['f', 'a', 'g', 'b', 'c', 'd', 'e']);
  expect(new Set(hues.filter((hue) => hue !== 'slate')).size).toBe(GROUP_HUES.length);
  expect(hues.filter((hue) => hue === 'slate')).toHaveLength(2);
});

test('a known group that has slate leaves it to the rest, where there is one', () => {
  const book = new HueBook();
  expect(book.huesOf('category', ['infrastructure', 'education'])).toEqual(['slate', 'violet']);
  expect(book.huesOf('category', ['infrastructure', 'education'], true)).toEqual(['teal', 'violet']);
  expect(book.huesOf('category', ['infrastructure'])).toEqual(['slate']);
});

test('dimensions do not take hues from each other', () => {
  const book = new HueBook();
  expect([book.huesOf('badge', ['1']), book.huesOf('community', ['1'])]).toEqual([['violet'], ['violet']]);
});
