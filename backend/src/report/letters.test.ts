import { inLetters } from './letters.js';

it.each(['Clarity Graduate', 'Größe, Łódź, Việt Nam', 'Ελληνικά, Українська', '12 % · “so” – ½ × 3 → 4'])(
  'leaves %s as it is',
  (text) => {
    expect(inLetters(text)).toBe(text);
  },
);

it.each([
  ['深圳 Builders', 'ShenZhen Builders'],
  ['हिन्दी', 'hindi'],
  ['Rocket 🚀', 'Rocket :rocket:'],
  // A variation of a picture has no sound of its own.
  ['✌️', inLetters('✌')],
])('writes %s as %s', (text, said) => {
  expect(inLetters(text)).toBe(said);
});
