/** The colours of charts as the stylesheet has them, seen by those who see them differently. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  parse,
  wcagContrast,
  type Color,
} from 'culori';
import { HUES } from './option';

const read = (path: string) => readFileSync(resolve(__dirname, path), 'utf8');

/** The tokens of one rule of the stylesheet. */
function tokensOf(selector: string): Map<string, string> {
  const css = read('../../app/globals.css');
  const start = css.indexOf(`\n${selector} {`);
  if (start === -1) throw new Error(`globals.css has no rule ${selector}`);
  const body = css.slice(start, css.indexOf('\n}', start));
  return new Map([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]));
}

const LIGHT = tokensOf(':root');
const DARK = tokensOf("[data-theme='dark']");
const LIGHT_MORE = tokensOf("[data-contrast='more']");
const DARK_MORE = tokensOf("[data-theme='dark'][data-contrast='more']");
/** As the cascade leaves them. */
const THEMES = [
  { theme: 'light', tokens: LIGHT, text: 4.5 },
  { theme: 'dark', tokens: new Map([...LIGHT, ...DARK]), text: 4.5 },
  { theme: 'light, more contrast', tokens: new Map([...LIGHT, ...LIGHT_MORE]), text: 7 },
  { theme: 'dark, more contrast', tokens: new Map([...LIGHT, ...DARK, ...LIGHT_MORE, ...DARK_MORE]), text: 7 },
];

/** How all of one kind of cone missing looks: Machado, Oliveira, Fernandes 2009, severity 1. */
const EYES = [
  { eyes: 'all cones', see: (colour: Color): Color => colour },
  { eyes: 'protanopia', see: filterDeficiencyProt(1) },
  { eyes: 'deuteranopia', see: filterDeficiencyDeuter(1) },
  { eyes: 'tritanopia', see: filterDeficiencyTrit(1) },
];
/** CIEDE2000; about 2 is seen side by side, five times that also where the colours lie apart. */
const APART = 11;
/** WCAG 1.4.11: what has to be seen, against what it lies on. */
const GRAPHIC = 3;

const difference = differenceCiede2000();
function colourOf(tokens: ReadonlyMap<string, string>, name: string): Color {
  const colour = parse(tokens.get(name) ?? '');
  if (colour === undefined) throw new Error(`--${name} is no colour`);
  return colour;
}

describe.each(THEMES)('in the theme $theme', ({ tokens, text }) => {
  test.each(EYES)('any two hues of charts are apart for $eyes', ({ see }) => {
    const seen = HUES.map((hue) => ({ hue, colour: see(colourOf(tokens, hue)) }));
    const near = seen.flatMap((a, index) =>
      seen
        .slice(index + 1)
        .filter((b) => difference(a.colour, b.colour) < APART)
        .map((b) => `${a.hue} and ${b.hue}: ${difference(a.colour, b.colour).toFixed(1)}`),
    );
    expect(near).toEqual([]);
  });

  test('hues are seen on a card, and what is written in them is read', () => {
    const card = colourOf(tokens, 'card');
    const faint = (suffix: string, least: number) =>
      HUES.map((hue) => ({ hue, contrast: wcagContrast(colourOf(tokens, hue + suffix), card) }))
        .filter(({ contrast }) => contrast < least)
        .map(({ hue, contrast }) => `${hue}${suffix}: ${contrast.toFixed(2)}`);
    expect(faint('', GRAPHIC)).toEqual([]);
    expect(faint('-ink', text)).toEqual([]);
  });
});

test('a report is drawn in the hues of the light theme', () => {
  const theme = read('../../../../backend/src/report/theme.ts');
  const drawn = HUES.map((hue) => new RegExp(`  ${hue}: '(#[0-9a-f]{6})'`).exec(theme)?.[1]);
  expect(drawn).toEqual(HUES.map((hue) => LIGHT.get(hue)));
});
