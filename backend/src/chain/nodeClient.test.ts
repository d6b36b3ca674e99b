import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The client of the node comes with a web server, Fastify 4, of which findings of high severity are known. They do not
 * apply as long as it is never loaded: what we take of the client is two of its modules.
 */
const SOURCES = join(__dirname, '..');
const MODULE = /(?:from|import\()\s*'(@hirosystems\/chainhook-client[^']*)'/;

/** The modules of the client that are loaded when the service runs; types are not. */
const loaded = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .flatMap((name) => readFileSync(join(SOURCES, name), 'utf8').split('\n'))
  .filter((line) => !line.startsWith('import type'))
  .flatMap((line) => MODULE.exec(line)?.[1] ?? []);

it('takes registration and logger of the client, with which no server is loaded', () => {
  expect(loaded.length).toBeGreaterThan(0);
  const tell = `${loaded.map((name) => `require('${name}');`).join('')} console.log(Object.keys(require.cache).join('\\n'))`;
  const modules = execFileSync(process.execPath, ['-e', tell], { cwd: SOURCES, encoding: 'utf8' });
  expect(modules).toContain('/node_modules/@hirosystems/chainhook-client/');
  expect(modules).not.toContain('/node_modules/fastify/');
});
