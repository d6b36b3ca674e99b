import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * From here on whatever ends this process, but for SIGKILL, ends every process that it started, and removes what was put
 * into its temporary directory, which is then one of its own.
 */
export function endWithAllStarted(): void {
  const started = new Set<ChildProcess>();
  subscribe('child_process', (message) => {
    const { process: child } = message as { readonly process: ChildProcess };
    started.add(child);
    child.once('exit', () => started.delete(child));
  });
  const dir = mkdtempSync(join(tmpdir(), 'passportx-bench-'));
  process.env['TMPDIR'] = dir;
  process.once('exit', () => {
    for (const child of started) child.kill('SIGKILL');
    // One that was killed a moment ago may still write.
    rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  // Not `once`: a terminal and npm both send it, and the second one would end this before all is removed.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
}
