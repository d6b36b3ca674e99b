import fc from 'fast-check';
import { compareIds } from './ids.js';

describe('id ascending', () => {
  test('decimal ids go by value, whatever their size, and before all others', () => {
    const ids = ['b', '10', '18446744073709551616', '9', '007', '', 'a', '0'];
    expect(ids.sort(compareIds)).toEqual(['0', '9', '10', '18446744073709551616', '', '007', 'a', 'b']);
  });

  test('an emoji stands after every character of the basic plane', () => {
    expect(['🏅', 'ﬁ', '🎓', 'z', '豈'].sort(compareIds)).toEqual(['z', '豈', 'ﬁ', '🎓', '🏅']);
  });

  test('other text goes as its UTF-8 bytes do', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((id) => !/^\d+$/.test(id));
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareIds(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});
