import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import type { TestService } from './service.js';

/** The resident memory of a `TestService` after a garbage collection, in MB. */
export interface Memory {
  readonly own: number;
  /** Pages of files that are mapped (the log, programs): the kernel takes them back when it needs them. */
  readonly files: number;
  /** Of `files`, those of the log, of which there are more as it grows. */
  readonly log: number;
  /** The most that was resident since the start, both together. */
  readonly peak: number;
}

/** Environment of a service that is to be asked. */
export const MEASURED = {
  NODE_OPTIONS: `--import ${pathToFileURL(resolve('backend/test/support/memoryProbe.mjs')).href}`,
} as const;

const MB = 1024 * 1024;

export async function memoryOf(service: TestService): Promise<Memory> {
  const told = JSON.parse(await text(connect(join(service.dataDir, 'memory.sock')))) as Memory;
  const { own, files, log, peak } = told;
  return {
    own: Math.round(own / MB),
    files: Math.round(files / MB),
    log: Math.round(log / MB),
    peak: Math.round(peak / MB),
  };
}
