import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyKept, keepDerived, type Make } from './keptHistories.js';
import { SEED } from './makeLog.js';
import { BenchChain, payloadText } from './workload/chain.js';

const NOW = Date.UTC(2026, 1, 1);
const SPAN = { events: 1_000, months: 5 };

describe('histories that outlive a run', () => {
  let dir: string;
  let made: number;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'passportx-kept-'));
    made = 0;
  });
  afterEach(() => rm(dir, { recursive: true }));

  const kept = (): string => join(dir, 'kept');
  /** The blocks of the log are its lines. */
  const make: Make = async (log, { events, months }, nowMs) => {
    made += 1;
    await mkdir(log);
    const chain = new BenchChain(SEED, events, nowMs, { months });
    const lines: string[] = [];
    while (chain.facts < events) lines.push(payloadText(chain.next()));
    await writeFile(join(log, 'blocks'), lines.join('\n'));
    return chain;
  };
  const copy = (name: string, clock: () => number, maker = make): Promise<BenchChain> =>
    copyKept(kept(), SPAN, join(dir, name), maker, clock);
  const blocks = (name: string): Promise<string> => readFile(join(dir, name, 'log', 'blocks'), 'utf8');

  test('one is made once, is the same at a later run, and its chain goes on where it ends', async () => {
    const first = await copy('first', () => NOW);
    const later = await copy('later', () => NOW + 86_400_000);
    expect(made).toBe(1);
    expect(await blocks('later')).toBe(await blocks('first'));
    expect(later.facts).toBe(first.facts);
    expect(payloadText(later.next())).toBe(payloadText(first.next()));
    const last = (await blocks('later')).split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toMatchObject({ apply: [{ block_identifier: { index: later.height - 1 } }] });
  });

  test('what is done to a copy does not touch the one that is kept', async () => {
    await copy('first', () => NOW);
    const before = await blocks('first');
    await writeFile(join(dir, 'first', 'log', 'blocks'), 'changed');
    await copy('later', () => NOW);
    expect(await blocks('later')).toBe(before);
  });

  test('what was derived from one is kept with it, and in its place', async () => {
    const first = await copy('first', () => NOW);
    await writeFile(join(dir, 'first', 'derived'), 'of the blocks');
    await keepDerived(kept(), SPAN, join(dir, 'first'));
    const later = await copy('later', () => NOW + 86_400_000);
    expect(await readFile(join(dir, 'later', 'derived'), 'utf8')).toBe('of the blocks');
    expect(await blocks('later')).toBe(await blocks('first'));
    expect(payloadText(later.next())).toBe(payloadText(first.next()));
    expect(made).toBe(1);
  });

  test('one of another shape is left alone, and another is made', async () => {
    await copy('first', () => NOW);
    const [name = ''] = await readdir(kept());
    const older = name.replace(/shape-\d+$/, 'shape-0');
    expect(older).not.toBe(name);
    await rename(join(kept(), name), join(kept(), older));
    await copy('later', () => NOW);
    expect(made).toBe(2);
    expect((await readdir(kept())).sort()).toEqual([older, name].sort());
  });

  test('a run that is broken off while it makes one leaves nothing that the next one would use', async () => {
    const broken: Make = async (log, span, nowMs) => {
      await make(log, span, nowMs);
      throw new Error('the disk is full');
    };
    await expect(copy('first', () => NOW, broken)).rejects.toThrow('the disk is full');
    expect(existsSync(join(dir, 'first'))).toBe(false);
    await copy('later', () => NOW);
    expect(made).toBe(2);
    expect(await blocks('later')).not.toBe('');
  });
});
