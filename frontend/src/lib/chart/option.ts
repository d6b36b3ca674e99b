/**
 * The picture of a series over time, as data: lines labelled at their end or stacked columns, the period before in the
 * same colour but paler, and the bucket that is not over yet set apart, since it always looks like a fall. Pure: sizes
 * and colours come in, so that labels can be placed without asking what was drawn.
 */
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import { formatTick, type SeriesInterval } from '../buckets';
import { formatCompact, formatCount, formatDecimal } from '../format';
import { niceScale, spread } from './scale';

export type ChartOption = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | TooltipComponentOption
>;

export const HUES = ['violet', 'teal', 'amber', 'raspberry', 'blue', 'slate'] as const;
export type Hue = (typeof HUES)[number];

/** The colours of the theme, read from the page's own style: a hue to draw with, its ink to write with. */
export interface Palette {
  readonly hues: Record<Hue, string>;
  readonly inks: Record<Hue, string>;
  readonly line: string;
  readonly text: string;
  readonly card: string;
  readonly ink: string;
}

export interface ChartSeries {
  readonly id: string;
  readonly name: string;
  readonly hue: Hue;
  /** One value a bucket. */
  readonly values: readonly number[];
  /** The period before, bucket by bucket; it may have fewer or more of them. */
  readonly before?: readonly number[] | undefined;
  /** Its last bucket is over, whatever that of the others is. */
  readonly over?: boolean;
}

export interface ChartData {
  readonly interval: SeriesInterval;
  readonly buckets: readonly string[];
  /** The buckets of the period before, where there is one. */
  readonly bucketsBefore?: readonly string[] | undefined;
  readonly series: readonly ChartSeries[];
  /** `stack`: parts of a whole, as columns on top of each other. */
  readonly shape: 'lines' | 'stack';
  /** The last bucket is not over. */
  readonly open: boolean;
  /** Averages and rates keep two decimals; counts have none. */
  readonly decimals?: boolean;
}

export interface ChartView {
  readonly data: ChartData;
  readonly palette: Palette;
  /** Size of the drawing in px. */
  readonly width: number;
  readonly height: number;
  readonly animate: boolean;
}

const ROLL_MS = 400;
const NARROW_PX = 520;
const LABEL_PX = 16;
const TICK_PX = 72;
const TOP = 12;
const BOTTOM = 28;
/** About the width of a digit or letter of 12 px. */
const LETTER_PX = 7.2;

export interface Geometry {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly max: number;
  readonly step: number;
}

/** A value as its chart writes it. */
export const formatValue = (value: number, { decimals = false }: Pick<ChartData, 'decimals'>): string =>
  decimals ? formatDecimal(value) : formatCount(value);

/** Where a line ends: that of a shorter period ends before the last bucket. */
const endOf = ({ values }: ChartSeries, { buckets }: ChartData): number =>
  values[Math.min(values.length, buckets.length) - 1] ?? 0;

const endText = (series: ChartSeries, data: ChartData, narrow: boolean): string =>
  narrow ? series.name : `${series.name} ${formatValue(endOf(series, data), data)}`;

/** Where the plot lies in its box and how high it reaches; ticks and labels are measured by their letters. */
export function geometryOf({ data, width, height }: Pick<ChartView, 'data' | 'width' | 'height'>): Geometry {
  const narrow = width < NARROW_PX;
  const sums = data.buckets.map((_, index) => data.series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));
  const drawn = data.shape === 'stack' ? sums : data.series.flatMap(({ values }) => values);
  const before = data.series.flatMap((series) => (data.shape === 'lines' ? (series.before ?? []) : []));
  const scale = niceScale(Math.max(0, ...drawn, ...before), height < 200 || narrow ? 3 : 4);
  const labels = data.shape === 'lines' ? data.series.map((series) => endText(series, data, narrow)) : [];
  const longest = Math.max(0, ...labels.map((label) => label.length));
  return {
    ...scale,
    left: 14 + formatCompact(scale.max).length * LETTER_PX,
    right: longest === 0 ? 6 : Math.min(width / 3, 14 + longest * LETTER_PX),
    top: TOP,
    bottom: BOTTOM,
  };
}

const shared = {
  symbol: 'circle',
  symbolSize: 6,
  showSymbol: false,
  emphasis: { disabled: true },
  silent: true,
  type: 'line',
} as const;
type EndLabel = NonNullable<LineSeriesOption['endLabel']>;
/** Said outright: a chart that is updated keeps the label that is merely left out. */
const HIDDEN: EndLabel = { show: false };

function lineSeries(view: ChartView, geometry: Geometry): LineSeriesOption[] {
  const { data, palette, width, height } = view;
  const plot = height - geometry.top - geometry.bottom;
  const ends = data.series.map((series) => plot * (1 - endOf(series, data) / geometry.max));
  const placed = spread(ends, LABEL_PX, plot);
  const single = data.buckets.length === 1;
  return data.series.flatMap((series, index): LineSeriesOption[] => {
    const colour = palette.hues[series.hue];
    const first = index === 0;
    const open = data.open && series.over !== true;
    const points = series.values.map((value, bucket) => [bucket, value]);
    const endLabel: EndLabel = {
      show: true,
      color: palette.inks[series.hue],
      fontWeight: 600,
      fontSize: 12,
      distance: 8,
      offset: [0, (placed[index] ?? 0) - (ends[index] ?? 0)],
      formatter: () => endText(series, data, width < NARROW_PX),
    };
    const before = (series.before ?? []).slice(0, data.buckets.length);
    const own = { ...shared, itemStyle: { color: colour }, showSymbol: single, z: 3 };
    return [
      {
        ...shared,
        id: `${series.id}-before`,
        data: before.map((value, bucket) => [bucket, value]),
        itemStyle: { color: colour },
        lineStyle: { color: colour, width: 1.25, opacity: 0.4 },
        z: 1,
      },
      {
        ...own,
        id: series.id,
        data: open ? points.slice(0, -1) : points,
        lineStyle: { color: colour, width: first ? 2.25 : 2 },
        ...(first ? { areaStyle: { color: colour, opacity: 0.07 } } : {}),
        endLabel: open ? HIDDEN : endLabel,
      },
      {
        ...own,
        id: `${series.id}-so-far`,
        data: open ? points.slice(-2) : [],
        lineStyle: { color: colour, width: first ? 2.25 : 2, type: [3, 4] },
        endLabel: open ? endLabel : HIDDEN,
      },
    ];
  });
}

const columnSeries = ({ data, palette }: ChartView): BarSeriesOption[] =>
  data.series.map((series, index) => ({
    type: 'bar',
    id: series.id,
    stack: 'all',
    barCategoryGap: data.buckets.length > 60 ? '12%' : '22%',
    barMaxWidth: 44,
    silent: true,
    emphasis: { disabled: true },
    itemStyle: {
      color: palette.hues[series.hue],
      // A hair of the card between the parts, so that neighbours part without their colours.
      borderColor: palette.card,
      borderWidth: index === 0 ? 0 : 0.75,
    },
    data: series.values.map((value, bucket) => ({
      value,
      ...(data.open && bucket === series.values.length - 1 ? { itemStyle: { opacity: 0.55 } } : {}),
    })),
  }));

/** @param tooltip what to say of a bucket, by its index */
export function chartOption(view: ChartView, tooltip: (index: number) => HTMLElement | ''): ChartOption {
  const { data, palette, width, animate } = view;
  const geometry = geometryOf(view);
  const axisLabel = { color: palette.text, fontSize: 12, fontFamily: 'inherit' };
  const room = Math.max(1, Math.floor((width - geometry.left - geometry.right) / TICK_PX));
  const stack = data.shape === 'stack';
  return {
    animation: animate,
    animationDuration: ROLL_MS,
    animationDurationUpdate: ROLL_MS,
    textStyle: { fontFamily: 'inherit' },
    grid: { left: geometry.left, right: geometry.right, top: geometry.top, bottom: geometry.bottom },
    xAxis: {
      type: 'category',
      data: data.buckets.map((bucket) => formatTick(bucket, data.interval)),
      boundaryGap: stack,
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: {
        ...axisLabel,
        margin: 12,
        hideOverlap: true,
        interval: Math.max(0, Math.ceil(data.buckets.length / room) - 1),
        ...(stack ? {} : { alignMinLabel: 'left' }),
      },
    },
    yAxis: {
      type: 'value',
      min: 0,
      max: geometry.max,
      interval: geometry.step,
      splitLine: { lineStyle: { color: palette.line } },
      axisLabel: { ...axisLabel, formatter: formatCompact },
    },
    tooltip: {
      trigger: 'axis',
      confine: true,
      transitionDuration: 0,
      backgroundColor: palette.card,
      borderColor: palette.line,
      padding: [10, 12],
      textStyle: { color: palette.ink, fontSize: 12 },
      axisPointer: stack
        ? { type: 'shadow', shadowStyle: { color: palette.text, opacity: 0.1 } }
        : { lineStyle: { color: palette.text, width: 1, type: 'solid', opacity: 0.5 } },
      formatter: (params) => tooltip((Array.isArray(params) ? params[0]?.dataIndex : params.dataIndex) ?? 0),
    },
    series: stack ? columnSeries(view) : lineSeries(view, geometry),
  };
}
