import type { DayRange } from '../analyzers/calendar.js';
import type { Paper } from './paper.js';
import type { Point } from './series.js';
import { changeText, momentText, numberText, periodText } from './text.js';
import { COLOURS, CONTENT_WIDTH, PAGE } from './theme.js';

/** The first page: whose report, of which days, what happened in three numbers, over the shape of the period. */
const VIOLET = { deep: '#4335e0', soft: '#c9c4ff' };
/** Viewbox of the mark, which is that of the dashboard's icon. */
const MARK = 32;
const FILTER_LINE = 17;
/** Where the numbers stand, unless filters take the room. */
const NUMBERS_TOP = 372;

/** At most three of them stand side by side. */
export interface CoverNumber {
  readonly label: string;
  readonly value: number;
  readonly change: number | null;
}

export interface Cover {
  readonly range: DayRange;
  readonly seq: number;
  readonly atMs: number;
  readonly numbers: readonly CoverNumber[];
  /** What the report is narrowed down to, one line each. */
  readonly filters: readonly string[];
  readonly shape: readonly Point[];
}

export function drawCover(paper: Paper, { range, seq, atMs, numbers, filters, shape }: Cover): void {
  paper.newPage(COLOURS.accent);
  drawShape(
    paper,
    shape.map(({ value }) => value),
  );
  drawMark(paper, PAGE.margin, 64);
  paper.text('PassportX Analytics', PAGE.margin + 46, 71, { font: 'semibold', size: 14, colour: COLOURS.card });
  paper.doc.font('bold').fontSize(44).fillColor(COLOURS.card);
  paper.doc.text('Report', PAGE.margin, 208, { lineBreak: false });
  paper.text(periodText(range.from, range.to), PAGE.margin, 268, { font: 'medium', size: 18, colour: COLOURS.card });
  const days = range.to - range.from + 1;
  paper.text(days === 1 ? 'One day, UTC' : `${numberText(days)} days, UTC`, PAGE.margin, 296, {
    size: 11,
    colour: VIOLET.soft,
  });
  let y = 296;
  for (const filter of filters) {
    y += FILTER_LINE;
    paper.text(filter, PAGE.margin, y, { font: 'medium', size: 11, colour: COLOURS.card });
  }

  const top = Math.max(NUMBERS_TOP, y + 40);
  for (const [index, { label, value, change }] of numbers.slice(0, 3).entries()) {
    const x = PAGE.margin + (index * CONTENT_WIDTH) / 3;
    const width = CONTENT_WIDTH / 3 - 12;
    paper.text(numberText(value), x, top, { font: 'bold', size: 30, colour: COLOURS.card, width });
    paper.text(label, x, top + 38, { size: 11, colour: COLOURS.card, width });
    const against = change === null ? 'none before' : `${changeText(change)} on the days before`;
    paper.text(against, x, top + 55, { size: 9, colour: VIOLET.soft, width });
  }
  paper.text(`Made ${momentText(atMs)}, as of log position ${numberText(seq)}`, PAGE.margin, PAGE.height - 48, {
    ...{ size: 8.5, colour: VIOLET.soft },
  });
}

function drawMark(paper: Paper, x: number, y: number): void {
  const scale = 34 / MARK;
  paper.doc.save().translate(x, y).scale(scale);
  paper.doc.roundedRect(0, 0, MARK, MARK, 9).fill(COLOURS.card);
  paper.doc
    .path('M11 23V9h6.6a4.9 4.9 0 0 1 0 9.8H11')
    .lineWidth(3)
    .lineCap('round')
    .lineJoin('round')
    .stroke(COLOURS.accent);
  paper.doc.restore();
}

/** Most columns of the shape: more are averaged together. */
const MAX_SHAPE = 60;

/** The days of the period as columns that stand on the foot of the page. */
function drawShape(paper: Paper, values: readonly number[]): void {
  const size = Math.ceil(values.length / MAX_SHAPE);
  const groups = Array.from({ length: Math.ceil(values.length / size) }, (_, index) => {
    const group = values.slice(index * size, (index + 1) * size);
    return group.reduce((sum, value) => sum + value, 0) / group.length;
  });
  const max = Math.max(1, ...groups);
  const slot = PAGE.width / Math.max(1, groups.length);
  for (const [index, value] of groups.entries()) {
    const height = 70 + (value / max) * 230;
    paper.doc
      .roundedRect(index * slot + slot * 0.12, PAGE.height - height, slot * 0.76, height + 20, Math.min(6, slot * 0.3))
      .fill(VIOLET.deep);
  }
}
