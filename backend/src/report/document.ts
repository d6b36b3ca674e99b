import type { FilteredFigures } from './filteredFigures.js';
import { filteredParts } from './filteredPeriod.js';
import { Paper } from './paper.js';
import { periodText } from './text.js';
import { COLOURS, CONTENT_WIDTH, PAGE } from './theme.js';
import { wholeParts, type WholeFigures } from './wholePeriod.js';

/** The report of a period, of everything or of what filters let through, in the dashboard's look. */
export type ReportFigures = WholeFigures | FilteredFigures;

/** A part of the report, by its name. */
export type Part = readonly [name: string, draw: (paper: Paper) => void];

/** Told before each part is drawn, so that others can have their turn. @param progress in % */
export type OnStep = (step: string, progress: number) => Promise<void>;

/** @returns the PDF */
export async function drawReport(figures: ReportFigures, onStep: OnStep): Promise<Buffer> {
  const period = periodText(figures.range.from, figures.range.to);
  const paper = new Paper({ title: `PassportX Analytics, ${period}`, createdAtMs: figures.atMs });
  const parts = figures.kind === 'whole' ? wholeParts(figures) : filteredParts(figures);
  for (const [index, [name, draw]] of parts.entries()) {
    await onStep(name, Math.round((100 * index) / (parts.length + 1)));
    draw(paper);
  }
  await onStep('Writing the file', Math.round((100 * parts.length) / (parts.length + 1)));
  const footer = figures.kind === 'whole' ? period : `${period} · filtered`;
  paper.onEachPage((page, pages) => {
    const y = PAGE.height - 34;
    paper.rule(PAGE.margin, y - 8, CONTENT_WIDTH);
    paper.text(`PassportX Analytics · ${footer}`, PAGE.margin, y, { size: 7.5, colour: COLOURS.ink3, width: 400 });
    paper.text(`${page} / ${pages}`, PAGE.margin, y, { size: 7.5, colour: COLOURS.ink3, align: 'right' });
  });
  return paper.end();
}
