import anyAscii from 'any-ascii';
import { openSync, type Font } from 'fontkit';
import { FONTS } from './theme.js';

/**
 * Text as the report can set it. Inter has Latin, Greek, Cyrillic and Vietnamese letters; fonts for every other script
 * would be tens of megabytes and need shaping. A character that Inter has not is written as it sounds, in Latin letters,
 * or as what it is called: 深圳 becomes ShenZhen, 🚀 becomes :rocket:. Pure, but for reading the font once.
 */
let known: ReadonlySet<number> | undefined;

/** All weights have the same characters. */
const characters = (): ReadonlySet<number> => (known ??= new Set((openSync(FONTS.regular) as Font).characterSet));

export function inLetters(text: string): string {
  const has = characters();
  return Array.from(text, (character) =>
    has.has(character.codePointAt(0) ?? 0) ? character : anyAscii(character),
  ).join('');
}
