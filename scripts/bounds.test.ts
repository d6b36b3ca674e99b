import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The table of bounds in `docs/reliability.md`: its figures stand in the code, each in a file that its row names. */
const SOURCE = 'backend/src';

interface Row {
  readonly what: string;
  readonly bound: string;
  readonly setIn: string;
}

async function rows(): Promise<Row[]> {
  const docs = await readFile('docs/reliability.md', 'utf8');
  const [, table = ''] = /^\| what +\| bound +\| set in +\|\n(.*?)\n\n/ms.exec(docs) ?? [];
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, what = '', bound = '', setIn = '']) => ({ what, bound, setIn }));
}

/** Of the files and folders that are named; a setting is read in `config.ts`. */
async function codeOf(setIn: string): Promise<string> {
  const named = [...setIn.matchAll(/`([^`]+)`/g)].map(([, name = '']) => (/^[A-Z_]+$/.test(name) ? 'config.ts' : name));
  const paths = named.map((name) => (name.startsWith('frontend/') ? name : join(SOURCE, name)));
  const files = await Promise.all(
    paths.map(async (path) =>
      (await stat(path)).isDirectory()
        ? (await readdir(path)).filter((name) => name.endsWith('.ts')).map((name) => join(path, name))
        : [path],
    ),
  );
  return (await Promise.all(files.flat().map((path) => readFile(path, 'utf8')))).join('\n');
}

test('the figures of a thousand and more that docs/reliability.md tells of bounds are those of the code', async () => {
  const told = await rows();
  const held: string[] = [];
  const missing: string[] = [];
  for (const { what, bound, setIn } of told) {
    const code = await codeOf(setIn);
    for (const [figure] of bound.matchAll(/\d{1,3}(?:,\d{3})+/g)) {
      const stands = new RegExp(`\\b${figure.replaceAll(',', '_')}\\b`).test(code);
      (stands ? held : missing).push(`${what}: ${figure}`);
    }
  }
  expect(missing).toEqual([]);
  expect(held.length).toBeGreaterThan(25);
});
