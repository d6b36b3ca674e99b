'use client';
/**
 * The drawing of a series: ECharts, which comes only when there is something to draw. By keyboard it is a slider over
 * its buckets that says each one's figures; Enter picks the bucket, as a press on it does.
 */
import type { ECharts } from 'echarts/core';
import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from 'react';
import { formatBucket } from '../../lib/buckets';
import { chartOption, formatValue, HUES, type ChartData, type Hue, type Palette } from '../../lib/chart/option';
import { tooltipOf } from '../../lib/chart/tooltip';
import { useLook } from '../../lib/hooks/useTheme';
import { lessMotion } from '../../lib/settings';
import { Skeleton } from '../ui/Skeleton';

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const all = (suffix: string) =>
    Object.fromEntries(HUES.map((hue) => [hue, colour(hue + suffix)])) as Record<Hue, string>;
  return {
    hues: all(''),
    inks: all('-ink'),
    line: colour('line'),
    text: colour('ink-3'),
    card: colour('card'),
    ink: colour('ink'),
  };
}

interface PlotProps {
  readonly title: string;
  readonly data: ChartData;
  readonly onPick?: ((bucket: string) => void) | undefined;
  readonly onFailed: () => void;
}

export function Plot({ title, data, onPick, onFailed }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<ECharts>();
  const [size, setSize] = useState({ width: 0, height: 0 });
  const look = useLook();
  const fail = useEffectEvent(onFailed);
  const pick = useEffectEvent((index: number) => {
    const bucket = data.buckets[index];
    if (bucket !== undefined) onPick?.(bucket);
  });

  useEffect(() => {
    let made: ECharts | undefined;
    let gone = false;
    const watch = new ResizeObserver(([entry]) => {
      made?.resize();
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    import('../../lib/chart/echarts').then(
      ({ init }) => {
        if (gone || !box.current) return;
        const drawn = init(box.current, null, { renderer: 'svg' });
        made = drawn;
        drawn.getZr().on('click', ({ offsetX, offsetY }) => {
          if (!drawn.containPixel('grid', [offsetX, offsetY])) return;
          const [index] = drawn.convertFromPixel('grid', [offsetX, offsetY]);
          if (index !== undefined) pick(Math.round(index));
        });
        watch.observe(box.current);
        setChart(drawn);
      },
      () => fail(),
    );
    return () => {
      gone = true;
      watch.disconnect();
      made?.dispose();
    };
  }, []);

  useEffect(() => {
    if (!chart || chart.isDisposed() || size.width === 0) return;
    const palette = readPalette();
    const view = { data, palette, ...size, animate: !lessMotion() };
    chart.setOption(
      chartOption(view, (index) => tooltipOf(index, data, palette)),
      { replaceMerge: ['series'] },
    );
  }, [chart, data, look, size]);

  return (
    <div className={`relative flex min-h-60 flex-1 lg:min-h-72 ${onPick ? '[&_svg]:cursor-pointer' : ''}`}>
      {!chart && <Skeleton shape="chart" />}
      <div ref={box} data-plot aria-hidden className="absolute inset-0" />
      <Cursor title={title} data={data} chart={chart} onPick={onPick} />
    </div>
  );
}

type CursorProps = Pick<PlotProps, 'title' | 'data' | 'onPick'> & { readonly chart: ECharts | undefined };

/** What the pointer is for a mouse: a place on the chart, moved by arrows, told in words. */
function Cursor({ title, data, chart, onPick }: CursorProps) {
  const { buckets, series, interval } = data;
  const last = Math.max(0, buckets.length - 1);
  const [place, setPlace] = useState<number>();
  const at = Math.min(place ?? last, last);
  const show = (index: number) => {
    setPlace(index);
    chart?.dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex: index });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = {
      ArrowLeft: at - 1,
      ArrowDown: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at + 1,
      PageDown: at - 7,
      PageUp: at + 7,
      Home: 0,
      End: last,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      show(Math.max(0, Math.min(last, to)));
    } else if (event.key === 'Enter') {
      const bucket = buckets[at];
      if (bucket !== undefined) onPick?.(bucket);
    }
  };
  const bucket = buckets[at];
  const figures = series.map(({ name, values }) => `${name} ${formatValue(values[at] ?? 0, data)}`).join(', ');
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={`${title}, place on the chart`}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={at}
      aria-valuetext={bucket === undefined ? 'nothing yet' : `${formatBucket(bucket, interval)}: ${figures}`}
      onKeyDown={onKeyDown}
      onFocus={() => show(at)}
      onBlur={() => chart?.dispatchAction({ type: 'hideTip' })}
      className="pointer-events-none absolute -inset-1 rounded-lg"
    />
  );
}
