import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SEED, type Span } from './makeLog.js';
import { BenchChain, SHAPE_VERSION } from './workload/chain.js';

/**
 * Histories that outlive a run (`--histories DIR`), as making one of ten million events takes longer than what is measured
 * on it, and deriving from it longer still. One is used as it is when it was made by this version of the shape; those of
 * others are left alone. Its dates are those of its making.
 */
interface Kept {
  /** When its history ends. */
  readonly endMs: number;
  /** Of its last block. */
  readonly height: number;
}

/** Makes the log of a history that ends at `nowMs`. */
export type Make = (dir: string, span: Span, nowMs: number) => Promise<BenchChain>;

/** Of what a service keeps: its log and, once one has settled on it, what is derived. */
const DATA = 'data';

const directoryOf = (kept: string, { events, months }: Span): string =>
  join(kept, `${events}-events-${months}-months-shape-${SHAPE_VERSION}`);

/**
 * Copies the history of `span` to `to`, where there is none; makes its log in `kept` before, if it is missing there.
 * @returns its chain, which stands where the log ends.
 */
export async function copyKept(
  kept: string,
  span: Span,
  to: string,
  make: Make,
  clock: () => number,
): Promise<BenchChain> {
  const dir = directoryOf(kept, span);
  if (!existsSync(join(dir, DATA))) await makeIn(dir, span, make, clock());
  await cp(join(dir, DATA), to, { recursive: true });
  const { endMs, height } = JSON.parse(await readFile(join(dir, 'history.json'), 'utf8')) as Kept;
  const chain = new BenchChain(SEED, span.events, endMs, { months: span.months });
  while (chain.height < height) chain.next();
  return chain;
}

/** From here on the history of `span` is kept as it is in `from`, which nobody has open: with what is derived from its log. */
export async function keepDerived(kept: string, span: Span, from: string): Promise<void> {
  const data = join(directoryOf(kept, span), DATA);
  await rm(`${data}.new`, { recursive: true, force: true });
  await cp(from, `${data}.new`, { recursive: true });
  await rm(data, { recursive: true });
  await rename(`${data}.new`, data);
}

/** Under its name only when it is whole: a run that was broken off leaves nothing that a later one would use. */
async function makeIn(dir: string, span: Span, make: Make, nowMs: number): Promise<void> {
  const making = `${dir}.making`;
  await rm(making, { recursive: true, force: true });
  await mkdir(join(making, DATA), { recursive: true });
  const { height } = await make(join(making, DATA, 'log'), span, nowMs);
  await writeFile(join(making, 'history.json'), JSON.stringify({ endMs: nowMs, height } satisfies Kept));
  await rm(dir, { recursive: true, force: true });
  await rename(making, dir);
}
