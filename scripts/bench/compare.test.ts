import type { Row } from './arithmetic.js';
import { differences, vanished, worseThan, type Kept, type Machine } from './compare.js';
import { comparison, table } from './report.js';

const MACHINE: Machine = { quick: true, cores: 2, node: 'v20.20.1' };
const row = (id: string, value: number, aim: Row['aim']): Row => ({
  id,
  what: id,
  value,
  unit: 'ms',
  beside: { what: 'limit', value: 50 },
  aim,
});
const kept = (...rows: readonly (readonly [id: string, measurement: string])[]): Kept => ({
  machine: MACHINE,
  rows: rows.map(([id, measurement]) => ({ id, measurement, ratio: 1 })),
});

describe('comparing two runs', () => {
  test('names what became worse by more than a tenth, in the direction that is worse', () => {
    const before = kept(['rate', 'a'], ['time', 'b'], ['gone', 'b']);
    const at = (rate: number, time: number): string[] =>
      worseThan(before, [
        row('rate', rate, { atLeast: 1 }),
        row('time', time, { atMost: 1 }),
        row('new', 1, { atMost: 1 }),
      ]).map(({ id }) => id);
    expect(at(46, 54)).toEqual([]);
    expect(at(44, 54)).toEqual(['rate']);
    expect(at(80, 56)).toEqual(['time']);
  });

  test('names the rows that are no more, but only of what was measured again', () => {
    const before = kept(['rate', 'a'], ['time', 'b'], ['other', 'c']);
    const now = [row('rate', 50, { atLeast: 1 })];
    expect(vanished(before, now, ['a', 'b'])).toEqual(['time']);
    expect(vanished(before, now, ['a'])).toEqual([]);
    const told = comparison(before, now, ['a', 'b'], 'FILE');
    expect(told).toBe('no ratio is worse than in FILE by more than 10 %\nin FILE, and no more:\n  time');
  });

  test('is refused where size, cores or the major version of Node differ, and says which', () => {
    expect(differences(MACHINE, { ...MACHINE, node: 'v20.19.0' })).toEqual([]);
    expect(differences(MACHINE, { quick: false, cores: 4, node: 'v22.1.0' })).toEqual([
      'it was made --quick, this one is made at full size',
      'on 2 cores, on 4 cores',
      'with Node v20, with Node v22',
    ]);
    expect(differences(MACHINE, { ...MACHINE, cores: 4 })).toHaveLength(1);
  });
});

describe('the table', () => {
  test('prints an aim for another size with its size and no verdict, and its own with one', () => {
    const [, other = '', same = ''] = table([
      { ...row('a', 40, { atMost: 0.5 }), size: { measured: 100_000, aimed: 1_000_000 } },
      { ...row('b', 40, { atMost: 0.5 }), size: { measured: 1_000_000, aimed: 1_000_000 } },
    ]).split('\n');
    expect(other).toMatch(/0\.8 +≤ 0\.5 at 1,000,000$/);
    expect(same).toMatch(/0\.8 +≤ 0\.5 +NOT met$/);
  });

  test('says what an event is', () => {
    expect(table([])).toContain('1.94 a print');
  });
});
