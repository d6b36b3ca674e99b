/**
 * The grid of a board: twelve columns, rows of one height, nothing over anything else and no gaps above. Moving or
 * resizing a widget pushes what is in its way down; everything then rises as far as it can. Pure.
 */
export const COLUMNS = 12;
/** The tallest widget and the last row in which one may begin, as the service has them. */
const MAX_HEIGHT = 12;
const MAX_ROW = 144;

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}
export interface Placed extends Place {
  readonly id: string;
}
/** The smallest size in which a widget still says something. */
export interface Least {
  readonly w: number;
  readonly h: number;
}

const overlap = (a: Place, b: Place): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

const between = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** The nearest place that is on the grid. */
export function clamp(place: Place, least: Least): Place {
  const w = between(Math.round(place.w), least.w, COLUMNS);
  const h = between(Math.round(place.h), least.h, MAX_HEIGHT);
  return { w, h, x: between(Math.round(place.x), 0, COLUMNS - w), y: between(Math.round(place.y), 0, MAX_ROW) };
}

/** From the top left to the bottom right: the order in which one reads, and in which keys and a phone go through. */
export const inOrder = <T extends Place>(widgets: readonly T[]): T[] =>
  widgets.toSorted((a, b) => a.y - b.y || a.x - b.x);

/** The widgets with that one at `to`; the others make way. */
export function arrange<T extends Placed>(widgets: readonly T[], id: string, to: Place): T[] {
  const moved = widgets.find((widget) => widget.id === id);
  if (moved === undefined) return rise(widgets);
  const settled: T[] = [{ ...moved, ...to }];
  // Without the one that is moved the others rise first: so it can pass what was below it.
  for (const widget of rise(widgets.filter((other) => other.id !== id))) {
    let { y } = widget;
    for (let under = hit(settled, { ...widget, y }); under; under = hit(settled, { ...widget, y }))
      y = under.y + under.h;
    settled.push({ ...widget, y });
  }
  return rise(settled);
}

/** As `arrange`, for a step of one row by key: down, it goes on until it has passed something, where it can. */
export function step<T extends Placed>(widgets: readonly T[], id: string, to: Place): T[] {
  const from = widgets.find((widget) => widget.id === id);
  const last = rowsOf(widgets);
  for (let { y } = to; from !== undefined && to.y > from.y && y <= last; y += 1) {
    const arranged = arrange(widgets, id, { ...to, y });
    if (arranged.find((widget) => widget.id === id)?.y !== from.y) return arranged;
  }
  return arrange(widgets, id, to);
}

/**
 * The widgets with that one before the one that stands before it, as one reads: two of one size change places, else the
 * other makes way. For those who see the widgets below each other, where columns and rows say nothing.
 */
export function earlier<T extends Placed>(widgets: readonly T[], id: string): T[] {
  const order = inOrder(widgets);
  const index = order.findIndex((widget) => widget.id === id);
  const [before, moved] = [order[index - 1], order[index]];
  if (before === undefined || moved === undefined) return [...widgets];
  const { x, y } = before;
  if (before.w !== moved.w || before.h !== moved.h)
    return arrange(widgets, id, { x: Math.min(x, COLUMNS - moved.w), y, w: moved.w, h: moved.h });
  return widgets.map((widget) => {
    if (widget.id === id) return { ...widget, x, y };
    return widget.id === before.id ? { ...widget, x: moved.x, y: moved.y } : widget;
  });
}

/** The widgets with that one after the one that stands after it. */
export function later<T extends Placed>(widgets: readonly T[], id: string): T[] {
  const order = inOrder(widgets);
  const next = order[order.findIndex((widget) => widget.id === id) + 1];
  return next === undefined || !order.some((widget) => widget.id === id) ? [...widgets] : earlier(widgets, next.id);
}

/** Each widget as high as it can be without passing another. */
export function rise<T extends Placed>(widgets: readonly T[]): T[] {
  const settled: T[] = [];
  for (const widget of inOrder(widgets)) {
    let { y } = widget;
    while (y > 0 && !hit(settled, { ...widget, y: y - 1 })) y -= 1;
    settled.push({ ...widget, y });
  }
  return settled;
}

const hit = <T extends Place>(settled: readonly T[], place: Place): T | undefined =>
  settled.find((other) => overlap(other, place));

/** Rows that the widgets take. */
export const rowsOf = (widgets: readonly Place[]): number => Math.max(0, ...widgets.map(({ y, h }) => y + h));

/** Where a new widget of that size goes: the first gap, else below everything. */
export function gapFor(widgets: readonly Place[], { w, h }: Least): Place {
  const rows = rowsOf(widgets);
  for (let y = 0; y < rows; y += 1)
    for (let x = 0; x + w <= COLUMNS; x += 1) if (!hit(widgets, { x, y, w, h })) return { x, y, w, h };
  return { x: 0, y: rows, w, h };
}

/** Where a widget is, for those who hear it. */
export const describePlace = ({ x, y, w, h }: Place): string => `column ${x + 1}, row ${y + 1}, ${w} wide, ${h} high`;
