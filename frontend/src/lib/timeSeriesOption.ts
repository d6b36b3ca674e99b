/**
 * The picture of the main chart, as data: lines labelled at their end, the period before in the same colour but paler,
 * and today dashed, since a day that is not over yet always looks like a fall.
 */
import type { LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { DayFigures, TimePoint } from './api/data';
import type { IsoDay } from './dates';
import { formatCount, formatDay, formatFullDay } from './format';

export type TimeSeriesOption = ComposeOption<LineSeriesOption | GridComponentOption | TooltipComponentOption>;

/** The colours of the theme, read from the page's own style. */
export interface Palette {
  readonly violet: string;
  readonly teal: string;
  readonly amber: string;
  readonly violetInk: string;
  readonly tealInk: string;
  readonly amberInk: string;
  readonly line: string;
  readonly text: string;
  readonly card: string;
  readonly ink: string;
}

export interface TimeSeriesView {
  readonly points: readonly TimePoint[];
  readonly palette: Palette;
  readonly today: IsoDay;
  /** Fewer ticks and shorter labels. */
  readonly narrow: boolean;
  readonly animate: boolean;
}

type Figure = Exclude<keyof DayFigures, 'date'>;
export const LINES = [
  { figure: 'issued', name: 'Issued', colour: 'violet', ink: 'violetInk' },
  { figure: 'activeUsers', name: 'Active', colour: 'teal', ink: 'tealInk' },
  { figure: 'newUsers', name: 'New', colour: 'amber', ink: 'amberInk' },
] as const satisfies readonly { figure: Figure; name: string; colour: keyof Palette; ink: keyof Palette }[];

const ROLL_MS = 400;
type EndLabel = NonNullable<LineSeriesOption['endLabel']>;
/** Said outright: a chart that is updated keeps the label that is merely left out. */
const HIDDEN: EndLabel = { show: false };

/** The series of one figure: the period before, the days that are over, and today so far. */
function linesOf(view: TimeSeriesView, line: (typeof LINES)[number]): LineSeriesOption[] {
  const { points, palette, today, narrow } = view;
  const last = points.length - 1;
  const places = points.map((_, index) => index);
  const open = points[last]?.date === today;
  const colour = palette[line.colour];
  const shared: LineSeriesOption = {
    type: 'line',
    showSymbol: false,
    symbol: 'circle',
    symbolSize: 6,
    itemStyle: { color: colour },
    emphasis: { disabled: true },
    silent: true,
  };
  const endLabel: EndLabel = {
    show: true,
    color: palette[line.ink],
    fontWeight: 600,
    fontSize: 12,
    distance: 8,
    formatter: () => (narrow ? line.name : `${line.name} ${formatCount(points[last]?.[line.figure] ?? 0)}`),
  };
  const first = line.figure === 'issued';
  return [
    {
      ...shared,
      id: `${line.figure}-before`,
      data: points.map(({ before }, index) => [index, before[line.figure]]),
      lineStyle: { color: colour, width: 1.25, opacity: 0.38 },
      z: 1,
    },
    {
      ...shared,
      id: line.figure,
      data: (open ? points.slice(0, -1) : points).map((point, index) => [index, point[line.figure]]),
      lineStyle: { color: colour, width: first ? 2.25 : 2 },
      ...(first ? { areaStyle: { color: colour, opacity: 0.06 } } : {}),
      endLabel: open ? HIDDEN : endLabel,
      labelLayout: { moveOverlap: 'shiftY' },
      showSymbol: points.length === 1,
      z: 3,
    },
    {
      ...shared,
      id: `${line.figure}-so-far`,
      data: open ? places.slice(-2).map((index) => [index, points[index]?.[line.figure] ?? 0]) : [],
      lineStyle: { color: colour, width: first ? 2.25 : 2, type: [3, 4] },
      endLabel: open ? endLabel : HIDDEN,
      labelLayout: { moveOverlap: 'shiftY' },
      showSymbol: points.length === 1,
      z: 3,
    },
  ];
}

/** The text of the tooltip; only dates and numbers go in, so that nothing needs escaping. */
export function tooltipOf(point: TimePoint, { palette, today }: TimeSeriesView): string {
  const rows = LINES.map(
    ({ figure, name, colour }) =>
      `<tr><td><span style="display:inline-block;width:8px;height:8px;border-radius:3px;margin-right:8px;background:${palette[colour]}"></span>${name}</td>` +
      `<td style="text-align:right;padding-left:20px;font-weight:600">${formatCount(point[figure])}</td>` +
      `<td style="text-align:right;padding-left:12px;opacity:.65">${formatCount(point.before[figure])}</td></tr>`,
  ).join('');
  const day = `${formatFullDay(point.date)}${point.date === today ? ', so far' : ''}`;
  return (
    `<table style="font-variant-numeric:tabular-nums"><thead><tr><th colspan="2" style="text-align:left;font-weight:600;padding-bottom:4px">${day}</th>` +
    `<th style="text-align:right;padding:0 0 4px 12px;font-weight:400;opacity:.65">${formatDay(point.before.date)}</th></tr></thead><tbody>${rows}</tbody></table>`
  );
}

export function timeSeriesOption(view: TimeSeriesView): TimeSeriesOption {
  const { points, palette, narrow, animate } = view;
  const ticks = narrow ? 3 : 6;
  const axisLabel = { color: palette.text, fontSize: 12, fontFamily: 'inherit' };
  return {
    animation: animate,
    animationDuration: ROLL_MS,
    animationDurationUpdate: ROLL_MS,
    textStyle: { fontFamily: 'inherit' },
    grid: {
      left: 4,
      right: narrow ? 52 : 92,
      top: 10,
      bottom: 4,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: {
      type: 'category',
      data: points.map(({ date }) => formatDay(date)),
      boundaryGap: false,
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: {
        ...axisLabel,
        margin: 12,
        interval: Math.max(0, Math.ceil(points.length / ticks) - 1),
        alignMinLabel: 'left',
      },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      splitNumber: narrow ? 3 : 4,
      splitLine: { lineStyle: { color: palette.line } },
      axisLabel: { ...axisLabel, formatter: formatCount },
    },
    tooltip: {
      trigger: 'axis',
      confine: true,
      transitionDuration: 0,
      backgroundColor: palette.card,
      borderColor: palette.line,
      padding: [10, 12],
      textStyle: { color: palette.ink, fontSize: 12 },
      axisPointer: { lineStyle: { color: palette.text, width: 1, type: 'solid', opacity: 0.5 } },
      formatter: (params) => {
        const index = Array.isArray(params) ? params[0]?.dataIndex : params.dataIndex;
        const point = index === undefined ? undefined : points[index];
        return point ? tooltipOf(point, view) : '';
      },
    },
    series: LINES.flatMap((line) => linesOf(view, line)),
  };
}
