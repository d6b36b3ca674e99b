import { advanced, begun, completeTo, NO_SCANS, type Scans } from './scans.js';

const seen = (name: string, status: string, lastBlock: number | null = null) => ({
  name,
  uuid: `uuid of ${name}`,
  status,
  lastBlock,
});

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const scanning = (to: number) => ({ to, streams: false });
const streams = (to: number) => ({ to, streams: true });
const of = (predicates: Scans['predicates']): Scans => ({ predicates });

test('a predicate of which nothing is known is complete up to the last block seen', () => {
  expect(completeTo(NO_SCANS, 'a', 900)).toBe(900);
  expect(completeTo(NO_SCANS, 'a', undefined)).toBeUndefined();
});

test('any other up to where it was, and never beyond the last block seen', () => {
  expect(completeTo(of({ a: scanning(40) }), 'a', 900)).toBe(40);
  expect(completeTo(of({ a: streams(40) }), 'a', 900)).toBe(40);
  expect(completeTo(of({ a: scanning(40) }), 'a', undefined)).toBe(40);
  expect(completeTo(of({ a: streams(950) }), 'a', 900)).toBe(900);
});

test('a new scan of all leaves each as far as it was, and none of them streams', () => {
  expect(begun(of({ b: streams(40) }), ['a', 'b'], 900, { none: 1, rescanFrom: 600 })).toEqual({
    predicates: { a: scanning(900), b: scanning(40) },
    rescanFrom: 600,
  });
  expect(begun(NO_SCANS, ['a', 'b'], undefined, { none: 7, rescanFrom: undefined })).toEqual(
    of({ a: scanning(7), b: scanning(7) }),
  );
});

test('each comes as far as the node says, never back; one that died stays where it was', () => {
  const scans = { predicates: Object.fromEntries(NAMES.map((name) => [name, scanning(5)])), rescanFrom: 2 };
  const all = [
    seen('a', 'scanning', 60),
    seen('b', 'scanning', 3),
    seen('c', 'streaming', 60),
    seen('d', 'interrupted'),
    seen('e', 'new'),
  ];
  expect(advanced(scans, all, 70)).toEqual({
    predicates: { a: scanning(60), b: scanning(5), c: streams(60), d: scanning(5), e: scanning(5) },
    rescanFrom: 2,
  });
});

test('what streamed before goes on streaming; what does not tell how far it is had come to the last block seen', () => {
  const before = of({ a: streams(5), b: streams(5), c: streams(5), d: streams(5) });
  const all = [seen('a', 'unknown'), seen('b', 'scanning', 8), seen('c', 'interrupted'), seen('d', 'scanning')];
  expect(advanced(before, all, 70)).toEqual(of({ a: streams(70), b: streams(8), c: streams(5), d: streams(70) }));
  expect(advanced(before, all, 3).predicates['a']).toEqual(streams(5));
  expect(advanced(before, all, undefined).predicates['a']).toEqual(streams(5));
});
