import type { Row } from './arithmetic.js';
import { STAGE } from './measurements/stages.js';

/** The cost of each stage as a bar of an SVG, in its order, beside the one that the usual library would take. */
const WIDTH = 720;
const BAR = 18;
const STEP = 28;
const LEFT = 190;
const RIGHT = 90;

/** @returns undefined when the rows of the stages are not among `rows`. */
export function figure(rows: readonly Row[]): string | undefined {
  const stages = rows.filter(({ id }) => id.startsWith(STAGE));
  const [first] = stages;
  if (first === undefined) return undefined;
  const bars = [
    ...stages.map(({ what, value }) => ({ name: what.replace('stage: ', ''), value, own: true })),
    { name: first.beside.what, value: first.beside.value, own: false },
  ];
  const largest = Math.max(...bars.map(({ value }) => value));
  const height = bars.length * STEP + 16;
  const lines = bars.map(({ name, value, own }, place) => {
    const y = 8 + place * STEP;
    const width = Math.max(1, ((WIDTH - LEFT - RIGHT) * value) / largest).toFixed(1);
    const middle = y + BAR / 2 + 4;
    return [
      `  <text x="${LEFT - 8}" y="${middle}" text-anchor="end">${name}</text>`,
      `  <rect x="${LEFT}" y="${y}" width="${width}" height="${BAR}" fill="${own ? '#5546ff' : '#9a9aa5'}"/>`,
      `  <text x="${(LEFT + Number(width) + 6).toFixed(1)}" y="${middle}">${value.toPrecision(2)} µs</text>`,
    ].join('\n');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13" role="img">`,
    '  <title>Processor time of each stage for a print</title>',
    `  <rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n');
}
