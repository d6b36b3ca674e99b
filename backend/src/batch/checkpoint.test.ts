import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { CheckpointFile } from './checkpoint.js';

describe('the checkpoint file', () => {
  let dir: string;
  let path: string;
  let lines: string[];
  let file: CheckpointFile;
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  const reasons = (): string[] => lines.map((line) => (JSON.parse(line) as { reason: string }).reason);

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'passportx-checkpoint-'));
    path = join(dir, 'state', 'checkpoint');
    lines = [];
    file = new CheckpointFile(path, 3, logger);
  });
  afterEach(() => rm(dir, { recursive: true }));

  test('what was saved last is loaded, and nothing is left beside it', async () => {
    await file.save(1, Buffer.from('fi'), Buffer.from('rst'));
    await file.save(2 ** 40, Uint8Array.of(0, 255, 7));
    const loaded = await file.load();
    expect(loaded?.seq).toBe(2 ** 40);
    expect(Buffer.from(loaded?.payload ?? [])).toEqual(Buffer.from([0, 255, 7]));
    expect(await readdir(join(dir, 'state'))).toEqual(['checkpoint']);
    expect(lines).toEqual([]);
  });

  test('an empty payload is a payload', async () => {
    await file.save(0, new Uint8Array());
    expect((await file.load())?.payload).toHaveLength(0);
  });

  test('a missing one is undefined, with a line that says so', async () => {
    expect(await file.load()).toBeUndefined();
    expect(reasons()).toEqual(['none yet']);
  });

  test('one of another code version is undefined, with a line that names both', async () => {
    await new CheckpointFile(path, 2, logger).save(9, Buffer.from('old'));
    expect(await file.load()).toBeUndefined();
    expect(reasons()).toEqual(['of code version 2, not 3']);
  });

  test('any single changed byte, and any cut, is noticed', async () => {
    await file.save(9, Buffer.from('payload'));
    const whole = await readFile(path);
    for (let i = 0; i < whole.length; i += 1) {
      const damaged = Buffer.from(whole);
      damaged.writeUInt8(damaged.readUInt8(i) ^ 1, i);
      await writeFile(path, damaged);
      expect(await file.load()).toBeUndefined();
      await writeFile(path, whole.subarray(0, i));
      expect(await file.load()).toBeUndefined();
    }
    expect(new Set(reasons())).toEqual(new Set(['damaged']));
  });

  test('a process that died while it wrote leaves the old checkpoint in place', async () => {
    await file.save(4, Buffer.from('old'));
    await writeFile(`${path}.new`, 'half of a n');
    expect((await file.load())?.seq).toBe(4);
    await file.save(5, Buffer.from('new'));
    expect((await file.load())?.seq).toBe(5);
  });
});
