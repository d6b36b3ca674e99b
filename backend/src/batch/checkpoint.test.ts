import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { ownPart, packedPart, type Part } from '../analyzers/columns/dump.js';
import { CheckpointFile } from './checkpoint.js';

describe('the checkpoint file', () => {
  let dir: string;
  let path: string;
  let lines: string[];
  let file: CheckpointFile;
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  const texts = (...parts: string[]): Part[] => parts.map((text) => ownPart(Buffer.from(text)));
  const reasons = (): string[] => lines.map((line) => (JSON.parse(line) as { reason: string }).reason);

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'passportx-checkpoint-'));
    path = join(dir, 'state', 'checkpoint');
    lines = [];
    file = new CheckpointFile(path, 3, logger);
  });
  afterEach(() => rm(dir, { recursive: true }));

  test('what was saved last is loaded, and nothing is left beside it', async () => {
    await file.save(1, texts('fi', 'rst'));
    const parts = [Uint8Array.of(0, 255, 7), new Uint8Array(), new Uint8Array(3_000_000).fill(5), Uint8Array.of(1)];
    await file.save(2 ** 40, parts.map(ownPart));
    const loaded = await file.load();
    expect(loaded?.seq).toBe(2 ** 40);
    // Not `toEqual`, which takes a minute for three million bytes.
    expect(loaded?.parts.map((part, at) => Buffer.compare(part, parts[at] ?? Buffer.from('none')))).toEqual([
      0, 0, 0, 0,
    ]);
    expect(await readdir(join(dir, 'state'))).toEqual(['checkpoint']);
    expect(lines).toEqual([]);
  });

  test('tells of a log with entries that it was of, also when it is of no use', async () => {
    expect(await file.isOfEntries()).toBe(false);
    await file.save(0, texts('nothing'));
    expect(await file.isOfEntries()).toBe(false);
    await file.save(7, texts('all'));
    expect(await file.isOfEntries()).toBe(true);
    await writeFile(path, (await readFile(path)).subarray(0, 10));
    expect(await file.isOfEntries()).toBe(true);
  });

  test('of parts that are packed as they are written, two at most are in one turn of the event loop', async () => {
    let turn = 0;
    let saving = true;
    const turns = (async () => {
      for (; saving; turn += 1) await new Promise(setImmediate);
    })();
    const packedIn: number[] = [];
    const parts = Array.from({ length: 40 }, (_, index) =>
      packedPart(() => {
        packedIn.push(turn);
        return index;
      }),
    );
    await file.save(1, parts);
    saving = false;
    await turns;
    expect(packedIn).toHaveLength(40);
    for (const one of packedIn) expect(packedIn.filter((other) => other === one).length).toBeLessThanOrEqual(2);
  });

  test('no parts are parts', async () => {
    await file.save(0, []);
    expect(await file.load()).toEqual({ seq: 0, parts: [] });
  });

  test('parts are taken sixteen at a time as there is time to write them, into room that is used again', async () => {
    let turn = 0;
    let saving = true;
    const turns = (async () => {
      for (; saving; turn += 1) await new Promise(setImmediate);
    })();
    const takenIn: number[] = [];
    const part = (index: number): Part => ({
      take: (room = new Uint8Array()) => {
        takenIn.push(turn);
        return room.subarray(0, 1 + index).fill(index);
      },
      release: () => undefined,
    });
    await file.save(
      1,
      Array.from({ length: 64 }, (_, index) => part(index)),
    );
    saving = false;
    await turns;
    expect(takenIn).toHaveLength(64);
    for (const one of takenIn) expect(takenIn.filter((other) => other === one).length).toBeLessThanOrEqual(16);
    expect((await file.load())?.parts.map((bytes) => [...bytes])).toEqual(
      Array.from({ length: 64 }, (_, index) => Array.from({ length: 1 + index }, () => index)),
    );
  });

  test('one that cannot be written rejects, and the one before stays', async () => {
    await file.save(1, texts('old'));
    function* failing(): Generator<Part> {
      yield ownPart(Buffer.from('new'));
      throw new Error('no second part');
    }
    await expect(file.save(2, failing())).rejects.toThrow('no second part');
    expect((await file.load())?.seq).toBe(1);
  });

  test('when a part fails no more are taken', async () => {
    const taken: number[] = [];
    const part = (index: number): Part => ({
      take: () => {
        taken.push(index);
        if (index === 20) throw new Error('part 20 cannot be packed');
        return Buffer.from(`part ${index}`);
      },
      release: () => undefined,
    });
    await expect(
      file.save(
        1,
        Array.from({ length: 64 }, (_, index) => part(index)),
      ),
    ).rejects.toThrow('part 20 cannot be packed');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(taken).toEqual(Array.from({ length: 21 }, (_, index) => index));
  });

  test('a missing one is undefined, with a line that says so', async () => {
    expect(await file.load()).toBeUndefined();
    expect(reasons()).toEqual(['none yet']);
  });

  test('one of another code version is undefined, with a line that names both', async () => {
    await new CheckpointFile(path, 2, logger).save(9, texts('old'));
    expect(await file.load()).toBeUndefined();
    expect(reasons()).toEqual(['of code version 2, not 3']);
  });

  test('one whose table has digests of parts, as versions up to 4 wrote them, is refused by its version', async () => {
    await file.save(9, texts('old'));
    const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
    const whole = await readFile(path);
    sha256(whole.subarray(0, 3)).copy(whole, 3 + 4);
    const foot = 3 + 36;
    whole.writeUInt32LE(2, foot + 32);
    sha256(Buffer.concat([whole.subarray(3, foot), whole.subarray(foot + 32)])).copy(whole, foot);
    await writeFile(path, whole);
    expect(await file.load()).toBeUndefined();
    expect(reasons()).toEqual(['of code version 2, not 3']);
  });

  test('two parts that changed places are noticed', async () => {
    await file.save(9, texts('one', 'two'));
    const whole = await readFile(path);
    whole.write('twoone');
    await writeFile(path, whole);
    expect(await file.load()).toBeUndefined();
    expect(reasons()).toEqual(['damaged']);
  });

  test('any single changed byte, and any cut, is noticed', async () => {
    await file.save(9, texts('pay'));
    const whole = await readFile(path);
    for (let i = 0; i < whole.length; i += 1) {
      const damaged = Buffer.from(whole);
      damaged.writeUInt8(damaged.readUInt8(i) ^ 1, i);
      await writeFile(path, damaged);
      expect(await file.load()).toBeUndefined();
    }
    for (const length of [0, 1, whole.length / 2, whole.length - 1]) {
      await writeFile(path, whole.subarray(0, length));
      expect(await file.load()).toBeUndefined();
    }
    expect(new Set(reasons())).toEqual(new Set(['damaged']));
  });

  test('a process that died while it wrote leaves the old checkpoint in place', async () => {
    await file.save(4, texts('old'));
    await writeFile(`${path}.new`, 'half of a n');
    expect((await file.load())?.seq).toBe(4);
    await file.save(5, texts('new'));
    expect((await file.load())?.seq).toBe(5);
  });
});
