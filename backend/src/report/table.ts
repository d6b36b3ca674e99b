import type { Paper } from './paper.js';
import { COLOURS, CONTENT_WIDTH, PAGE } from './theme.js';

/** A table over the width of the page; its head comes again on each page that it goes on to. */
export interface Column<Row> {
  readonly title: string;
  /** Share of the width; all of them make 1. */
  readonly share: number;
  readonly align?: 'left' | 'right';
  readonly text: (row: Row, index: number) => string;
}

const ROW = 20;
const HEAD = 20;

export const tableHeight = (rows: number): number => HEAD + rows * ROW;

export function table<Row>(paper: Paper, columns: readonly Column<Row>[], rows: readonly Row[]): void {
  head(paper, columns);
  for (const [index, row] of rows.entries()) {
    if (paper.y + ROW > PAGE.height - PAGE.footer) {
      paper.newPage();
      head(paper, columns);
    }
    cells(
      paper,
      columns,
      paper.y + 5.5,
      (column) => column.text(row, index),
      (order) => ({
        ...(order === 0 ? { font: 'medium' as const, colour: COLOURS.ink } : { colour: COLOURS.ink2 }),
        size: 8.5,
      }),
    );
    paper.y += ROW;
    paper.rule(PAGE.margin, paper.y, CONTENT_WIDTH);
  }
}

function head<Row>(paper: Paper, columns: readonly Column<Row>[]): void {
  cells(
    paper,
    columns,
    paper.y + 6,
    ({ title }) => title,
    () => ({ font: 'medium' as const, size: 7.5, colour: COLOURS.ink3 }),
  );
  paper.y += HEAD;
  paper.rule(PAGE.margin, paper.y, CONTENT_WIDTH, COLOURS.lineStrong);
}

function cells<Row>(
  paper: Paper,
  columns: readonly Column<Row>[],
  y: number,
  textOf: (column: Column<Row>) => string,
  styleOf: (order: number) => { font?: 'medium'; size: number; colour: string },
): void {
  let x: number = PAGE.margin;
  for (const [order, column] of columns.entries()) {
    const width = column.share * CONTENT_WIDTH;
    paper.text(textOf(column), x, y, { ...styleOf(order), width: width - 8, align: column.align ?? 'left' });
    x += width;
  }
}
