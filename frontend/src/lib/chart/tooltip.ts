/** What a chart says of one bucket, as elements: names come from the chain and must never be read as markup. */
import { formatBucket } from '../buckets';
import { formatValue, type ChartData, type Palette } from './option';

function element(tag: string, style: string, ...content: (string | HTMLElement)[]): HTMLElement {
  const made = document.createElement(tag);
  made.style.cssText = style;
  made.append(...content);
  return made;
}

const RIGHT = 'text-align:right;padding-left:16px';

/** @returns nothing for a bucket that is gone: what was pointed at may have had more of them */
export function tooltipOf(index: number, data: ChartData, palette: Palette): HTMLElement | '' {
  const { interval, buckets, bucketsBefore, series, open } = data;
  const bucket = buckets[index];
  if (bucket === undefined) return '';
  const before = bucketsBefore?.[index];
  const soFar = open && index === buckets.length - 1 ? ', so far' : '';
  const head = element(
    'tr',
    '',
    element('th', 'text-align:left;font-weight:600;padding-bottom:4px', formatBucket(bucket, interval) + soFar),
    element('th', ''),
    ...(before === undefined
      ? []
      : [element('th', `${RIGHT};font-weight:400;opacity:.7;padding-bottom:4px`, formatBucket(before, interval))]),
  );
  const rows = series.map(({ name, hue, values, before: earlier }) =>
    element(
      'tr',
      '',
      element(
        'td',
        'max-width:220px;overflow:hidden;text-overflow:ellipsis',
        element(
          'span',
          `display:inline-block;width:8px;height:8px;border-radius:3px;margin-right:8px;background:${palette.hues[hue]}`,
        ),
        name,
      ),
      element('td', `${RIGHT};font-weight:600`, formatValue(values[index] ?? 0, data)),
      ...(earlier === undefined || before === undefined
        ? []
        : [element('td', `${RIGHT};opacity:.7`, formatValue(earlier[index] ?? 0, data))]),
    ),
  );
  return element('table', 'font-variant-numeric:tabular-nums;white-space:nowrap', head, ...rows);
}
