import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { GzipBeginning } from './gzip.js';

const bytes = fc.uint8Array({ maxLength: 3_000 }).map((array) => Buffer.from(array));

it('is one gzip member of the beginning and whatever end follows it', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, fc.array(bytes, { minLength: 1, maxLength: 3 }), async (beginning, ends) => {
      const compressed = await GzipBeginning.of(beginning);
      for (const end of ends) expect(gunzipSync(compressed.with(end))).toEqual(Buffer.concat([beginning, end]));
    }),
  );
});

it('compresses the beginning', async () => {
  const beginning = Buffer.from('{"date":"2026-02-14","count":0},'.repeat(1_000));
  expect((await GzipBeginning.of(beginning)).with(Buffer.from(']')).length).toBeLessThan(beginning.length / 10);
});

it('takes the longest end that one block holds, and none that is longer', async () => {
  const beginning = await GzipBeginning.of(Buffer.from('['));
  const longest = Buffer.alloc(0xffff, '1');
  expect(gunzipSync(beginning.with(longest)).length).toBe(0x10000);
  expect(() => beginning.with(Buffer.alloc(0x10000))).toThrow('out of range');
});
