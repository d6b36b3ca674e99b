import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The reference is worth something only as long as it shares no line with what it checks, types included. */
const REFERENCE = join(__dirname, '..', 'reference');
const sources = readdirSync(REFERENCE, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

const importsOf = (source: string): string[] =>
  [...source.matchAll(/(?:from|import|require)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, specifier]) => specifier ?? '');

describe('the reference stands alone', () => {
  it('sees every way to import', () => {
    const source = `import type { A } from '../a.js';\nimport './b.js';\nconst c = require("c"); await import('d');`;
    expect(importsOf(source)).toEqual(['../a.js', './b.js', 'c', 'd']);
  });

  it.each(sources)('%s imports only from its own folder', (name) => {
    const specifiers = importsOf(readFileSync(join(REFERENCE, name), 'utf8'));
    expect(specifiers.filter((specifier) => !/^\.\/[a-z]+\.js$/i.test(specifier))).toEqual([]);
  });
});
