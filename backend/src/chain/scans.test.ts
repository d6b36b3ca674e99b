import { advanced, begun, completeTo } from './scans.js';

const seen = (name: string, status: string, lastBlock: number | null = null) => ({
  name,
  uuid: `uuid of ${name}`,
  status,
  lastBlock,
});

test('a predicate that was never late is complete up to the last block seen', () => {
  expect(completeTo({}, 'a', 900)).toBe(900);
  expect(completeTo({}, 'a', undefined)).toBeUndefined();
});

test('one whose scan is unfinished, up to where that was, and never beyond the last block seen', () => {
  expect(completeTo({ a: 40 }, 'a', 900)).toBe(40);
  expect(completeTo({ a: 40 }, 'a', undefined)).toBe(40);
  expect(completeTo({ a: 950 }, 'a', 900)).toBe(900);
});

test('a new scan of all leaves each as far as it was', () => {
  expect(begun({ b: 40 }, ['a', 'b'], 900, 1)).toEqual({ a: 900, b: 40 });
  expect(begun({}, ['a', 'b'], undefined, 7)).toEqual({ a: 7, b: 7 });
});

test('a scan comes as far as the node says, never back, and is over when it streams', () => {
  const scans = { a: 5, b: 5, c: 5, d: 5, e: 5 };
  expect(
    advanced(scans, [
      seen('a', 'scanning', 60),
      seen('b', 'scanning', 3),
      seen('c', 'streaming', 60),
      seen('d', 'interrupted'),
      seen('e', 'new'),
    ]),
  ).toEqual({ a: 60, b: 5, d: 5, e: 5 });
});

test('what streamed before stays finished, and a state that is not known here counts as streaming', () => {
  expect(advanced({ a: 5 }, [seen('a', 'unknown'), seen('b', 'scanning', 8)])).toEqual({});
});
