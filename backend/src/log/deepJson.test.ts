import { deepJson, isDeeperThan } from './deepJson.js';

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));

test.each([
  ['{"a":[1,"é\\"",null,true,{}],"__proto__":{"b":[]},"":-0.5}'],
  ['[]'],
  ['"text"'],
  ['null'],
  ['[[],[[1,2],{"a":{"b":{}}}],"\\ud800"]'],
])('writes %s as JSON.stringify does', (json) => {
  const value: unknown = JSON.parse(json);
  expect(deepJson(value)).toBe(JSON.stringify(value));
});

test('writes a million levels, of which JSON.stringify would run out of stack', () => {
  const value = nested(1_000_000);
  expect(() => JSON.stringify(value)).toThrow(RangeError);
  expect(deepJson(value)).toBe('['.repeat(1_000_000) + ']'.repeat(1_000_000));
});

test('tells how deep a value is nested, at the limit and one beyond', () => {
  expect(isDeeperThan(0, 'text')).toBe(false);
  expect(isDeeperThan(0, [])).toBe(false);
  expect(isDeeperThan(0, [[]])).toBe(true);
  expect(isDeeperThan(128, nested(129))).toBe(false);
  expect(isDeeperThan(128, nested(130))).toBe(true);
  expect(isDeeperThan(2, { a: { b: { c: 1 } } })).toBe(false);
  expect(isDeeperThan(2, { x: 1, a: [{ b: { c: 1 } }] })).toBe(true);
});
