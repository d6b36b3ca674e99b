'use client';
import type { ECharts } from 'echarts/core';
import { useEffect, useRef, useState } from 'react';
import type { TimePoint } from '../lib/api/data';
import type { IsoDay } from '../lib/dates';
import { formatCount, formatFullDay } from '../lib/format';
import { useTheme } from '../lib/hooks/useTheme';
import { timeSeriesOption, type Palette } from '../lib/timeSeriesOption';
import { ChartFrame, Skeleton, type FrameState } from './ChartFrame';

const NARROW_PX = 520;

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    violet: colour('violet'),
    teal: colour('teal'),
    amber: colour('amber'),
    violetInk: colour('accent-ink'),
    tealInk: colour('teal-ink'),
    amberInk: colour('amber-ink'),
    line: colour('line'),
    text: colour('ink-3'),
    card: colour('card'),
    ink: colour('ink'),
  };
}

interface TimeSeriesChartProps {
  readonly state: FrameState;
  readonly points: readonly TimePoint[];
  readonly today: IsoDay;
}

/** Badges issued, active and new users day by day, with the period before; ECharts comes only when it is drawn. */
export function TimeSeriesChart({ state, points, today }: TimeSeriesChartProps) {
  const [attempt, setAttempt] = useState(0);
  const [failed, setFailed] = useState(false);
  return (
    <ChartFrame
      className="lg:col-span-8"
      title="Badges issued and people reached"
      says="Each day’s badges issued, the people who were issued one, and people first seen. Paler: the period before. Dashed: today so far."
      state={failed ? 'error' : state}
      retry={() => {
        setFailed(false);
        setAttempt(attempt + 1);
      }}
      skeleton="chart"
    >
      {() => (
        <>
          <Plot key={attempt} points={points} today={today} onFailed={() => setFailed(true)} />
          <PointTable points={points} />
        </>
      )}
    </ChartFrame>
  );
}

type PlotProps = Pick<TimeSeriesChartProps, 'points' | 'today'> & { readonly onFailed: () => void };

function Plot({ points, today, onFailed }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<ECharts>();
  const [width, setWidth] = useState(0);
  const [theme] = useTheme();
  const fail = useRef(onFailed);

  useEffect(() => {
    let made: ECharts | undefined;
    let gone = false;
    const watch = new ResizeObserver(([entry]) => {
      made?.resize();
      if (entry) setWidth(entry.contentRect.width);
    });
    import('../lib/echarts').then(
      ({ init }) => {
        if (gone || !box.current) return;
        made = init(box.current, null, { renderer: 'svg' });
        watch.observe(box.current);
        setChart(made);
      },
      () => fail.current(),
    );
    return () => {
      gone = true;
      watch.disconnect();
      made?.dispose();
    };
  }, []);

  useEffect(() => {
    if (!chart || chart.isDisposed() || width === 0) return;
    const animate = !window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const view = { points, today, narrow: width < NARROW_PX, animate, palette: readPalette() };
    chart.setOption(timeSeriesOption(view), { replaceMerge: ['series'] });
  }, [chart, points, today, theme, width]);

  const total = points.reduce((sum, { issued }) => sum + issued, 0);
  return (
    <div className="relative flex min-h-60 flex-1 lg:min-h-72">
      {!chart && <Skeleton shape="chart" />}
      <div
        ref={box}
        role="img"
        aria-label={`Line chart over ${points.length} days, ${formatCount(total)} badges issued; the table below holds every figure.`}
        className="absolute inset-0"
      />
    </div>
  );
}

/** The same figures for those who do not see the lines. */
function PointTable({ points }: { readonly points: readonly TimePoint[] }) {
  return (
    <div className="sr-only">
      <table>
        <caption>Badges issued, active users and new users by day, and in the period before</caption>
        <thead>
          <tr>
            {['Day', 'Issued', 'Active users', 'New users', 'Issued before', 'Active before', 'New before'].map(
              (name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {points.map(({ date, issued, activeUsers, newUsers, before }) => (
            <tr key={date}>
              <th scope="row">{formatFullDay(date)}</th>
              {[issued, activeUsers, newUsers, before.issued, before.activeUsers, before.newUsers].map(
                (figure, index) => (
                  <td key={index}>{formatCount(figure)}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
