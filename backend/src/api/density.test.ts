import { badgeMinted, block, payloadText, PAYLOAD_FORMS, tx } from '../../test/support/payloads.js';
import { isTooDense } from './density.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const MANY = 300_000;

test.each([
  ['objects', `[${'{},'.repeat(MANY)}0]`],
  ['lists', `{"apply":[${'[],'.repeat(MANY)}0]}`],
  ['numbers', `[${'0,'.repeat(2 * MANY)}0]`],
  ['levels', '['.repeat(2 * MANY) + ']'.repeat(2 * MANY)],
])('JSON of little but %s is too dense', (_what, json) => {
  expect(isTooDense(bytes(json))).toBe(true);
});

test('what is short may be as dense as it likes', () => {
  expect(isTooDense(bytes(`[${'0,'.repeat(90_000)}0]`))).toBe(false);
});

test('what stands in texts is not counted, however it is escaped', () => {
  const text = JSON.stringify('[,{"\\'.repeat(MANY));
  expect(isTooDense(bytes(`[${text},"\\\\",${text}]`))).toBe(false);
  expect(isTooDense(bytes(`["\\\\",${'0,'.repeat(2 * MANY)}0]`))).toBe(true);
});

test.each(PAYLOAD_FORMS)('a real payload is far from it (%s)', (form) => {
  const mints = (count: number) => Array.from({ length: count }, (_, i) => badgeMinted(i));
  const json = payloadText(form, { apply: [block(1, [tx('mints', mints(3_000))])] });
  const values = (json.match(/[,[{]/g) ?? []).length;
  expect(isTooDense(bytes(json))).toBe(false);
  expect(json.length / values).toBeGreaterThan(16);
});
