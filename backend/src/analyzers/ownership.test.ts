import { Ownership } from './ownership.js';

const lowest = (community: number, rival: number): boolean => community < rival;

it('gives the first of the communities that a principal owns now, through transfers and endings', () => {
  const ownership = new Ownership(lowest);
  ownership.changed(2, undefined, 'alice');
  ownership.changed(1, undefined, 'bob');
  ownership.changed(3, undefined, 'alice');
  expect([ownership.firstOf('alice'), ownership.firstOf('bob'), ownership.firstOf('carol')]).toEqual([2, 1, 0]);
  ownership.changed(1, 'bob', 'alice');
  expect([ownership.firstOf('alice'), ownership.firstOf('bob')]).toEqual([1, 0]);
  ownership.changed(1, 'alice', undefined);
  ownership.changed(2, 'alice', 'carol');
  expect([ownership.firstOf('alice'), ownership.firstOf('carol')]).toEqual([3, 2]);
});

it('looks again when a community moves in the order and stays with its owner', () => {
  const inactive = new Set<number>();
  const ownership = new Ownership((community, rival) =>
    inactive.has(community) === inactive.has(rival) ? community < rival : inactive.has(rival),
  );
  ownership.changed(1, undefined, 'alice');
  ownership.changed(2, undefined, 'alice');
  inactive.add(1);
  ownership.changed(1, 'alice', 'alice');
  expect(ownership.firstOf('alice')).toBe(2);
});
