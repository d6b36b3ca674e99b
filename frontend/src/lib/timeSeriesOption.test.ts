import type { TimePoint } from './api/data';
import { addDays } from './dates';
import { timeSeriesOption, tooltipOf, type TimeSeriesView } from './timeSeriesOption';

const palette = {
  violet: '#1',
  teal: '#2',
  amber: '#3',
  violetInk: '#4',
  tealInk: '#5',
  amberInk: '#6',
  line: '#7',
  text: '#8',
  card: '#9',
  ink: '#a',
};
function viewOf(length: number, more: Partial<TimeSeriesView> = {}): TimeSeriesView {
  const points = Array.from({ length }, (_, index): TimePoint => {
    const figures = { issued: index, activeUsers: index, newUsers: index };
    return {
      date: addDays('2026-11-01', index),
      ...figures,
      before: { date: addDays('2026-10-01', index), ...figures },
    };
  });
  return { points, palette, today: '2026-12-24', narrow: false, animate: true, ...more };
}
function seriesOf(view: TimeSeriesView) {
  const { series } = timeSeriesOption(view);
  return new Map((Array.isArray(series) ? series : []).map((line) => [line.id, line]));
}

test('a range that is over is drawn whole, labelled at the end of its solid lines', () => {
  const lines = seriesOf(viewOf(3));
  expect(lines.get('issued')?.data).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
  ]);
  expect(lines.get('issued')?.endLabel).toMatchObject({ show: true });
  expect(lines.get('issued-so-far')?.data).toEqual([]);
});

test('today is dashed from yesterday on and carries the label', () => {
  const lines = seriesOf(viewOf(3, { today: '2026-11-03' }));
  expect(lines.get('issued')?.data).toEqual([
    [0, 0],
    [1, 1],
  ]);
  expect(lines.get('issued-so-far')?.data).toEqual([
    [1, 1],
    [2, 2],
  ]);
  expect(lines.get('issued')?.endLabel).toEqual({ show: false });
  expect(lines.get('issued-so-far')?.endLabel).toMatchObject({ show: true });
});

test('a single day is a dot, since it is no line', () => {
  const lines = seriesOf(viewOf(1, { today: '2026-11-01' }));
  expect(lines.get('issued-so-far')?.showSymbol).toBe(true);
});

test('the tooltip tells the day, the day before it, and whether the day is over', () => {
  const view = viewOf(3, { today: '2026-11-03' });
  const point = view.points[2];
  expect(point && tooltipOf(point, view)).toMatch(/, so far/);
});
