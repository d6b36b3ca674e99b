/**
 * Runs behind `next build`: writes the brotli form of every asset beside it, so that the service sends the smallest one
 * without compressing it anew for each viewer, and has every page ask for its font at once: else the browser hears of it
 * with the styles only, and first draws all text in another one.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const OUT = join(import.meta.dirname, 'out');
const ASSETS = join(OUT, '_next', 'static');

for (const name of readdirSync(ASSETS, { recursive: true, encoding: 'utf8' })) {
  if (!/\.(js|css)$/.test(name)) continue;
  const text = readFileSync(join(ASSETS, name));
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(join(ASSETS, `${name}.br`), brotliCompressSync(text, { params }));
}

const font = readdirSync(join(ASSETS, 'media')).find((name) => /^inter-latin-wght-normal\b.*\.woff2$/.test(name));
if (font === undefined) throw new Error(`${ASSETS} has no font of Latin letters: has it another name?`);
const preload = `<link rel="preload" href="/_next/static/media/${font}" as="font" type="font/woff2" crossorigin=""/>`;
for (const name of readdirSync(OUT, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.html')) continue;
  const page = join(OUT, name);
  writeFileSync(page, readFileSync(page, 'utf8').replace('<head>', `<head>${preload}`));
}
