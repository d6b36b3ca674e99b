import { boardPath, editAddress, parseArrival, shareAddress } from './address';

const KEY = 'k'.repeat(43);
const TOKEN = `board.${'a'.repeat(16)}.${'b'.repeat(16)}.${'c'.repeat(43)}`;

test('what stands behind the # of a link is read back as what it was', () => {
  expect(parseArrival(new URL(shareAddress('https://x.example', 'b 1', TOKEN)).hash)).toEqual({
    kind: 'link',
    token: TOKEN,
  });
  expect(parseArrival(new URL(editAddress('https://x.example', 'b 1', KEY)).hash)).toEqual({ kind: 'edit', key: KEY });
});

test('no secret is in what a server sees of an address', () => {
  const addresses = [shareAddress('https://x.example', 'b1', TOKEN), editAddress('https://x.example', 'b1', KEY)];
  for (const address of addresses) {
    const { pathname, search } = new URL(address);
    expect(pathname + search).not.toMatch(/k{43}|c{43}/);
  }
  expect(boardPath('b1', 'wall')).toBe('/board/?id=b1&mode=wall');
});

test.each(['', '#', '#top', '#edit=', '#edit=short', '#board.x', `#${TOKEN}&more`])('"%s" brings nothing', (hash) => {
  expect(parseArrival(hash)).toBeNull();
});
