import { toCohortRows } from './cohorts';

test('empty months before the first user are dropped, later ones stay', () => {
  const rows = toCohortRows([
    { cohort: '2026-08', size: 0, retained: [0, 0, 0, 0] },
    { cohort: '2026-09', size: 4, retained: [4, 2, 1] },
    { cohort: '2026-10', size: 0, retained: [0, 0] },
    { cohort: '2026-11', size: 3, retained: [1] },
  ]);
  expect(rows.map(({ month }) => month)).toEqual(['2026-09', '2026-10', '2026-11']);
  expect(rows[0]?.cells.map(({ share }) => share)).toEqual([100, 50, 25]);
  expect(rows[1]?.cells[0]?.share).toBeNull();
});

test('no users, no rows', () => {
  expect(toCohortRows([{ cohort: '2026-11', size: 0, retained: [0] }])).toEqual([]);
});
