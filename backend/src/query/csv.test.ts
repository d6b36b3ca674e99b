import type { TableCell } from '../warehouse/table.js';
import { csvOf } from './csv.js';

const rowOf = (...cells: TableCell[]): string | undefined =>
  csvOf({ columns: cells.map((_, index) => ({ name: `c${index}`, type: 'text' })), rows: [cells] }).split('\r\n')[1];

it('begins with the names of the columns, and ends each line as RFC 4180 has it', () => {
  const columns = [
    { name: 'name', type: 'text' as const },
    { name: 'n', type: 'integer' as const },
  ];
  expect(
    csvOf({
      columns,
      rows: [
        ['a', 1],
        [null, 0],
      ],
    }),
  ).toBe('name,n\r\na,1\r\n,0\r\n');
});

it.each([
  ['a comma', 'a,b', '"a,b"'],
  ['a quote', 'say "hi"', '"say ""hi"""'],
  ['emoji', '🏅', '🏅'],
  ['a formula', '=1+1', `'=1+1`],
  ['a formula with a comma', '=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
  ['a sum', '+1', `'+1`],
  ['a minus', '-cmd', `'-cmd`],
  ['an at', '@SUM(A1)', `'@SUM(A1)`],
  ['a tab', '\t=1', `'\t=1`],
])('keeps %s in its cell, and makes it no formula', (_what, text, written) => {
  expect(rowOf(text)).toBe(written);
});

it('quotes a line break', () => {
  expect(csvOf({ columns: [{ name: 'c', type: 'text' }], rows: [['a\nb']] })).toBe('c\r\n"a\nb"\r\n');
});

it('leaves numbers as they are, negative ones too', () => {
  expect(rowOf(-5, 1.5, true)).toBe('-5,1.5,true');
});
