import type { Paper } from './paper.js';
import { ticksFor, type Point, type Step } from './series.js';
import { compactText, monthText, numberText, percentText, shortDay } from './text.js';
import { COLOURS } from './theme.js';

/** Charts as vectors: columns, lines and bars in the dashboard's look. Each fills the box that it is given. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const AXIS = { left: 30, bottom: 18, top: 6 };
const LABEL = { size: 7.5, colour: COLOURS.ink3 } as const;
/** Days named under an axis. */
const DAY_LABELS = 6;

interface Plot extends Box {
  readonly top: number;
}

/** Grid and marks of the value axis; what is drawn then lies between. */
function frame(paper: Paper, box: Box, max: number): Plot {
  const ticks = ticksFor(max);
  const plot = {
    x: box.x + AXIS.left,
    y: box.y + AXIS.top,
    width: box.width - AXIS.left,
    height: box.height - AXIS.top - AXIS.bottom,
    top: ticks.at(-1) ?? 1,
  };
  for (const tick of ticks) {
    const y = plot.y + plot.height * (1 - tick / plot.top);
    paper.rule(plot.x, y, plot.width, tick === 0 ? COLOURS.lineStrong : COLOURS.line);
    paper.text(compactText(tick), box.x, y - 4.5, { ...LABEL, width: AXIS.left - 7, align: 'right' });
  }
  return plot;
}

function dayLabels(
  paper: Paper,
  plot: Plot,
  points: readonly Point[],
  step: Step,
  at: (index: number) => number,
): void {
  const stride = Math.max(1, Math.ceil(points.length / DAY_LABELS));
  const width = 60;
  for (let index = 0; index < points.length; index += stride) {
    const day = points[index]?.day ?? 0;
    const x = Math.min(Math.max(at(index) - width / 2, plot.x), plot.x + plot.width - width);
    const align = x > at(index) - width / 2 ? 'left' : x < at(index) - width / 2 ? 'right' : 'center';
    const label = step === 'month' ? monthText(day) : shortDay(day);
    paper.text(label, x, plot.y + plot.height + 6, { ...LABEL, width, align });
  }
}

const most = (points: readonly Point[]): number => points.reduce((max, { value }) => Math.max(max, value), 0);

export function columns(paper: Paper, box: Box, points: readonly Point[], step: Step, colour: string): void {
  const plot = frame(paper, box, most(points));
  const slot = plot.width / Math.max(1, points.length);
  const width = Math.max(0.8, Math.min(26, slot * 0.68));
  for (const [index, { value }] of points.entries()) {
    const height = (value / plot.top) * plot.height;
    if (height <= 0) continue;
    const x = plot.x + slot * (index + 0.5) - width / 2;
    const radius = Math.min(2, width / 2, height);
    paper.doc.roundedRect(x, plot.y + plot.height - height, width, height, radius).fill(colour);
    // Only the top is round: it stands on the axis.
    if (height > radius)
      paper.doc
        .rect(x, plot.y + plot.height - Math.min(radius, height / 2), width, Math.min(radius, height / 2))
        .fill(colour);
  }
  dayLabels(paper, plot, points, step, (index) => plot.x + slot * (index + 0.5));
}

export interface Line {
  readonly name: string;
  readonly points: readonly Point[];
  readonly colour: string;
}

/** Lines over one axis, the first with its area; a legend stands above on the right. */
export function lines(paper: Paper, box: Box, all: readonly Line[]): void {
  const legend = 14;
  legendOf(paper, box, all);
  const plot = frame(
    paper,
    { ...box, y: box.y + legend, height: box.height - legend },
    Math.max(...all.map(({ points }) => most(points))),
  );
  const count = Math.max(...all.map(({ points }) => points.length));
  const at = (index: number): number => plot.x + (count === 1 ? plot.width / 2 : (plot.width * index) / (count - 1));
  const heightOf = (value: number): number => plot.y + plot.height * (1 - value / plot.top);
  for (const [order, { points, colour }] of all.entries()) {
    const path = points.map(({ value }, index) => [at(index), heightOf(value)] as const);
    const draw = (): void => {
      for (const [index, [x, y]] of path.entries())
        if (index === 0) paper.doc.moveTo(x, y);
        else paper.doc.lineTo(x, y);
    };
    if (order === 0 && path.length > 1) {
      const floor = plot.y + plot.height;
      draw();
      paper.doc
        .lineTo(at(path.length - 1), floor)
        .lineTo(at(0), floor)
        .closePath();
      paper.doc.fillOpacity(0.1).fill(colour).fillOpacity(1);
    }
    draw();
    paper.doc.lineWidth(1.5).lineJoin('round').lineCap('round').strokeColor(colour).stroke();
    const last = path.at(-1);
    if (last !== undefined) paper.doc.circle(last[0], last[1], 2.4).fill(colour);
  }
  dayLabels(paper, plot, all[0]?.points ?? [], 'day', at);
}

function legendOf(paper: Paper, { x, y, width }: Box, all: readonly Line[]): void {
  let right = x + width;
  for (const { name, colour } of [...all].reverse()) {
    const length = paper.widthOf(name, { size: 8 });
    paper.text(name, right - length, y, { size: 8, colour: COLOURS.ink2, width: length + 2 });
    paper.doc.roundedRect(right - length - 12, y + 2.5, 8, 3.5, 1.5).fill(colour);
    right -= length + 24;
  }
}

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Of all, in %. */
  readonly share: number;
}

export const BAR_HEIGHT = 19;

/** Bars on their side, each with its name, its number and its share. */
export function bars(paper: Paper, { x, y, width }: Box, all: readonly Bar[], colours: readonly string[]): void {
  const [name, number] = [Math.min(110, width * 0.34), 92];
  const room = width - name - number;
  const max = Math.max(1, ...all.map(({ value }) => value));
  for (const [index, { label, value, share }] of all.entries()) {
    const top = y + index * BAR_HEIGHT;
    paper.text(label, x, top + 2, { size: 8.5, colour: COLOURS.ink2, width: name - 8 });
    paper.doc.roundedRect(x + name, top + 2.5, room, 9, 3).fill(COLOURS.sunk);
    const length = (value / max) * room;
    if (length > 0)
      paper.doc
        .roundedRect(x + name, top + 2.5, Math.max(3, length), 9, 3)
        .fill(colours[index % colours.length] ?? COLOURS.accent);
    paper.text(`${numberText(value)} · ${percentText(share)}`, x + width - number, top + 2, {
      ...{ size: 8.5, colour: COLOURS.ink, width: number, align: 'right' },
    });
  }
}
