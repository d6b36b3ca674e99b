import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TestService } from './service.js';

/** What the tests and the benchmark run the service with. */
test('a service that is not ready in time has ended when that is told', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'passportx-late-'));
  const [pid, late] = [join(dir, 'pid'), join(dir, 'late.mjs')];
  try {
    await writeFile(
      late,
      `import { writeFileSync } from 'node:fs';
       writeFileSync(${JSON.stringify(pid)}, String(process.pid));
       setInterval(() => undefined, 1_000);
       await new Promise(() => undefined);`,
    );
    const env = { DATA_DIR: dir, NODE_OPTIONS: `--import ${pathToFileURL(late).href}` };
    await expect(TestService.start({ env, readyWithinMs: 5_000 })).rejects.toThrow('was not ready within 5000 ms');
    expect(existsSync(pid)).toBe(true);
    const started = Number(await readFile(pid, 'utf8'));
    expect(() => process.kill(started, 0)).toThrow('ESRCH');
  } finally {
    await rm(dir, { recursive: true });
  }
}, 30_000);
