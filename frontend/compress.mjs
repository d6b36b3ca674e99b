/**
 * Runs behind `next build`: writes the brotli form of every asset beside it, so that the service sends the smallest one
 * without compressing it anew for each viewer.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const ASSETS = join(import.meta.dirname, 'out', '_next', 'static');

for (const name of readdirSync(ASSETS, { recursive: true, encoding: 'utf8' })) {
  if (!/\.(js|css)$/.test(name)) continue;
  const text = readFileSync(join(ASSETS, name));
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(join(ASSETS, `${name}.br`), brotliCompressSync(text, { params }));
}
