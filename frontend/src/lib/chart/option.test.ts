import { addDays } from '../dates';
import { chartOption, geometryOf, HUES, type ChartData, type ChartOption, type Hue, type Palette } from './option';

const colours = (mark: string) => Object.fromEntries(HUES.map((hue) => [hue, `${mark}${hue}`])) as Record<Hue, string>;
const palette: Palette = { hues: colours('#'), inks: colours('~'), line: '#1', text: '#2', card: '#3', ink: '#4' };

function dataOf(length: number, more: Partial<ChartData> = {}): ChartData {
  const values = Array.from({ length }, (_, index) => index);
  return {
    interval: 'day',
    buckets: values.map((index) => addDays('2026-11-01', index)),
    series: [
      { id: 'issued', name: 'Issued', hue: 'violet', values, before: values },
      { id: 'new', name: 'New', hue: 'amber', values: values.map(() => 0) },
    ],
    shape: 'lines',
    open: false,
    ...more,
  };
}
const drawn = (data: ChartData, width = 900) =>
  chartOption({ data, palette, width, height: 300, animate: true }, () => {
    throw new Error('no pointer here');
  });
function seriesOf({ series }: ChartOption) {
  return new Map((Array.isArray(series) ? series : []).map((line) => [line.id, line]));
}

test('a range that is over is drawn whole, labelled at the end of its solid lines', () => {
  const lines = seriesOf(drawn(dataOf(3)));
  expect(lines.get('issued')?.data).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
  ]);
  expect(lines.get('issued')).toMatchObject({ endLabel: { show: true } });
  expect(lines.get('issued-so-far')?.data).toEqual([]);
});

test('the bucket that is not over is dashed from the one before on and carries the label', () => {
  const lines = seriesOf(drawn(dataOf(3, { open: true })));
  expect(lines.get('issued')?.data).toEqual([
    [0, 0],
    [1, 1],
  ]);
  expect(lines.get('issued-so-far')?.data).toEqual([
    [1, 1],
    [2, 2],
  ]);
  expect(lines.get('issued')).toMatchObject({ endLabel: { show: false } });
  expect(lines.get('issued-so-far')).toMatchObject({ endLabel: { show: true } });
});

test('beside a bucket that is not over, the line of a period that is over is drawn whole', () => {
  const [issued, added] = dataOf(3).series;
  const series = issued && added ? [issued, { ...added, over: true }] : [];
  const lines = seriesOf(drawn(dataOf(3, { open: true, series })));
  expect([lines.get('issued')?.data, lines.get('new')?.data]).toMatchObject([{ length: 2 }, { length: 3 }]);
  expect([lines.get('issued-so-far')?.data, lines.get('new-so-far')?.data]).toMatchObject([
    { length: 2 },
    { length: 0 },
  ]);
});

test('a single bucket is a dot, since it is no line', () => {
  expect(seriesOf(drawn(dataOf(1, { open: true }))).get('issued-so-far')).toMatchObject({ showSymbol: true });
});

test('lines that all end at zero have labels that stand apart', () => {
  const flat = [0, 0];
  const series = ['a', 'b', 'c'].map((id) => ({ id, name: id, hue: 'violet' as const, values: flat }));
  const lines = seriesOf(drawn(dataOf(2, { series })));
  const offsets = series
    .map(({ id }) => lines.get(id))
    .map((line) => (line?.type === 'line' ? line.endLabel?.offset : []));
  expect(offsets).toEqual([
    [0, -32],
    [0, -16],
    [0, 0],
  ]);
});

test('a stack is as high as its parts together', () => {
  const data = dataOf(5, {
    shape: 'stack',
    series: ['a', 'b'].map((id) => ({ id, name: id, hue: 'violet' as const, values: [60, 60] })),
  });
  expect(geometryOf({ data, width: 900, height: 300 }).max).toBeGreaterThanOrEqual(120);
});

test('a period before that is longer does not draw beyond the last bucket', () => {
  const [issued] = dataOf(3).series;
  const series = issued ? [{ ...issued, before: [1, 2, 3, 4, 5] }] : [];
  expect(seriesOf(drawn(dataOf(3, { series }))).get('issued-before')?.data).toHaveLength(3);
});

test('a line that is shorter than the chart is labelled with its own end', () => {
  const [issued] = dataOf(3).series;
  const line = seriesOf(drawn(dataOf(3, { series: issued ? [{ ...issued, values: [4, 7] }] : [] }))).get('issued');
  const label = line?.type === 'line' ? line.endLabel?.formatter : undefined;
  expect(typeof label === 'function' && label({} as never)).toBe('Issued 7');
});
