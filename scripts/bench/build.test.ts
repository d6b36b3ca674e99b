import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newestIn } from './build.js';

test('a build is older than a source that was changed, added or removed after it', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'passportx-sources-'));
  const [source, folder] = [join(dir, 'src', 'deep', 'a.ts'), join(dir, 'src', 'deep')];
  const settle = async (): Promise<void> => {
    for (const path of [source, folder, join(dir, 'src')]) await utimes(path, 1_000, 1_000);
  };
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(source, '');
    await settle();
    expect(newestIn([join(dir, 'src')])).toBe(1_000_000);
    await utimes(source, 2_000, 2_000);
    expect(newestIn([join(dir, 'src')])).toBe(2_000_000);
    await settle();
    await rm(source);
    expect(newestIn([join(dir, 'src')])).toBeGreaterThan(2_000_000);
  } finally {
    await rm(dir, { recursive: true });
  }
});
