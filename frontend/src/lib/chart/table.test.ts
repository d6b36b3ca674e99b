import { columnNames, figuresOf, toCsv, toJson } from './table';

test('a chart becomes a row a bucket, the period before beside it', () => {
  const figures = figuresOf({
    interval: 'day',
    buckets: ['2026-11-01', '2026-11-02'],
    bucketsBefore: ['2026-10-30', '2026-10-31'],
    series: [
      { id: 'a', name: 'Issued', hue: 'violet', values: [1, 2], before: [3] },
      { id: 'b', name: 'New', hue: 'teal', values: [5, 6] },
    ],
    shape: 'lines',
    open: false,
  });
  expect(figures).toEqual({
    interval: 'day',
    columns: ['Day', 'Issued', 'New', 'Issued before'],
    rows: [
      ['2026-11-01', 1, 5, 3],
      ['2026-11-02', 2, 6, null],
    ],
  });
});

test('commas, quotes and lines stay in their field, and no text becomes a formula', () => {
  const csv = toCsv({
    columns: ['Name', 'n'],
    rows: [
      ['a,"b"\nc', 1],
      ['=HYPERLINK("x")', null],
      ['\n=1+1', 2],
    ],
  });
  expect(csv).toBe('Name,n\r\n"a,""b""\nc",1\r\n"\'=HYPERLINK(""x"")",\r\n"\'\n=1+1",2\r\n');
});

test('as JSON columns that are called alike are told apart', () => {
  expect(JSON.parse(toJson({ columns: ['Gold', 'Gold'], rows: [[1, 2]] }))).toEqual([{ Gold: 1, 'Gold (2)': 2 }]);
});

test('as JSON each row is an object by the names of its columns', () => {
  expect(
    JSON.parse(
      toJson({
        columns: ['Badge', 'Issued'],
        rows: [
          ['Gold', 3],
          ['Silver', null],
        ],
      }),
    ),
  ).toEqual([
    { Badge: 'Gold', Issued: 3 },
    { Badge: 'Silver', Issued: null },
  ]);
});

test('columns that are called alike, or have quotes in their names, get names that a file can have', () => {
  expect(columnNames(['Number', 'The "Guild"', 'the  guild ', 'Issued', 'issued'])).toEqual([
    'Number',
    'The  Guild ',
    'the  guild  (2)',
    'Issued',
    'issued (2)',
  ]);
});
