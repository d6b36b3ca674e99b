import { bars, BAR_HEIGHT, type Bar, type Box } from './charts.js';
import type { DayRange } from '../analyzers/calendar.js';
import type { Paper } from './paper.js';
import { table, tableHeight, type Column } from './table.js';
import { changeText, momentText, numberText, periodText } from './text.js';
import { COLOURS, CONTENT_WIDTH, PAGE } from './theme.js';

/** What the pages of a report are made of: headings, cards of numbers and charts, tables. Each moves the place down. */
const PALETTE = [COLOURS.violet, COLOURS.teal, COLOURS.amber, COLOURS.raspberry, COLOURS.blue, COLOURS.slate];
const GAP = 14;
/** Bars of one card, and rows of what is as long. */
export const MAX_BARS = 10;
/** Rows that stay together with their title. */
const KEPT_ROWS = 5;

export function section(paper: Paper, title: string, note: string): void {
  paper.newPage();
  paper.text(title, PAGE.margin, paper.y, { font: 'bold', size: 20 });
  paper.text(note, PAGE.margin, paper.y + 28, { size: 9.5, colour: COLOURS.ink2 });
  paper.y += 58;
}

export function subtitle(paper: Paper, title: string, note: string, needs: number): void {
  paper.need(needs + 44);
  paper.text(title, PAGE.margin, paper.y, { font: 'semibold', size: 11.5 });
  paper.text(note, PAGE.margin, paper.y + 16, { size: 8.5, colour: COLOURS.ink3 });
  paper.y += 34;
}

/** A card with a title, what it counts, and a chart in it. */
export function chartCard(paper: Paper, title: string, note: string, height: number, draw: (box: Box) => void): void {
  paper.need(height + GAP);
  paper.card(PAGE.margin, paper.y, CONTENT_WIDTH, height);
  paper.text(title, PAGE.margin + 16, paper.y + 14, { font: 'semibold', size: 10.5, width: CONTENT_WIDTH - 32 });
  paper.text(note, PAGE.margin + 16, paper.y + 29, { size: 8, colour: COLOURS.ink3, width: CONTENT_WIDTH - 32 });
  draw({ x: PAGE.margin + 16, y: paper.y + 48, width: CONTENT_WIDTH - 32, height: height - 60 });
  paper.y += height + GAP;
}

/** Cards side by side, three in a row. */
export function numberCards(
  paper: Paper,
  cards: readonly { label: string; value: string; note: string; colour?: string }[],
): void {
  const [width, height] = [(CONTENT_WIDTH - 2 * GAP) / 3, 78];
  for (const [index, { label, value, note, colour }] of cards.entries()) {
    if (index % 3 === 0) paper.need(height);
    const x = PAGE.margin + (index % 3) * (width + GAP);
    paper.card(x, paper.y, width, height);
    paper.text(label, x + 14, paper.y + 12, { size: 8.5, colour: COLOURS.ink2, width: width - 28 });
    paper.text(value, x + 14, paper.y + 26, { font: 'semibold', size: 21, width: width - 28 });
    paper.text(note, x + 14, paper.y + 56, { size: 8, colour: colour ?? COLOURS.ink3, width: width - 28 });
    if (index % 3 === 2 || index === cards.length - 1) paper.y += height + GAP;
  }
}

export function barCard(paper: Paper, title: string, note: string, all: readonly Bar[]): void {
  const shown = all.slice(0, MAX_BARS);
  const rest = all.length > shown.length ? `, the ${MAX_BARS} largest of ${all.length}` : '';
  chartCard(paper, title, note + rest, 66 + Math.max(1, shown.length) * BAR_HEIGHT, (box) => {
    if (shown.length === 0) paper.text('None yet.', box.x, box.y + 2, { size: 9, colour: COLOURS.ink3 });
    else bars(paper, box, shown, PALETTE);
  });
}

/** A title with its table; a page does not end between them. */
export function titledTable<Row>(
  paper: Paper,
  title: string,
  note: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): void {
  subtitle(paper, title, note, tableHeight(Math.min(KEPT_ROWS, rows.length)));
  table(paper, columns, rows);
  paper.y += 22;
}

/** What became of a number, for its card. */
export function compared({ previous, change }: { readonly previous: number; readonly change: number | null }) {
  const before = `before: ${numberText(previous)}`;
  return {
    note: change === null ? before : `${changeText(change)}, ${before}`,
    colour: change === null || change === 0 ? COLOURS.ink3 : change > 0 ? COLOURS.up : COLOURS.down,
  };
}

interface Noted {
  readonly range: DayRange;
  readonly seq: number;
  readonly atMs: number;
}

/** What the numbers count. @param more what else is to be known of this report */
export function drawNotes(paper: Paper, { seq, atMs, range }: Noted, more: readonly string[] = []): void {
  paper.need(150);
  paper.y += 26;
  paper.text('How to read this', PAGE.margin, paper.y, { font: 'semibold', size: 11.5 });
  paper.y += 20;
  const notes = [
    `Days are UTC and go by block time, both ends included: ${periodText(range.from, range.to)}.`,
    ...more,
    'A badge counts once, on the fork of the chain that counts; one that was revoked later was still issued.',
    'A user is whoever received a badge, created, joined or took over a community, or joined PassportX.',
    `Everything is as of log position ${numberText(seq)}, ${momentText(atMs)}: the API answered the same numbers then.`,
  ];
  for (const note of notes) paper.y += paper.paragraph(note, PAGE.margin, paper.y) + 5;
}
