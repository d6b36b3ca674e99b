import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What the compiler writes last, at every build that changes anything. */
const BUILT = 'backend/dist/.tsbuildinfo';
/** All that the build reads; of a folder its own time too, which changes when a file of it is removed. */
const SOURCES = ['backend/src', 'backend/tsconfig.build.json', 'tsconfig.base.json', 'package-lock.json'];

/** Builds the service, unless it is built and nothing that it is built from is newer. */
export function buildService(): void {
  if (newestIn(SOURCES) < modified(BUILT)) return;
  const build = ['run', '--silent', 'build', '-w', 'backend'];
  execFileSync('npm', build, { stdio: ['ignore', process.stderr, 'inherit'] });
}

/** When any of these files, or anything below these folders, was changed last, in ms. */
export function newestIn(paths: readonly string[]): number {
  const times = paths.flatMap((path) => [
    modified(path),
    ...(statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => modified(join(path, name)))
      : []),
  ]);
  return Math.max(...times);
}

/** 0 for what is not there. */
const modified = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
